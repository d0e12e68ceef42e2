"""Commands that look: ``history``, ``report``, ``export``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table

from application.office import NotOnFile, Office, source_id, today
from domain.case import Case
from domain.powers import covered
from domain.record import Entry
from domain.records import RECORDS
from domain.words import spoken, word
from interface import exports
from interface.api.reading import BY, answered, definitions, groups
from interface.api.showing import dumped, shown_event
from interface.cli.opening import MOMENT, caught_up, opened
from interface.cli.shared import DAY, JSON, LANG, fail, printed, told
from projections.reports import REPORTS, Asked
from projections.views import Views


@click.command()
@click.argument("case")
@click.option("--version", type=click.IntRange(1), help="only up to this version")
@click.option("--on", type=DAY, help="only what had happened by this day")
@click.option("--known", type=MOMENT, help="only what was known at this moment")
@click.option("--verify", is_flag=True, help="work the hash chain out again; exit 1 if it does not hold")
@LANG
@JSON
@told
def history(
    case: str, version: int | None, on: date | None, known: datetime | None, verify: bool, lang: str, as_json: bool
) -> None:
    """Replay a case or another record, a sentence per event.  CASE is an id, a number, the source id of an imported case, or
    an employer's code.

    \b
    Example:
      qingxin history SC-GONGXIAN-2018
      qingxin history 620502-2026-000001 --known 2026-03-31
      qingxin history 620502-2026-P00001
    """
    with opened() as (office, views):
        now = kept(office, views, case)
        id = now.id
        entries = [entry for entry in now.entries if within(entry, version, on, known)]
        if verify and (broken := office.broken_link(id)):
            fail(f"第{broken}条记录与其链值不符 / entry {broken} does not fit its link")
        seqs = views.seqs(id)
        if as_json:
            printed(dumped([shown_event(entry, lang=lang, seq=seqs.get(entry.version)) for entry in entries]))
            return
        limits = {"version": version, "on": on, "known": known}
        then = type(now).replay(id, now.entries, **{name: value for name, value in limits.items() if value is not None})
        if not then.opened:
            fail("那时还没有这个案件 / there was no such case then")
        of_case = isinstance(then, Case)
        click.echo(
            f"{then.number or then.source}  {then.employer.name if then.employer else ''}" if of_case else heading(then)
        )
        for entry in entries:
            click.echo(told_entry(entry, lang))
        click.echo(
            standing_line(then, on or today(), lang) if of_case else f"      → {word(then.status, lang, 'standing')}"
        )
        if verify:
            click.echo(f"✓ {len(now.entries)} 条记录,链值相符 / the chain holds")


def kept(office: Office, views: Views, ref: str) -> Any:
    """The record of a reference: a case, or else one of another sort."""
    for sort in RECORDS.values():
        id = resolved(views, ref) if sort is Case else _id(ref) or views.find_record(sort.sort, ref)
        if id is None:
            continue
        try:
            return office.record(sort, id)
        except NotOnFile:
            continue
    return fail(f"没有这个案件 / no such record: {ref}")


def _id(ref: str) -> UUID | None:
    try:
        return UUID(ref)
    except ValueError:
        return None


def heading(record: Any) -> str:
    return f"{getattr(record, 'number', None) or record.id}  {getattr(record, 'title', '')}"


def told_entry(entry: Entry, lang: str) -> str:
    """An entry as a line: version, the day it happened, the sentence, and what it was warned of."""
    unknown = "日期不详" if lang == "zh" else "day unknown"
    warned = spoken(entry.event.warnings, lang) if entry.event.warnings else ""
    remark = f"  〔{entry.event.remark}〕" if entry.event.remark else ""
    return f"{entry.version:>4}  {entry.event.on or unknown:<10}  {entry.event.sentence(lang)}{remark}" + (
        f"  ⚠ {warned}" if warned else ""
    )


def standing_line(case: Any, day: date, lang: str) -> str:
    """Where the case stands, and its money."""
    names = ("核实", "责令", "已付", "余额") if lang == "zh" else ("confirmed", "ordered", "paid", "balance")
    money = [case.confirmed, case.ordered, case.paid, case.balance]
    return f"      → {word(case.status_on(day), lang)}  " + "  ".join(
        f"{name} {spoken(amount, lang)}" for name, amount in zip(names, money, strict=True)
    )


def within(entry: Entry, version: int | None, on: date | None, known: datetime | None) -> bool:
    return (
        (version is None or entry.version <= version)
        and (on is None or entry.happened_by <= on)
        and (known is None or (entry.recorded_at is not None and entry.recorded_at <= known))
    )


def resolved(views: Views, case: str) -> UUID:
    """The id of a case, however it is named."""
    try:
        return UUID(case)
    except ValueError:
        return views.find(case) or source_id(case)


@click.command()
@click.argument("name", type=click.Choice(sorted(REPORTS)))
@click.option("--from", "since", type=DAY, required=True, help="first day of the window")
@click.option("--to", "until", type=DAY, required=True, help="last day of the window")
@click.option("--division", default="000000", show_default=True, help="GB/T 2260 code; 620500 covers its seven")
@click.option("--on", type=DAY, help="as it was on this day")
@click.option("--known", type=MOMENT, help="as it was known at this moment")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv", "xlsx"]), default="table", show_default=True
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="write to a file (needed for xlsx)")
@click.option("--by", type=click.Choice(BY), help="the same figures for each")
@click.option("--yoy", is_flag=True, help="beside the same window a year before, with the change in percent")
@click.option("--explain", is_flag=True, help="say what each figure means")
@LANG
@JSON
@told
def report(name: str, since: date, until: date, division: str, on: date | None, known: datetime | None, form: str, out: Path | None,
           by: str | None, yoy: bool, explain: bool, lang: str, as_json: bool) -> None:  # fmt: skip
    """Work out a statistic over a window, as it stands or as it stood.

    \b
    Example:
      qingxin report six-mechanisms --from 2025-01-01 --to 2025-04-10 --division 620500
      qingxin report closed-loop --from 2026-01-01 --to 2026-03-31 --division 620500 --by division --yoy
    """
    if since > until:
        raise click.UsageError("--from is after --to")
    if by and by not in REPORTS[name].by:
        raise click.UsageError(f"{name} goes by {', '.join(REPORTS[name].by)}")
    asked = Asked(since, until, division, on, known, by=by, yoy=yoy, groups=groups(division, by), confidant=True)
    with opened() as (office, views):
        caught_up(office.url)
        answer = answered(views, office, name, asked)
    if explain:
        answer["definitions"] = definitions(name, lang)
    form = "json" if as_json else form
    if form == "json":
        printed(dumped(answer))
    elif form == "table":
        report_table(answer, definitions(name, lang) if explain else {})
    else:
        columns, lines = report_lines(answer)
        exports.write(lines, columns, form, out or sys.stdout.buffer)


def flat(values: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Figures one to a line: a rate before what it is made of, a figure of several parts as name.part."""
    for name, value in values.items():
        if isinstance(value, dict):
            rest = dict(value)
            if "value" in rest:
                yield before + name, rest.pop("value")
            yield from flat(rest, f"{before}{name}.")
        else:
            yield before + name, value


def report_lines(answer: dict[str, Any]) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """A report as the lines of a sheet: its figures, then those of each group, then what they hang on."""
    lines = [{"by": "", "figure": key, "value": value} for key, value in flat(answer["values"])]
    for group in answer.get("groups", ()):
        lines += [{"by": group["by"] or "—", "figure": key, "value": value} for key, value in flat(group["values"])]
    if "yoy" in answer:
        lines += [{"by": "", "figure": f"yoy.{key}", "value": value} for key, value in flat(answer["yoy"])]
    rest: dict[str, Any] = {name: answer[name] for name in ("closed", "undecided", "stamp") if name in answer}
    lines += [{"by": "", "figure": key, "value": None if value is None else str(value)} for key, value in flat(rest)]
    return ("by", "figure", "value") if "groups" in answer else ("figure", "value"), lines


def report_table(answer: dict[str, Any], meanings: dict[str, str]) -> None:
    """A report on a terminal: a column for each group."""
    groups = answer.get("groups", [])
    change = dict(flat(answer["yoy"]["change"])) if "yoy" in answer else {}
    heads = [
        *(str(group["by"] or "—") for group in groups),
        *(["同比% yoy"] if change else []),
        *(["definition"] if meanings else []),
    ]
    table = Table("figure", "value", *heads, title=answer["name"])
    columns = [dict(flat(group["values"])) for group in groups]
    for key, value in flat(answer["values"]):
        row = [_cell(column.get(key)) for column in columns]
        row += [_cell(change.get(key))] if change else []
        table.add_row(key, _cell(value), *row, *([meanings.get(key.partition(".")[0], "")] if meanings else []))
    console = Console(width=None if sys.stdout.isatty() else 160 + 14 * len(groups))
    console.print(table)
    for name in ("undecided", "closed"):
        if name in answer:
            console.print(f"{name}: " + "  ".join(f"{key}={value}" for key, value in answer[name].items()))
    console.print(
        "  ".join(f"{key}={value}" for key, value in answer["stamp"].items() if value is not None), style="dim"
    )


def _cell(value: Any) -> str:
    return "—" if value is None else str(value)


@click.command()
@click.argument("what", type=click.Choice(exports.WHAT))
@click.option(
    "--format", "form", type=click.Choice(["csv", "xlsx", "jsonl", "parquet"]), default="csv", show_default=True
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="write to a file; else to standard output")
@click.option("--division", default="000000", show_default=True, help="GB/T 2260 code; 620500 covers its seven")
@click.option("--on", type=DAY, help="as it was on this day")
@click.option("--known", type=MOMENT, help="as it was known at this moment")
@told
def export(what: str, form: str, out: Path | None, division: str, on: date | None, known: datetime | None) -> None:
    """Export the register, the journal or a ledger: CSV for Excel (UTF-8 with BOM), XLSX, JSON Lines, Parquet.

    \b
    Example:
      qingxin export cases --format xlsx --out cases.xlsx
      qingxin export journal --format parquet --out journal.parquet
    """
    if out is None and form in ("xlsx", "parquet") and sys.stdout.isatty():
        raise click.UsageError(f"{form} is not for a terminal; give --out FILE")
    with opened() as (office, _views):
        caught_up(office.url)
        columns, lines = exports.lines(office.datastore.get_connection, what, divisions=covered(division), on=on, known=known,
                                       today=today())  # fmt: skip
        count = exports.write(lines, columns, form, out or sys.stdout.buffer)
    if out:
        click.echo(f"{count} lines → {out}", err=True)
