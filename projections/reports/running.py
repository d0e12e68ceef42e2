"""How a report is worked out: one snapshot, one statement a window, and the stamp that says what the figures hang on.

As it stands a report reads the facts that are kept; as of a day, or as known at a moment, the same page reads them from the lines
of the journal that counted then.  The figures are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from domain.day import legal_day, plus_months
from domain.digests import digests
from domain.powers import covered
from domain.rulebook import Rulebook
from projections import past
from projections.pages import IN_FORCE, Query, as_of, page
from projections.projector import FACTS
from projections.reports.asking import Asked, Report, Values, change
from projections.reports.due import days, expanded
from projections.views import Views

Rulebooks = Callable[[datetime | None], Rulebook]
"""What the office had decided, as known at a moment."""

MEMORY = "128MB"
_WORDY = ("source", "employer", "project", "summary", "received", "offices")
COUNTED = tuple(name for name in FACTS if name not in _WORDY)
"""The facts of a case, without the words no figure asks for."""


class Moment(NamedTuple):
    """What a report hangs on beside what it was asked: how far the journal was, and by which rules."""

    seq: int
    known: datetime | None
    book: Rulebook
    stands: bool  # it is asked as it stands now


def run(views: Views, report: Report, asked: Asked, rulebook: Rulebooks) -> dict[str, Any]:
    """A report as ``{name, stamp, values}``; without a moment given, as known now, which the stamp then names."""
    with snapshot(views) as connection:
        moment = moment_of(connection, asked, rulebook)
        values, groups = worked(connection, report, asked, moment)
        hidden = report.withheld(asked, today_of(asked, moment.known))
        for found in (values, *groups.values()):
            found.update(dict.fromkeys(hidden))
        answer: dict[str, Any] = {"name": report.name, "stamp": stamp(report, asked, moment), "values": values}
        if asked.by:
            answer["groups"] = [{"by": by or None, "values": found} for by, found in groups.items()]
        if asked.yoy:
            answer["yoy"] = _year_before(connection, report, asked, moment, values)
        if missing := undecided(report, asked, moment.book):
            answer["undecided"] = missing
    return answer


@contextmanager
def snapshot(views: Views) -> Iterator[Connection[Any]]:
    """A connection on which everything is read as it is at one instant."""
    with views.connections() as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        connection.execute(f"SET LOCAL work_mem = '{MEMORY}'")
        connection.execute(
            "SET LOCAL enable_nestloop = off"
        )  # the planner takes what a page filters for a handful of lines
        yield connection


def moment_of(connection: Connection[Any], asked: Asked, rulebook: Rulebooks) -> Moment:
    """How far the journal is, or was when it was known."""
    row = connection.execute(
        "SELECT max(seq), max(recorded_at) FROM journal"
        " WHERE revision = 0 AND recorded_at <= coalesce(%s::timestamptz, 'infinity')",
        (asked.known,),
    ).fetchone()
    assert row is not None
    known = asked.known or row[1]
    return Moment(row[0] or 0, known, rulebook(known), asked.known is None and asked.on is None)


def today_of(asked: Asked, known: datetime | None) -> date:
    """The day things are judged on: the one asked for, else that of the last entry known."""
    return asked.on or (legal_day(known) if known else asked.until)


def stamp(report: Report, asked: Asked, moment: Moment) -> dict[str, Any]:
    """What the figures hang on: the same stamp, the same bytes."""
    narrowed = {name: value for name in ("industry", "office", "by") if (value := getattr(asked, name))}
    confidant = asked.confidant and (report.power == "oversight" or bool(report.confidential))
    flags = {"yoy": asked.yoy, "confidant": confidant}
    return {
        "from": asked.since,
        "to": asked.until,
        "division": asked.division,
        **narrowed,
        **{name: True for name, set_ in flags.items() if set_},
        "on": asked.on,
        "known": moment.known,
        "seq": moment.seq,
        **digests(moment.book),
    }


def undecided(report: Report, asked: Asked, book: Rulebook) -> dict[str, list[str]]:
    """The figures that hang on a number the office has not decided, and which: such a figure is null."""
    missing = {
        name: [setting for setting in figure.setting if book.settings.value(setting, asked.until) is None]
        for name, figure in report.figures.items()
    }
    return {name: settings for name, settings in missing.items() if settings}


def per_record(
    connection: Connection[Any], report: Report, asked: Asked, moment: Moment, records: list[UUID]
) -> dict[str, Values]:
    """What each of some records adds to the figures."""
    _, groups = worked(
        connection, report, replace(asked, by="record", groups=tuple(map(str, records))), moment, records
    )
    return groups


def worked(
    connection: Connection[Any], report: Report, asked: Asked, moment: Moment, records: list[UUID] | None = None
) -> tuple[Values, dict[str, Values]]:
    """The figures in all, and by group."""
    question = statement(report, asked, moment, records)
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(question.sql, question.parameters, prepare=False).fetchall()
    [total] = [row for row in rows if row["total"]]
    found = {row["grp"]: report.shaped(row) for row in rows if not row["total"]}
    names = sorted({*found, *asked.groups}) if asked.by else ()
    return report.shaped(total), {name: found.get(name) or report.nothing for name in names}


def statement(
    report: Report,
    asked: Asked,
    moment: Moment,
    records: list[UUID] | None = None,
    *,
    wanted: str = "true",
    answer: str = "",
) -> Query:
    """The page of a report over the lines that count, within sight, by what was asked."""
    lines = Query(IN_FORCE, {}) if moment.stands else as_of(asked.on, moment.known)
    text = page(report.page).replace("{case_terms}", page("case_terms"))
    for name, written in {**report.parts, "answer": answer or report.answer, "wanted": wanted}.items():
        text = text.replace(f"{{{name}}}", written)
    for name, columns in report.groups.items():
        text = text.replace(f"{{{name}}}", columns[asked.by] if asked.by else "''")
    text = text.replace("{touched}", report.touched)
    text = text.replace("{sight}", _sight(asked, report.record, report.industry, records))
    text = text.replace("{line_sight}", _sight(asked, "l.record", "h.industry", records))
    alone = not (asked.industry or asked.office or records) and asked.by not in ("channel", "industry", "record")
    text = text.replace("{of_cases}", "" if alone else "JOIN judged j ON j.record = l.record")
    text = expanded(text, moment.book)
    facts = past.facts(columns=COUNTED) if moment.stands else past.facts(asked.on, moment.known, columns=COUNTED)
    text = text.replace("{facts}", facts.sql)
    text = text.replace("{journal}", f"SELECT * FROM qingxin.journal WHERE {lines.sql}")
    told_from, told_to = asked.told(today_of(asked, moment.known))
    parameters = {
        **lines.parameters, **days(moment.book.calendar), "from": asked.since, "to": asked.until, "told_from": told_from, "told_to": told_to,
        "today": today_of(asked, moment.known), "divisions": covered(asked.division) + "%", "industry": asked.industry,
        "office": asked.office, "records": records, "confidant": asked.confidant,
    }  # fmt: skip
    return Query(text, parameters)


def _sight(asked: Asked, record: str, industry: str, records: list[UUID] | None) -> str:
    """What may be counted: a regulator's industry, what an office was given, some records."""
    where = ["true"]
    if asked.industry:
        where.append(f"{industry} = %(industry)s")
    if asked.office:
        where.append(
            f"{record} IN (SELECT record FROM journal WHERE target = %(office)s OR (version = 1 AND office = %(office)s)"
            " OR %(office)s = ANY(string_to_array(team, ',')))"
        )
    if records is not None:
        where.append(f"{record} = ANY(%(records)s::uuid[])")
    return " AND ".join(where)


def _year_before(
    connection: Connection[Any], report: Report, asked: Asked, moment: Moment, values: Values
) -> dict[str, Any]:
    """The same window a year before, followed as long, and the change since (F21)."""
    before = replace(
        asked,
        since=plus_months(asked.since, -12),
        until=plus_months(asked.until, -12),
        on=plus_months(today_of(asked, moment.known), -12),
    )
    last, _ = worked(connection, report, before, moment._replace(stands=False))
    return {
        "from": before.since,
        "to": before.until,
        "on": before.on,
        "values": {**last, **dict.fromkeys(report.withheld(asked, today_of(asked, moment.known)))},
        "change": {name: change(value, last[name]) for name, value in values.items()},
    }
