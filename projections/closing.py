"""What a closed period (封账) says, and what later knowledge would have it say: a restatement (重述), figure by figure.

The figures that were signed off are kept to the byte.  They are worked out again as known now, for the same day, and each record
that was touched since is asked what it adds to a figure as known then and as known now: a figure that moved was moved by the newer
entries of the records whose part in it changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from domain.powers import covered
from domain.record import Entry
from domain.vocabulary import decode
from projections.pages import Query
from projections.reports import REPORTS, Asked
from projections.reports.running import Moment, Rulebooks, moment_of, per_record, snapshot, stamp, today_of, worked
from projections.views import Views

ASKED = ("report", "since", "until", "division", "by_column")


@dataclass(frozen=True)
class Closed:
    """A period that was closed: what was asked, and the body that was signed."""

    id: UUID
    report: str
    since: date
    until: date
    division: str
    by: str | None
    sha256: str
    seq: int
    body: str

    @property
    def answer(self) -> dict[str, Any]:
        """What was signed, read back."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    def asked(self, known: datetime | None) -> Asked:
        """The same question for the same day, as known at a moment."""
        on, then = self.answer["stamp"]["on"], self.known
        day = date.fromisoformat(on) if on else today_of(Asked(self.since, self.until, self.division), then)
        confidant = self.answer["stamp"].get("confidant", False)
        return Asked(self.since, self.until, self.division, on=day, known=known, by=self.by, confidant=confidant)

    @property
    def known(self) -> datetime | None:
        """Up to when what had been recorded was known."""
        known = self.answer["stamp"]["known"]
        return datetime.fromisoformat(known) if known else None


def periods(views: Views, where: str = "true", **parameters: Any) -> list[dict[str, Any]]:
    """The periods that were closed, the latest first."""
    sql = (
        "SELECT record, seq AS closed_seq, officer, role, office, division, happened, recorded_at, data FROM journal"
        f" WHERE sort = 'period' AND event = 'PeriodClosed' AND {where} ORDER BY seq DESC"
    )
    return views.ask(Query(sql, parameters))


def found(views: Views, id: UUID) -> Closed | None:
    """A period by its id."""
    rows = periods(views, "record = %(id)s", id=id)
    return closed_of(rows[0]) if rows else None


def closed_of(row: dict[str, Any]) -> Closed:
    """A period as a line of the journal has it."""
    data = row["data"]
    return Closed(
        row["record"],
        data["report"],
        date.fromisoformat(data["since"]),
        date.fromisoformat(data["until"]),
        data["division"],
        data.get("by_column"),
        data["sha256"],
        data["seq"],
        data["body"],
    )


def marked(views: Views, answer: dict[str, Any], asked: Asked, rulebook: Rulebooks) -> dict[str, Any]:
    """A report with ``closed`` in it, where its window had been closed when it was known: which, and whether it was restated."""
    known = answer["stamp"]["known"]
    if asked.on or asked.industry or asked.office or asked.yoy or known is None:
        return answer
    rows = periods(
        views,
        "data ->> 'report' = %(report)s AND data ->> 'since' = %(since)s AND data ->> 'until' = %(until)s"
        " AND data ->> 'division' = %(division)s AND data ->> 'by_column' IS NOT DISTINCT FROM %(by)s AND known_from <= %(known)s",
        report=answer["name"], since=str(asked.since), until=str(asked.until), division=asked.division, by=asked.by, known=known,
    )  # fmt: skip
    if not rows:
        return answer
    closed = closed_of(rows[0])
    with snapshot(views) as connection:
        restated = bool(_moved(closed, *_both(connection, closed, rulebook, known)[:2]))
    mark = {"id": closed.id, "sha256": closed.sha256, "seq": closed.seq, "restated": restated}
    return {**answer, "closed": mark}


def restatement(
    views: Views, closed: Closed, rulebook: Rulebooks, *, confidant: bool = False, lang: str = "zh"
) -> dict[str, Any]:
    """Each figure that later knowledge moves: as it was signed, as it would be now, and the entries that moved it."""
    with snapshot(views) as connection:
        now, values, moment = _both(connection, closed, rulebook, None)
        moved = _moved(closed, now, values)
        newer = _newer(connection, closed, confidant) if moved else []
        parts = _parts(connection, closed, rulebook, moment, newer) if moved else {}
    figures = []
    for by, name, old, new in moved:
        its = _movers(parts, name) if confidant or name not in REPORTS[closed.report].confidential else set()
        told = [line for line in newer if line["record"] in its or line["sort"] == "rulebook"]
        figure = {"figure": name, "old": old, "new": new, "events": [_shown(line, lang) for line in told]}
        figures.append({"by": by or None, **figure} if closed.by else figure)
    return {
        "id": closed.id,
        "sha256": closed.sha256,
        "stamp": closed.answer["stamp"],
        "now": stamp(REPORTS[closed.report], closed.asked(None), moment),
        "figures": figures,
    }


Values = dict[str, Any]


def _movers(parts: dict[UUID, tuple[Values, Values]], name: str) -> set[UUID]:
    """The records whose part in a figure changed; of a figure that counts each thing once, those that have a part in it."""
    changed = {record for record, (then, since) in parts.items() if then.get(name) != since.get(name)}
    return changed or {record for record, (then, since) in parts.items() if then.get(name) or since.get(name)}


def _both(
    connection: Connection[Any], closed: Closed, rulebook: Rulebooks, known: datetime | None
) -> tuple[Values, dict[str, Values], Moment]:
    """The figures as known now, in all and by group, as JSON has them."""
    asked = closed.asked(known)
    moment = moment_of(connection, asked, rulebook)
    values, groups = worked(connection, REPORTS[closed.report], asked, moment)
    return _plain(values), _plain(groups), moment


def _plain(values: Any) -> Any:
    """Figures as JSON has them."""
    return json.loads(json.dumps(values, default=str))


def _moved(closed: Closed, now: Values, groups: dict[str, Values]) -> list[tuple[str, str, Any, Any]]:
    """What is not as it was signed: the group, the figure, old and new; the figures in all have no group."""
    signed, asked = closed.answer, closed.asked(None)
    hidden = REPORTS[closed.report].withheld(asked, today_of(asked, None))
    pairs = [("", signed["values"], now)]
    if closed.by:
        before = {group["by"] or "": group["values"] for group in signed.get("groups", [])}
        nothing = _plain(REPORTS[closed.report].nothing)
        pairs += [(by, before.get(by, nothing), groups.get(by, nothing)) for by in sorted({*before, *groups})]
    return [
        (by, name, old.get(name), new.get(name))
        for by, old, new in pairs
        for name in {**old, **new}
        if old.get(name) != new.get(name) and name not in hidden
    ]


def _newer(connection: Connection[Any], closed: Closed, confidant: bool) -> list[dict[str, Any]]:
    """What was recorded since, in the official order: on records of the division, and in the rulebook."""
    sql = """
        SELECT j.seq, j.record, j.sort, j.version, j.event, j.data, j.officer, j.recorded_at, coalesce(c.number, r.number, r.title) AS number
          FROM journal j
          LEFT JOIN case_facts c ON c.record = j.record
          LEFT JOIN record_facts r ON r.record = j.record
         WHERE j.revision = 0 AND (j.seq > %(seq)s OR j.recorded_at > %(known)s) AND j.sort NOT IN ('period', 'person', 'number')
           AND (j.division LIKE %(divisions)s OR j.sort = 'rulebook') AND (%(confidant)s OR NOT j.confidential)
         ORDER BY j.seq
    """
    parameters = {
        "seq": closed.answer["stamp"]["seq"], "known": closed.known, "divisions": covered(closed.division) + "%",
        "confidant": confidant,
    }  # fmt: skip
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(sql, parameters).fetchall()


def _parts(
    connection: Connection[Any], closed: Closed, rulebook: Rulebooks, now: Moment, newer: Iterable[dict[str, Any]]
) -> dict[UUID, tuple[Values, Values]]:
    """What each record touched since adds to the figures, as known then and as known now."""
    records = list({line["record"] for line in newer if line["sort"] != "rulebook"})
    report, asked = REPORTS[closed.report], closed.asked(closed.known)
    then = per_record(connection, report, asked, moment_of(connection, asked, rulebook), records)
    since = per_record(connection, report, closed.asked(None), now, records)
    return {record: (then[str(record)], since[str(record)]) for record in records}


def _shown(line: dict[str, Any], lang: str) -> dict[str, Any]:
    event = decode(line["event"], json.dumps(line["data"]).encode())
    entry = Entry(line["record"], line["version"], event, line["recorded_at"])
    return {
        "seq": line["seq"],
        "record": line["record"],
        "number": line["number"],
        "event": line["event"],
        "on": event.on,
        "sentence": entry.event.sentence(lang),
        "officer": line["officer"],
        "recorded_at": line["recorded_at"],
    }
