"""The facts of cases as of a past moment: kept where nothing moved since, and worked out anew only where something did.

Most cases have come to rest: all that is known of them happened before the moment and was known then, so they stand in
``case_facts`` as they stood.  Only of those with entries on both sides of the moment is the page run over the lines that counted.
What it answers is what the page over the whole journal answers (tests/projections/test_case_facts.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from projections.pages import Query, as_of, over
from projections.projector import FACTS

KEPT = "qingxin.case_facts"


def facts(
    on: date | None = None,
    known: datetime | None = None,
    *,
    columns: Sequence[str] = FACTS,
    among: Query | None = None,
) -> Query:
    """A statement that answers the lines of ``case_facts`` as of a day, as known at a moment; without either, as they stand.

    ``among`` says which cases can be meant at all, by what the kept facts say of them: so that less has to be worked out.
    """
    then, chosen = as_of(on, known), ", ".join(columns)
    if not then.parameters:
        return Query(f"SELECT {chosen} FROM {KEPT}", {})
    moved = f"SELECT record FROM {KEPT} WHERE {_moved(on, known)} AND {among.sql if among else 'true'}"
    return Query(
        f"SELECT {chosen} FROM {KEPT} WHERE {_at_rest(on, known)}"
        f" UNION ALL SELECT {chosen} FROM ({over('case_facts', f'{then.sql} AND record IN ({moved})')}) worked_out"
        " WHERE received_by IS NOT NULL",  # what was done before the day of its receipt does not yet make it a case
        {**then.parameters, **(among.parameters if among else {})},
    )


def _at_rest(on: date | None, known: datetime | None) -> str:
    """Cases of which everything counted then."""
    happened = ["last_by <= %(on)s"] if on else []
    recorded = ["last_recorded_at <= %(known)s"] if known else []
    return " AND ".join(happened + recorded)


def _moved(on: date | None, known: datetime | None) -> str:
    """Cases of which something counted then, and something did not."""
    since = "first_by <= %(on)s AND last_by > %(on)s" if on else "false"
    if not known:
        return since
    # what was corrected later may have been known under another day, so that only the recording says whether it was there
    return f"first_recorded_at <= %(known)s AND (last_recorded_at > %(known)s OR {since})"
