"""``qingxin setting``, ``rule``, ``calendar``: what the office decides, and by which days it counts (规则簿)."""

from __future__ import annotations

import json
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import click
import msgspec
import yaml
from rich.console import Console
from rich.table import Table

from application.calendar import noted
from application.importing import BadRow
from application.office import Command, today
from domain.powers import EVERYTHING
from domain.rules.calendar import Year
from domain.rules.escalation import parsed, undecided
from domain.rules.settings import SETTINGS
from domain.words import spoken
from interface.api.proposing import shown_hit
from interface.api.showing import dumped, shown_event
from interface.cli.opening import caught_up, opened
from interface.cli.shared import DAY, JSON, LANG, err, printed, told
from interface.cli.signing import answered, signed, signs
from projections.escalation import tried

EVERY = 2**31 - 1
"""So many cases are named: as many as there can be."""


@click.group()
def setting() -> None:
    """What the law leaves open and the office decides.

    \b
    Example:
      qingxin setting list
      qingxin setting decide many_persons 30 --since 2026-01-01 --basis "市局会议纪要" --approved-by head.2 --officer office.1 --office 620500-hrss
    """


@setting.command("list")
@click.option("--on", type=DAY, help="in force on this day; today if not given")
@LANG
@JSON
@told
def setting_list(on: date | None, lang: str, as_json: bool) -> None:
    """Every setting: what it means, what is proposed, what is in force.

    \b
    Example:
      qingxin setting list --lang en
    """
    with opened() as (office, _):
        in_force = office.rulebook().settings.in_force(on or today())
    rows = [
        {"name": s.name, "value": f"{in_force[s.name]:f}" if s.name in in_force else None, "proposed": s.proposed, "unit": s.unit,
         "means": s.zh if lang == "zh" else s.en, "source": s.source}
        for s in SETTINGS.values()
    ]  # fmt: skip
    if as_json:
        printed(rows)
        return
    table = Table("setting", "value", "proposed", "unit", "means", "source")
    for row in rows:
        table.add_row(
            row["name"], row["value"] or "—", row["proposed"] or "—", row["unit"], row["means"], row["source"]
        )
    Console(width=None if sys.stdout.isatty() else 200).print(table)


@setting.command("decide")
@click.argument("name", type=click.Choice(sorted(SETTINGS)))
@click.argument("value")
@click.option("--since", type=DAY, required=True, help="in force from this day on")
@click.option("--basis", required=True, help="the paper it stands on")
@click.option("--approved-by", required=True)
@signs
@LANG
@JSON
@told
def setting_decide(name: str, value: str, since: date, basis: str, approved_by: str, officer: str, role: str, at: str,
                   on: date | None, lang: str, as_json: bool) -> None:  # fmt: skip
    """Decide a setting, from a day on; what an old case was held to never changes.

    \b
    Example:
      qingxin setting decide C21_days 15 --since 2026-12-01 --basis "市热线办〔2026〕3号" --approved-by office.2 --officer office.1 --office 620500-hrss
    """
    with opened() as (office, _):
        signature = signed(office, officer, role, at, on, "rulebook.decide")
        facts = {"name": name, "value": value, "since": since, "basis": basis, "approved_by": approved_by}
        answered(office.decide("decide", facts, signature, Command.new()), lang, as_json)


# Escalation rules (提级规则)


@click.group()
def rule() -> None:
    """The rules by which cases are proposed for escalation.

    \b
    Example:
      qingxin rule dry-run rule.toml
    """


def _rule_of(file: Path) -> Any:
    text = file.read_text("utf-8")
    content = tomllib.loads(text) if file.suffix == ".toml" else yaml.safe_load(text)
    if "rule" in content:
        [content] = content["rule"]
    return parsed(msgspec.json.encode(content))


@rule.command("dry-run")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--on", type=DAY, help="as if asked on this day")
@JSON
@told
def rule_dry_run(file: Path, on: date | None, as_json: bool) -> None:
    """Try a rule (TOML, YAML, JSON) over all past cases before it takes effect: how many it would propose, and which.

    \b
    Example:
      qingxin rule dry-run rule.toml --json
    """
    wanted, day = _rule_of(file), on or today()
    with opened() as (office, views):
        caught_up(office.url)
        book = office.rulebook()
        found = tried(views, EVERYTHING, on=day, book=book, rule=wanted, most=EVERY)
    missing = undecided(wanted, book.settings, day)
    cases = [
        {"number": row["number"] or row["source"], "hits": [shown_hit(hit) for hit in hits]}
        for row, hits in found.cases
    ]
    if as_json:
        printed({"tried": found.tried, "count": found.proposed, "undecided": missing, "cases": cases})
        return
    for case in cases:
        click.echo(f"{case['number']}  {spoken(case['hits'][0]['found'])}")
    if missing:
        err.print(f"[yellow]![/yellow] 未确定的设置 / settings not decided: {', '.join(missing)}")
    click.echo(f"{found.proposed} / {found.tried}")


@rule.command("amend")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--basis", required=True, help="the paper it stands on")
@click.option("--approved-by", required=True)
@signs
@LANG
@JSON
@told
def rule_amend(
    file: Path,
    basis: str,
    approved_by: str,
    officer: str,
    role: str,
    at: str,
    on: date | None,
    lang: str,
    as_json: bool,
) -> None:
    """Put a rule in force, from its own ``since`` on.

    \b
    Example:
      qingxin rule amend rule.toml --basis "专班〔2026〕8号" --approved-by office.2 --officer office.1 --office 620500-hrss
    """
    new = _rule_of(file)
    with opened() as (office, _):
        signature = signed(office, officer, role, at, on, "rulebook.amend")
        content = msgspec.json.encode(new).decode()
        facts = {"rule": new.id, "since": new.since, "content": content, "basis": basis, "approved_by": approved_by}
        answered(office.decide("amend", facts, signature, Command.new()), lang, as_json)


@rule.command("list")
@JSON
@told
def rule_list(as_json: bool) -> None:
    """The rules, and the settings each still needs.

    \b
    Example:
      qingxin rule list
    """
    with opened() as (office, _):
        book = office.rulebook()
    rows = [{**msgspec.to_builtins(r), "undecided": undecided(r, book.settings, today())} for r in book.escalation]
    if as_json:
        printed(dumped(rows))
        return
    for row in rows:
        missing = f"  ! {', '.join(row['undecided'])}" if row["undecided"] else ""
        click.echo(f"{row['id']:<10} {row['lane']:<11} {row['since']}  {row['zh']}{missing}")


# The calendar (放假安排)


@click.group()
def calendar() -> None:
    """The years of the working-day calendar.

    \b
    Example:
      qingxin calendar load 2027.toml --approved-by office.2 --officer office.1 --office 620500-hrss
    """


@calendar.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--approved-by", required=True)
@click.option(
    "--replaces", is_flag=True, help="the year was published before, and these days take the place of the earlier ones"
)
@signs
@LANG
@JSON
@told
def calendar_load(
    file: Path,
    approved_by: str,
    replaces: bool,
    officer: str,
    role: str,
    at: str,
    on: date | None,
    lang: str,
    as_json: bool,
) -> None:
    """Load a year's days off and make-up days (TOML, YAML or JSON: year, holidays, make_up_days, notice).

    Due days that reached the year are worked out again; every case whose due day moves gets a note with the old and the new one.

    \b
    Example:
      qingxin calendar load 2027.toml --approved-by office.2 --officer office.1 --office 620500-hrss
    """
    year = _year_of(file)
    with opened() as (office, views):
        caught_up(office.url)
        before = office.rulebook_now()
        signature = signed(office, officer, role, at, on, "rulebook.load")
        command = Command.new()
        facts = {**msgspec.structs.asdict(year), "approved_by": approved_by, "replaces": replaces}
        act = office.decide("load", facts, signature, command)
        moved = noted(office, views.open_cases(), before, act.record.calendar, signature, command.id)
        caught_up(office.url)
    if as_json:
        rows = [{"case": row.case, "clock": row.clock, "old": row.old, "new": row.new} for row in moved]
        printed(dumped({"event": shown_event(act.entry, lang=lang), "moved": rows}))
        return
    click.echo(act.entry.event.sentence(lang))
    for row in moved:
        click.echo(f"  {row.case}  {row.clock}  {row.old} → {row.new}")
    click.echo(f"{len(moved)} 个到期日已重算 / due days worked out again")


def _year_of(file: Path) -> Year:
    text = file.read_text("utf-8")
    try:
        content = (
            tomllib.loads(text)
            if file.suffix == ".toml"
            else yaml.safe_load(text)
            if file.suffix in (".yaml", ".yml")
            else json.loads(text)
        )
        return msgspec.convert(content, Year, strict=False)
    except (ValueError, tomllib.TOMLDecodeError, yaml.YAMLError, msgspec.ValidationError) as problem:
        raise BadRow(f"{file.name} is not a year of the calendar: {problem}") from None
