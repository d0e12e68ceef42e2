"""Commands of the six mechanisms: ``project``, ``draw``, ``rule``, ``setting``, ``calendar``."""

from __future__ import annotations

import json
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import msgspec
import yaml
from rich.console import Console
from rich.table import Table

from application import ledger
from application.escalation import rules_of, situations
from application.importing import BadRow
from application.office import Act, Command, NotOnFile, Office, today
from domain.case import Case
from domain.codes import ROLES
from domain.draw import Draw, drawn, list_hash
from domain.offices import office_exists
from domain.powers import Actor, Scope, decide
from domain.record import Record, Signature, standing
from domain.rulebook import Rulebook
from domain.rules.calendar import Calendar, Year
from domain.rules.clocks import readings
from domain.rules.escalation import dry_run, parsed, undecided
from domain.rules.settings import SETTINGS
from domain.words import spoken
from interface.api.proposing import shown_hit
from interface.api.showing import dumped, shown_event, shown_record
from interface.cli.shared import DAY, JSON, LANG, bar, caught_up, err, fail, opened, printed, told
from projections.views import Views

EVERYTHING = Scope(offices=(), divisions="", industry=None)


def signs(command: Any) -> Any:
    """The options of a command that records: who signs, in which role, for which office and day."""
    for option in (
        click.option("--on", type=DAY, default=None, help="the day it happened; today if not given"),
        click.option("--office", "at", required=True, help="<division>-<kind>, such as 620500-hrss"),
        click.option("--role", type=click.Choice(ROLES), default="office_head", show_default=True),
        click.option("--officer", required=True, help="who signs"),
    ):
        command = option(command)
    return command


def signed(office: Office, officer: str, role: str, at: str, on: date | None, action: str) -> Signature:
    """The signature of a command, if the role may do it."""
    if not office_exists(at):
        raise click.UsageError(f"no such office: {at}; write <division>-<kind>, such as 620500-hrss")
    decision = decide(Actor(officer, role, at, at[:6]), action)
    if not decision.allowed:
        fail(f"{decision.zh} / {decision.en}")
    day = on or today()
    return Signature(officer, role, at, day.isoformat(), today(), settings=office.rulebook().settings)


def answered(act: Act, lang: str, as_json: bool) -> None:
    """What a write answers: as JSON the shapes of the API, else the sentence."""
    record: Record = act.record
    if as_json:
        who = Actor(act.entry.event.by, act.entry.event.role, act.entry.event.office, record.division or act.entry.event.office[:6])
        printed(dumped({"event": shown_event(act.entry, lang=lang), record.sort: shown_record(record, who, lang=lang)}))
        return
    click.echo(f"{getattr(record, 'number', None) or record.id}  {act.entry.event.sentence(lang)}")


# Projects (重点项目)


@click.group()
def project() -> None:
    """Keep the ledger of key projects.

    \b
    Example:
      qingxin project import ledger.xlsx --officer keeper.1 --office 620502-hrss
      qingxin export projects --format xlsx --out ledger.xlsx
    """


@project.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="only say what would be imported")
@signs
@JSON
@told
def project_import(file: Path, dry_run: bool, officer: str, role: str, at: str, on: date | None, as_json: bool) -> None:
    """Bring in a ledger of projects (CSV, XLSX); a second time only what has changed.  Exit 1 if a line was refused.

    \b
    Example:
      qingxin project import ledger.csv --dry-run --officer keeper.1 --role project_keeper --office 620502-hrss
    """
    counts = dict.fromkeys(("imported", "changed", "unchanged", "refused"), 0)
    outcomes = []
    with opened() as (office, _), bar() as progress:
        signature = signed(office, officer, role, at, on, "project.register")
        task = progress.add_task(file.name, total=None)
        clerk = ledger.Clerk(officer, role, at, date.fromisoformat(str(signature.on)))
        for outcome in ledger.bring_in(office, ledger.rows(file), clerk, today(), dry_run=dry_run):
            counts[outcome.result] += 1
            outcomes.append({"row": outcome.row, "source": outcome.source, "result": outcome.result, "reason": outcome.reason})
            progress.advance(task)
            if outcome.result == "refused" and not as_json:
                err.print(f"[red]✗[/red] {outcome.row} {outcome.source}: {outcome.reason}", soft_wrap=True)
        if not dry_run:
            caught_up(office.url)
    if as_json:
        printed({"dry_run": dry_run, **counts, "rows": outcomes})
    else:
        click.echo(f"{'试运行 dry run: ' if dry_run else ''}{'  '.join(f'{name} {count}' for name, count in counts.items())}")
    if counts["refused"]:
        raise SystemExit(1)


# Draws (随机抽取)


@click.group()
def draw() -> None:
    """Draw sites to inspect, or closed cases to revisit, so that anyone can draw again.

    \b
    Example:
      qingxin draw freeze --purpose inspection --size 10 --officer super.1 --role supervisor --office 620500-hrss
      qingxin draw make 620500-2026-C00001 --officer super.1 --role supervisor --office 620500-hrss
      qingxin draw verify 620500-2026-C00001
    """


@draw.command("freeze")
@click.option("--purpose", type=click.Choice(["inspection", "revisit"]), required=True)
@click.option("--size", type=click.IntRange(1, 10_000), required=True, help="how many are to be drawn")
@click.option("--division", help="GB/T 2260 code; the office's own if not given")
@click.option("--industry", help="only projects or cases of an industry")
@click.option("--closed-from", type=DAY, help="cases closed since")
@click.option("--closed-to", type=DAY, help="cases closed until")
@click.option("--campaign", type=click.UUID, help="the campaign it is for")
@click.option("--exclude", multiple=True, metavar="KEY:REASON", help="left out, such as 1b6f…:conflict_of_interest; may be given again")
@click.option("--keep-recent", is_flag=True, help="do not leave out what was inspected recently")
@signs
@LANG
@JSON
@told
def draw_freeze(purpose: str, size: int, division: str | None, industry: str | None, closed_from: date | None,
                closed_to: date | None, campaign: UUID | None, exclude: tuple[str, ...], keep_recent: bool, officer: str,
                role: str, at: str, on: date | None, lang: str, as_json: bool) -> None:  # fmt: skip
    """Freeze the list to draw from, and what is left out of it and why.

    \b
    Example:
      qingxin draw freeze --purpose revisit --size 20 --officer revisit.1 --role revisit_officer --office 620500-hrss
    """
    with opened() as (office, views):
        caught_up(office.url)
        signature = signed(office, officer, role, at, on, "draw.freeze")
        recent = office.rulebook().settings.value("recently_inspected_days", today())
        asked = {"purpose": purpose, "division": division or at[:6], "industry": industry, "from": closed_from, "to": closed_to}
        found = views.candidates(EVERYTHING, asked, today=today(), recent=int(recent) if recent and not keep_recent else None)
        given = [dict(zip(("key", "reason"), each.rpartition(":")[::2], strict=True)) for each in exclude]
        facts = {
            "purpose": purpose, "division": division or at[:6], "size": size, "campaign": campaign,
            "candidates": found["candidates"], "exclusions": [*found["exclusions"], *given],
        }  # fmt: skip
        answered(office.open(Draw, facts, signature, Command.new()), lang, as_json)


@draw.command("make")
@click.argument("ref")
@click.option("--beacon", help="a word that a witness adds to the seed")
@signs
@LANG
@JSON
@told
def draw_make(ref: str, beacon: str | None, officer: str, role: str, at: str, on: date | None, lang: str, as_json: bool) -> None:
    """Draw from a frozen list.

    \b
    Example:
      qingxin draw make 620500-2026-C00001 --officer super.1 --role supervisor --office 620500-hrss
    """
    with opened() as (office, views):
        signature = signed(office, officer, role, at, on, "draw.make")
        found = _draw(office, views, ref)
        facts = {"beacon": beacon, "link": office.link(found.id, 1)}
        answered(office.act(found, "make", facts, signature, Command.new()), lang, as_json)


@draw.command("verify")
@click.argument("ref")
@told
def draw_verify(ref: str) -> None:
    """Draw again from the recorded list and seed, and compare; exit 1 when anything differs.

    \b
    Example:
      qingxin draw verify 620500-2026-C00001
    """
    with opened() as (office, views):
        found = _draw(office, views, ref)
        link, broken = office.link(found.id, 1).hex(), office.broken_link(found.id)
    if found.seed is None:
        fail("尚未抽取 / not drawn yet")
    problems = {
        "名单哈希不符 / the list does not have the recorded hash": list_hash([c.key for c in found.candidates]) != found.list_sha256,
        "种子不是名单的链值 / the seed is not the link of the list": found.seed.partition("-")[0] != link,
        "重新抽取的结果不同 / drawing again gives something else": tuple(drawn(found.seed, found.left, found.size)) != found.drawn,
        "链值不符 / the chain does not hold": broken is not None,
    }
    if wrong := [problem for problem, there in problems.items() if there]:
        fail("; ".join(wrong))
    click.echo(f"✓ {found.number}: {len(found.candidates)} → {len(found.drawn)}, {found.method}")


def _draw(office: Office, views: Views, ref: str) -> Draw:
    try:
        id = UUID(ref)
    except ValueError:
        caught_up(office.url)
        id = views.find_record("draw", ref) or fail(f"没有这次抽取 / no such draw: {ref}")
    return office.record(Draw, id)


# Settings (设置)


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
        table.add_row(row["name"], row["value"] or "—", row["proposed"] or "—", row["unit"], row["means"], row["source"])
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
    tried, day = _rule_of(file), on or today()
    with opened() as (office, views):
        caught_up(office.url)
        book = office.rulebook()
        window = book.settings.value("repeat_window_days", day)
        rows = views.situations(EVERYTHING, on=day, ended=True, repeat_days=int(window) if window is not None else None)
        early = msgspec.structs.replace(tried, since=min(tried.since, day))
        found = dry_run(situations(rows, day, book), book.settings, [early])
    missing = undecided(tried, book.settings, day)
    cases = [{"number": row["number"] or row["source"], "hits": [shown_hit(hit) for hit in those]} for row, those in found]
    if as_json:
        printed({"tried": len(rows), "count": len(found), "undecided": missing, "cases": cases})
        return
    for case in cases:
        click.echo(f"{case['number']}  {spoken(case['hits'][0]['found'])}")
    if missing:
        err.print(f"[yellow]![/yellow] 未确定的设置 / settings not decided: {', '.join(missing)}")
    click.echo(f"{len(found)} / {len(rows)}")


@rule.command("amend")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--basis", required=True, help="the paper it stands on")
@click.option("--approved-by", required=True)
@signs
@LANG
@JSON
@told
def rule_amend(file: Path, basis: str, approved_by: str, officer: str, role: str, at: str, on: date | None, lang: str, as_json: bool) -> None:
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
    rows = [{**msgspec.to_builtins(r), "undecided": undecided(r, book.settings, today())} for r in rules_of(book)]
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
      qingxin calendar load 2027.toml --officer office.1 --office 620500-hrss
    """


@calendar.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@signs
@LANG
@JSON
@told
def calendar_load(file: Path, officer: str, role: str, at: str, on: date | None, lang: str, as_json: bool) -> None:
    """Load a year's days off and make-up days (TOML, YAML or JSON: year, holidays, make_up_days, notice).

    Due days that reached the year are worked out again; every case whose due day moves gets a note with the old and the new one.

    \b
    Example:
      qingxin calendar load 2027.toml --officer office.1 --office 620500-hrss
    """
    year = _year_of(file)
    with opened() as (office, views):
        caught_up(office.url)
        before = office.rulebook()
        signature = signed(office, officer, role, at, on, "rulebook.load")
        act = office.decide("load", msgspec.structs.asdict(year), signature, Command.new())
        moved = _moved(office, views, before, act.record.calendar, signature)
        caught_up(office.url)
    if as_json:
        printed(dumped({"event": shown_event(act.entry, lang=lang), "moved": moved}))
        return
    click.echo(act.entry.event.sentence(lang))
    for row in moved:
        click.echo(f"  {row['case']}  {row['clock']}  {row['old']} → {row['new']}")
    click.echo(f"{len(moved)} 个到期日已重算 / due days worked out again")


def _year_of(file: Path) -> Year:
    text = file.read_text("utf-8")
    try:
        content = tomllib.loads(text) if file.suffix == ".toml" else yaml.safe_load(text) if file.suffix in (".yaml", ".yml") else json.loads(text)
        return msgspec.convert(content, Year, strict=False)
    except (ValueError, tomllib.TOMLDecodeError, yaml.YAMLError, msgspec.ValidationError) as problem:
        raise BadRow(f"{file.name} is not a year of the calendar: {problem}") from None


def _moved(office: Office, views: Views, before: Rulebook, after: Calendar, signature: Signature) -> list[dict[str, Any]]:
    """The due days that the year moves, each noted on its case."""
    moved = []
    for row in views.situations(EVERYTHING, on=today(), repeat_days=None):
        try:
            case: Case = office.case(row["record"])
        except NotOnFile:
            continue
        entries = standing(case.entries)
        both = (readings(entries, today=today(), calendar=c, settings=before.settings) for c in (before.calendar, after))
        changes = [(old, new) for old, new in zip(*both, strict=True) if old.provisional and (old.due != new.due or not new.provisional)]
        for old, new in changes:
            moved.append({"case": case.number or case.source, "clock": old.clock, "old": old.due, "new": new.due})
        if changes:
            told_ = "、".join(f"{old.clock}期满日由{old.due}(暂定)定为{new.due}" for old, new in changes)
            office.act(case, "note", {"text": f"calendar_updated 放假安排载入:{told_}"}, signature, Command.new())
    return moved
