"""The registers of numbers: every number that was taken, the latest first, with what became of it."""

from __future__ import annotations

from typing import Any

from domain.powers import Scope
from projections.pages import Query
from projections.views import Views, decoded, encoded

TAKEN = """
SELECT t.seq, t.record, t.kind AS paper, t.document AS document_no, t.office, t.division, t.officer, t.happened, t.data,
       v.happened AS voided_on, v.officer AS voided_by, v.data ->> 'reason' AS void_reason
  FROM journal t
  LEFT JOIN journal v ON v.record = t.record AND v.event = 'NumberVoided' AND v.document = t.document
 WHERE t.event = 'NumberTaken' AND t.seq < %(behind)s
   AND (t.office = %(own)s OR (%(everywhere)s AND t.division LIKE %(divisions)s))
   AND (%(confidant)s OR NOT t.confidential)
   AND (%(office)s::text IS NULL OR t.office = %(office)s)
   AND (%(paper)s::text IS NULL OR t.kind = %(paper)s)
   AND (%(year)s::int IS NULL OR (t.data ->> 'year')::int = %(year)s)
 ORDER BY t.seq DESC
 LIMIT %(most)s
"""


def numbers(
    views: Views, scope: Scope, filters: dict[str, Any], *, confidant: bool, limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """The numbers of the registers within sight, and the cursor of the next page if there is one."""
    parameters = {
        "own": scope.offices[0] if scope.offices else "",
        "everywhere": scope.divisions is not None and scope.industry is None,
        "divisions": f"{scope.divisions or ''}%",
        "confidant": confidant,
        "behind": decoded(cursor),
        "most": limit + 1,
        **{name: filters.get(name) for name in ("office", "paper", "year")},
    }
    rows = views.ask(Query(TAKEN, parameters))
    return rows[:limit], encoded(rows[limit - 1]["seq"]) if len(rows) > limit else None
