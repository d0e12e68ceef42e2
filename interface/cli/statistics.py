"""``qingxin period`` and ``oversight``: figures signed off and restated, and what an auditor looks at."""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import Any
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table

from application.office import Command, today
from domain.period import Period
from domain.powers import Actor, Place, covered, decide
from interface.api.periods import row_of, signed_off
from interface.api.reading import BY, groups
from interface.api.showing import dumped
from interface.cli.opening import MOMENT, caught_up, opened
from interface.cli.shared import DAY, JSON, LANG, fail, printed, told
from interface.cli.signing import answered, signed, signs
from projections.closing import Closed, found, periods, restatement
from projections.reports import REPORTS, Asked
from projections.reports.oversight import FIGURES, Wanted, findings
from projections.views import Views


@click.group()
def period() -> None:
    """Periods that were closed (封账): figures signed off, kept to the byte, restated beside when more is known.

    \b
    Example:
      qingxin period close six-mechanisms --from 2026-01-01 --to 2026-03-31 --division 620500 --officer office.1 --office 620500-hrss
      qingxin period restate <id>
    """


@period.command("close")
@click.argument("name", metavar="REPORT", type=click.Choice(sorted(REPORTS)))
@click.option("--from", "since", type=DAY, required=True, help="first day of the window")
@click.option("--to", "until", type=DAY, required=True, help="last day of the window")
@click.option("--division", required=True, help="GB/T 2260 code; 620500 covers its seven")
@click.option("--by", type=click.Choice(BY), help="the same figures for each")
@signs
@LANG
@JSON
@told
def close(name: str, since: date, until: date, division: str, by: str | None, officer: str, role: str, at: str, on: date | None,
          lang: str, as_json: bool) -> None:  # fmt: skip
    """Sign off the figures of a report over a window.

    \b
    Example:
      qingxin period close closed-loop --from 2026-01-01 --to 2026-03-31 --division 620500 --officer office.1 --office 620500-hrss
    """
    if since > until:
        raise click.UsageError("--from is after --to")
    if by and by not in REPORTS[name].by:
        raise click.UsageError(f"{name} goes by {', '.join(REPORTS[name].by)}")
    with opened() as (office, views):
        signature = signed(office, officer, role, at, on, "period.close")
        decision = decide(Actor(officer, role, at, at[:6]), "period.close", Place(division))
        if not decision.allowed:
            fail(f"{decision.zh} / {decision.en}")
        caught_up(office.url)
        asked = Asked(since, until, division, by=by, groups=groups(division, by))
        facts = signed_off(views, office, name, asked)
        act = office.open(Period, facts, signature, Command.new())
        if not as_json:
            click.echo(f"{act.record.id}  sha256={facts['sha256']}")
        answered(act, lang, as_json)


@period.command("list")
@click.option("--division", default="000000", show_default=True, help="GB/T 2260 code; 620500 covers its seven")
@JSON
@told
def list_(division: str, as_json: bool) -> None:
    """The periods that were closed, the latest first.

    \b
    Example:
      qingxin period list --division 620500
    """
    with opened() as (office, views):
        caught_up(office.url)
        rows = [row_of(row) for row in periods(views, "division LIKE %(divisions)s", divisions=covered(division) + "%")]
    if as_json:
        printed(dumped(rows))
        return
    table = Table("id", "report", "from", "to", "division", "by", "seq", "sha256", "closed by")
    for row in rows:
        table.add_row(
            *(str(row[name] or "—") for name in ("id", "report", "from", "to", "division", "by", "seq", "sha256")),
            f"{row['closed_by']} {row['closed_on']}",
        )
    Console(width=None if sys.stdout.isatty() else 220).print(table)


@period.command("show")
@click.argument("id")
@told
def show(id: str) -> None:
    """The figures of a closed period as they were signed off, to the byte.

    \b
    Example:
      qingxin period show <id> | sha256sum
    """
    with opened() as (office, views):
        caught_up(office.url)
        sys.stdout.write(_kept(views, id).body)


@period.command("restate")
@click.argument("id")
@LANG
@JSON
@told
def restate(id: str, lang: str, as_json: bool) -> None:
    """What later knowledge moves of a closed period: figure by figure, old and new, and the entries that moved it.

    \b
    Example:
      qingxin period restate <id> --lang en
    """
    with opened() as (office, views):
        caught_up(office.url)
        answer = restatement(views, _kept(views, id), office.rulebook, confidant=True, lang=lang)
    if as_json:
        printed(dumped(answer))
        return
    if not answer["figures"]:
        click.echo("无重述 / nothing moved")
    for figure in answer["figures"]:
        group = f"[{figure['by']}] " if figure.get("by") else ""
        click.echo(f"{group}{figure['figure']}: {_short(figure['old'])} → {_short(figure['new'])}")
        for event in figure["events"]:
            click.echo(f"    {event['seq']:>8}  {event['number'] or '—'}  {event['on']}  {event['sentence']}")


def _kept(views: Views, id: str) -> Closed:
    try:
        closed = found(views, UUID(id))
    except ValueError:
        closed = None
    return closed or fail(f"没有这个封账期 / no such period: {id}")


def _short(value: Any) -> str:
    return str(value["value"]) if isinstance(value, dict) and "value" in value else str(value)


@click.command()
@click.option(
    "--from", "since", type=DAY, help="findings that arose since this day; the first of the year if not given"
)
@click.option("--to", "until", type=DAY, help="and until this day; today if not given")
@click.option("--division", default="000000", show_default=True, help="GB/T 2260 code; 620500 covers its seven")
@click.option("--officer", help="only of this officer")
@click.option("--office", "at", help="only of this office")
@click.option("--kind", type=click.Choice(list(FIGURES)), help="only of this kind")
@click.option("--on", type=DAY, help="as it was on this day")
@click.option("--known", type=MOMENT, help="as it was known at this moment")
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=200, show_default=True, help="so many findings at most"
)
@LANG
@JSON
@told
def oversight(since: date | None, until: date | None, division: str, officer: str | None, at: str | None, kind: str | None,
              on: date | None, known: datetime | None, limit: int, lang: str, as_json: bool) -> None:  # fmt: skip
    """Steps past their day, idle cases, late and backdated entries, per officer and office, from the entries alone.

    \b
    Example:
      qingxin oversight --division 620500 --kind past_due
    """
    last = until or today()
    asked = Asked(since or last.replace(month=1, day=1), last, division, on, known, confidant=True)
    with opened() as (office, views):
        caught_up(office.url)
        answer, further = findings(views, asked, office.rulebook, Wanted(officer, at, kind), limit=limit, lang=lang)
    if as_json:
        printed(dumped(answer))
        return
    console = Console(width=None if sys.stdout.isatty() else 200)
    table = Table("officer", "office", *FIGURES, "total")
    for row in answer["summary"]:
        counts = [str(row["counts"].get(name, "")) for name in FIGURES]
        table.add_row(row["officer"] or "—", row["office"] or "—", *counts, str(row["total"]))
    console.print(table)
    for finding in answer["findings"]:
        head = f"{finding['kind']} {finding['clock'] or ''}  {finding['number'] or finding['record']}  {finding['officer'] or '—'}"
        click.echo(f"{finding['day']}  {head}  {finding['days'] if finding['days'] is not None else ''}")
        for event in finding["events"]:
            click.echo(f"    {event['seq']:>8}  {event['on']}  {event['sentence']}")
    if further:
        click.echo("…")
