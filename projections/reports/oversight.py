"""监督: what an auditor looks at, per officer and office, from the entries alone.

As a report it counts findings by kind; ``findings`` lists them with the entries they rest on.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from domain.record import Entry
from domain.rules.clock_rows import ROWS
from domain.vocabulary import decode
from projections.pages import Query
from projections.reports.asking import Asked, Figure, Report, Values
from projections.reports.running import Moment, Rulebooks, moment_of, snapshot, stamp, statement, undecided
from projections.views import Views, decoded, encoded

NEAR = 3
"""Working days before the due day within which a suspension is looked at."""

FIGURES = {
    "past_due": Figure("逾期:办理或未办理超过时限期满日(延期后按延期)的事项", "steps taken, or still not taken, past their due day as extended"),
    "idle": Figure(
        "停滞:未结案件两次记录之间、或末次记录之后超过所定工作日数",
        "open cases without an entry for more working days than decided, between two entries or since the last",
        ("idle_days",),
    ),
    "returned": Figure("退回的案件(次)", "cases given back as wrongly addressed"),
    "late_recording": Figure(
        "迟录:发生后超过所定工作日数才登记的事项",
        "entries recorded more working days than decided after they happened",
        ("late_recording_days",),
    ),
    "late_extension": Figure("逾期后延期:原期限届满后才作出的延期", "extensions made after the original due day"),
    "reopened": Figure("办结后恢复办理(计入办结人)", "cases reopened after closing, under whoever closed them"),
    "suspended_before_due": Figure(
        f"临期中止:期满前{NEAR}个工作日内中止计算", f"clocks suspended within {NEAR} working days of their due day"
    ),
    "backdated": Figure(
        "倒签嫌疑:所署日期早于已有记录且迟录,或署期在时限内而期满后才登记",
        "dated back: dated before an earlier entry and recorded late, or dated within a term and recorded after it",
        ("late_recording_days",),
    ),
}  # fmt: skip
CLOCKS = ("C01", "C02", "C03", "C07", "C19", "C21", "C22")


def _stopping() -> str:
    """Which entries stop which clock."""
    return " ".join(f"WHEN '{clock}' THEN e.event IN ({{stops({clock})}})" for clock in CLOCKS)


def _rank() -> str:
    """A number for each kind and clock, so that the findings on one entry have an order."""
    kinds = " ".join(f"WHEN '{kind}' THEN {20 * number}" for number, kind in enumerate(FIGURES))
    clocks = " ".join(f"WHEN '{clock}' THEN {number}" for number, clock in enumerate(CLOCKS, start=1))
    return f"CASE f.kind {kinds} END + CASE f.clock {clocks} ELSE 0 END + CASE WHEN f.kind = 'idle' AND f.until > f.day THEN 8 ELSE 0 END"


_COUNTS = "SELECT GROUPING(grp) AS total, coalesce(grp, '') AS grp, " + ", ".join(
    f"count(*) FILTER (WHERE kind = '{kind}') AS {kind}" for kind in FIGURES
)
COUNTED = f"{_COUNTS} FROM (SELECT kind, coalesce(({{by}})::text, '') AS grp FROM found f) counted GROUP BY GROUPING SETS ((), (grp))"
_SUMMED = (
    "SELECT coalesce(officer, '') AS officer, coalesce(office, '') AS office, kind, count(*) AS times FROM found"
    " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
)
_LISTED = "SELECT f.*, j.number FROM found f JOIN judged j ON j.record = f.record WHERE place < %(behind)s ORDER BY place DESC LIMIT %(most)s"
LISTED = (  # what is found is worked out once for both; where nothing is, one line without a place bears the summary
    f"SELECT listed.*, (SELECT json_agg(summed) FROM ({_SUMMED}) summed) AS summary"
    f" FROM (SELECT) one LEFT JOIN ({_LISTED}) listed ON true ORDER BY place DESC"
)


def _shaped(row: dict[str, Any]) -> Values:
    return {kind: row[kind] or 0 for kind in FIGURES}


OVERSIGHT = Report(
    "oversight",
    "oversight",
    FIGURES,
    _shaped,
    by=("officer", "office", "division", "month"),
    record="f.record",
    industry="f.industry",
    groups={"by": {
        "officer": "f.officer", "office": "f.office", "division": "f.division", "month": "to_char(f.day, 'YYYY-MM')", "record": "f.record",
    }},
    parts={"stopping": _stopping(), "rank": _rank(), "near": str(NEAR)},
    touched="(f.step < 95 OR f.last_by >= %(from)s)",  # a finding has the day of an entry, or is about what has not ended
    answer=COUNTED,
    power="oversight",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which findings are asked for."""

    officer: str | None = None
    office: str | None = None
    kind: str | None = None

    def query(self) -> Query:
        given = {name: value for name, value in vars(self).items() if value is not None}
        return Query(" AND ".join(f"f.{name} = %(wanted_{name})s" for name in given) or "true",
                     {f"wanted_{name}": value for name, value in given.items()})  # fmt: skip


def findings(
    views: Views,
    asked: Asked,
    rulebook: Rulebooks,
    wanted: Wanted,
    *,
    limit: int,
    cursor: str | None = None,
    lang: str = "zh",
) -> tuple[dict[str, Any], str | None]:
    """The findings in a window, newest first, with a summary by officer and office; and the cursor of the next page."""
    with snapshot(views) as connection:
        moment = moment_of(connection, asked, rulebook)
        rows = _asked(connection, asked, moment, wanted, behind=decoded(cursor), most=limit + 1)
        summary, rows = rows[0]["summary"] or [], [row for row in rows if row["place"] is not None]
        lines = _lines(connection, asked, moment, {row["record"] for row in rows[:limit]})
    answer = {
        "name": "oversight",
        "stamp": stamp(OVERSIGHT, asked, moment),
        "summary": _summary(summary),
        "findings": [_shown(row, lines[row["record"]], lang) for row in rows[:limit]],
    }
    if missing := undecided(OVERSIGHT, asked, moment.book):
        answer["undecided"] = missing
    return answer, encoded(rows[limit - 1]["place"]) if len(rows) > limit else None


def _asked(
    connection: Connection[Any], asked: Asked, moment: Moment, wanted: Wanted, **more: Any
) -> list[dict[str, Any]]:
    where = wanted.query()
    question = statement(OVERSIGHT, asked, moment, wanted=where.sql, answer=LISTED)
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            question.sql, {**question.parameters, **where.parameters, **more}, prepare=False
        ).fetchall()


def _summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    counts: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in rows:
        counts[row["officer"], row["office"]][row["kind"]] = row["times"]
    return [
        {"officer": officer or None, "office": office or None, "counts": found, "total": sum(found.values())}
        for (officer, office), found in counts.items()
    ]


def _lines(
    connection: Connection[Any], asked: Asked, moment: Moment, records: set[UUID]
) -> dict[UUID, list[dict[str, Any]]]:
    """The entries of some records as they were known, in order; what is confidential only for those who may know."""
    found: dict[UUID, list[dict[str, Any]]] = {record: [] for record in records}
    sql = (
        "SELECT record, seq, version, event, happened_on, recorded_at, data FROM journal"
        " WHERE record = ANY(%s) AND known_from <= %s AND known_until > %s AND (%s OR NOT confidential) ORDER BY version"
    )
    with connection.cursor(row_factory=dict_row) as cursor:
        for line in cursor.execute(sql, (list(records), moment.known, moment.known, asked.confidant)):
            found[line["record"]].append(line)
    return found


def _shown(row: dict[str, Any], lines: list[dict[str, Any]], lang: str) -> dict[str, Any]:
    return {
        "kind": row["kind"],
        "clock": row["clock"],
        "officer": row["officer"] or None,
        "office": row["office"] or None,
        "division": row["division"],
        "record": row["record"],
        "number": row["number"],
        "day": row["day"],
        "due": row["until"] if row["kind"] in ("past_due", "late_extension", "suspended_before_due") else None,
        "days": row["days"],
        "events": [_entry(line, lang) for line in _resting_on(row, lines)],
    }


def _resting_on(row: dict[str, Any], lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries a finding rests on: what began it, and what shows it."""
    before = [line for line in lines if line["version"] < row["version"]]
    match row["kind"]:
        case "past_due" | "late_extension" | "suspended_before_due":
            starting = {match.event for clock in ROWS if clock.id == row["clock"] for match in clock.starts}
            begun = [line for line in before if line["event"] in starting and line["happened_on"] == row["since"]][:1]
        case "idle":
            begun = before[-1:] if row["until"] == row["day"] else []
        case "returned":
            begun = [line for line in before if line["event"] == "CaseAssigned"][-1:]
        case "reopened":
            begun = [line for line in before if line["event"] == "CaseClosed"][-1:]
        case "backdated" if row["clock"] is None:
            begun = [line for line in before if line["happened_on"] and line["happened_on"] > row["day"]][-1:]
        case _:
            begun = []
    return [*begun, *(line for line in lines if line["version"] == row["version"])]


def _entry(line: dict[str, Any], lang: str) -> dict[str, Any]:
    event = decode(line["event"], json.dumps(line["data"]).encode())
    entry = Entry(line["record"], line["version"], event, line["recorded_at"])
    return {
        "seq": line["seq"],
        "version": line["version"],
        "event": line["event"],
        "on": event.on,
        "recorded_at": line["recorded_at"],
        "sentence": entry.event.sentence(lang),
    }
