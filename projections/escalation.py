"""Which escalation rules the cases of the read models meet: of some cases all that is told, of all cases how many and which (提级督办).

A rule compares a case with thresholds and looks at some words of it.  Two cases between the same thresholds with the same words are one
to every rule, so it is asked once for all of them: 15,580 open cases were found to be of 67 sorts.  Which thresholds there are
``domain.rules.escalation.borders`` says; ``Situation`` is what a rule may ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from heapq import nlargest
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from domain.facts import Hit
from domain.powers import Scope
from domain.rulebook import Rulebook
from domain.rules.calendar import Calendar
from domain.rules.clock_rows import ROWS
from domain.rules.escalation import Rule, Situation, borders, hits, in_force, met
from projections.pages import IN_FORCE, Query
from projections.views import Views, seen_by

LOOKED_AT = (
    "channel", "finding", "flags", "major_opinion", "handled", "investigated_since", "investigated_until", "stood_still",
)  # fmt: skip
"""What the rules look at, beside what they compare with thresholds."""
_C02 = next(row for row in ROWS if row.id == "C02")


class Judged(NamedTuple):
    """Cases that no rule can tell apart: which rules they meet, how many there are, and the places of the newest."""

    rules: list[Rule]
    escalated: bool
    proposed: bool
    many: int
    places: list[int]


class Tried(NamedTuple):
    """What a rule would propose: of how many cases it was asked, how many it would propose, and the newest of these with their hits."""

    tried: int
    proposed: int
    cases: list[tuple[dict[str, Any], list[Hit]]]


def hits_of(
    views: Views, scope: Scope, records: Sequence[UUID], *, on: date, book: Rulebook, rules: Sequence[Rule]
) -> dict[UUID, list[Hit]]:
    """What is told of each of some cases: every rule it meets on a day, with the thresholds and what was found."""
    rows = views.ask(_situations(scope, on, book, records), again=False)
    return {row["record"]: hits(_situation(row, on, book.calendar), book.settings, rules) for row in rows}


def judged(
    views: Views, scope: Scope, *, on: date, book: Rulebook, rules: Sequence[Rule], most: int, ended: bool = False
) -> list[Judged]:
    """The cases that have not ended, or all there ever were, by what the rules say of them; of each sort the newest ``most``."""
    known = in_force(rules, on)
    rows = views.ask(_sorts(_situations(scope, on, book, ended=ended), book, on, most), again=False)
    return [
        Judged(
            met(_situation(row, on, book.calendar), book.settings, known),
            row["escalated"], row["proposed"], row["many"], row["places"],
        )
        for row in rows
    ]  # fmt: skip


def tried(views: Views, scope: Scope, *, on: date, book: Rulebook, rule: Rule, most: int) -> Tried:
    """A rule tried over all the cases there ever were, before it takes effect; nothing is recorded."""
    early = [msgspec.structs.replace(rule, since=min(rule.since, on))]
    sorts = judged(views, scope, on=on, book=book, rules=early, most=most, ended=True)
    proposed = [each for each in sorts if each.rules]
    places = newest(proposed, most)
    placed = records_at(views, places)
    records = [placed[place] for place in places]
    found, lines = hits_of(views, scope, records, on=on, book=book, rules=early), views.lines(records, today=on)
    cases = [(lines[record], found[record]) for record in records]
    return Tried(sum(each.many for each in sorts), sum(each.many for each in proposed), cases)


def newest(sorts: Iterable[Judged], most: int) -> list[int]:
    """The places of the newest cases of some sorts, the newest first."""
    return nlargest(most, chain.from_iterable(each.places for each in sorts))


def records_at(views: Views, places: Iterable[int]) -> dict[int, UUID]:
    """Which cases stand at some places."""
    sql = "SELECT first_seq, record FROM case_facts WHERE first_seq = ANY(%(places)s)"
    return {row["first_seq"]: row["record"] for row in views.ask(Query(sql, {"places": [*places]}))}


def _sorts(asked: Query, book: Rulebook, on: date, most: int) -> Query:
    """The cases of a question by what the rules can tell: one line for a sort, with the facts of one of them."""
    thresholds = borders(book.settings, on)
    between = [f"width_bucket({fact}, %(by_{fact})s::numeric[]), {fact} = ANY(%(by_{fact})s)" for fact in thresholds]
    sql = (  # what is in no order is counted without being sorted
        f"SELECT {', '.join(LOOKED_AT)}, escalated, proposed, {', '.join(f'min({fact}) AS {fact}' for fact in thresholds)},"
        " count(*) AS many, array_agg(first_seq) AS every"
        f" FROM ({asked.sql}) situations GROUP BY {', '.join((*LOOKED_AT, 'escalated', 'proposed', *between))}"
    )
    sql = f"SELECT *, ARRAY(SELECT place FROM unnest(every) place ORDER BY place DESC LIMIT %(most)s) AS places FROM ({sql}) sorts"
    numbers = {f"by_{fact}": values for fact, values in thresholds.items()}
    return Query(sql, {**asked.parameters, **numbers, "most": most})


def _situation(row: Mapping[str, Any], on: date, calendar: Calendar) -> Situation:
    limit = _investigated_by(row, calendar)
    return Situation(
        on=on,
        persons=row["persons"],
        amount=row["amount"],
        channel=row["channel"] or "",
        finding=row["finding"],
        flags=frozenset(row["flags"].split(",")) if row["flags"] else frozenset(),
        major_opinion=row["major_opinion"],
        handled=row["handled"],
        repeats=row["repeats"],
        investigation_overdue=bool(limit and limit < on),
        unpaid_days=row["unpaid_days"],
    )


def _investigated_by(row: Mapping[str, Any], calendar: Calendar) -> date | None:
    """The last day of an investigation that runs, as it was extended; None where none runs, or nobody can tell."""
    if row["investigated_since"] is None:
        return None
    days: list[date | None] = row["stood_still"] or []
    if len(days) % 2 or None in days:  # it stands still now, or it is not known to the day when it did
        return None
    still = sum(calendar.working_days_between(a, b) for a, b in zip(days[::2], days[1::2], strict=True) if a and b)
    return row["investigated_until"] or calendar.add_working_days(row["investigated_since"], (_C02.n or 0) + still).day


def _situations(
    scope: Scope, on: date, book: Rulebook, records: Sequence[UUID] | None = None, *, ended: bool = False
) -> Query:
    """What the rules ask of some cases, of those that have not ended, or of all there ever were."""
    sight, window = seen_by(scope), book.settings.value("repeat_window_days", on)
    asked = {**sight.parameters, "today": on, "repeat_days": int(window or 0)}
    parts = {"journal": f"(SELECT * FROM journal WHERE {IN_FORCE})", "sight": sight.sql}
    if records is None:
        return Query(
            _SITUATIONS.format(**parts, where="true" if ended else "step < 95", of_these="true", to_these="true"), asked
        )
    of_these, to_these = "record = ANY(%(records)s::uuid[])", "target = ANY(%(records)s::text[])"
    some = _SITUATIONS.format(**parts, where=of_these, of_these=of_these, to_these=to_these)
    return Query(some, {**asked, "records": list(map(str, records))})


_SITUATIONS = """
SELECT f.record, f.first_seq, f.channel, f.finding, flagged.flags,
       coalesce(flagged.major_opinion, false)                AS major_opinion,
       f.inspections > 0                                     AS handled,
       coalesce(f.persons_confirmed, f.persons_claimed)      AS persons,
       coalesce(f.owed, f.claimed)                           AS amount,
       again.times                                           AS repeats,
       CASE WHEN f.step IN (60, 61) AND f.balance IS DISTINCT FROM 0 AND f.due_on < %(today)s
            THEN %(today)s::date - f.due_on END              AS unpaid_days,
       CASE WHEN f.step < 60 AND NOT f.c02_stopped THEN f.c02_started_on END  AS investigated_since,
       CASE WHEN f.step < 60 AND NOT f.c02_stopped THEN f.c02_extended_on END AS investigated_until,
       stood.days                                            AS stood_still,
       f.escalated_on IS NOT NULL                            AS escalated,
       proposed.record IS NOT NULL                           AS proposed
  FROM (SELECT * FROM case_facts WHERE {sight} AND {where}) f
  LEFT JOIN LATERAL (SELECT array_agg(happened_on ORDER BY version) AS days FROM {journal} j
              WHERE f.suspensions > 0 AND j.record = f.record AND j.kind = 'C02'
                AND j.event IN ('CaseSuspended', 'CaseResumed')) stood ON true
  LEFT JOIN (SELECT record, string_agg(DISTINCT kind, ',') AS flags, bool_or(kind = 'public_opinion' AND severity = 'major') AS major_opinion
               FROM {journal} j WHERE j.event = 'CaseFlagged' AND {of_these} GROUP BY record) flagged ON flagged.record = f.record
  LEFT JOIN (SELECT target, array_agg(happened_on) AS days
               FROM {journal} j WHERE j.event = 'CaseLinked' AND {to_these} GROUP BY target) repeated ON repeated.target = f.record::text
  LEFT JOIN LATERAL (SELECT count(*) AS times FROM unnest(repeated.days) day
              WHERE day BETWEEN f.first_inspected_on AND f.first_inspected_on + %(repeat_days)s::integer) again ON true
  LEFT JOIN (SELECT DISTINCT record FROM {journal} j
              WHERE j.event = 'CaseProposed' AND {of_these}
                AND NOT EXISTS (SELECT FROM {journal} k WHERE k.record = j.record AND k.version > j.version
                                   AND (k.event = 'CaseKept' AND k.kind = j.kind
                                        OR k.event = 'CaseEscalated' AND j.kind = 'escalation'
                                        OR k.event = 'CaseReferred' AND k.kind = j.kind
                                        OR k.event = 'CaseAssigned' AND k.kind = j.kind))) proposed ON proposed.record = f.record
"""
