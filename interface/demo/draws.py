"""The two draws of the demo city, and what was done on what they drew.

The seed of a draw is the link of its frozen list, which nobody knows before it is stored: other sites and other cases are drawn at
every load, and as many.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from uuid import UUID

from domain.campaign import Campaign
from domain.draw import Draw
from domain.project import Project
from interface.demo.book import Book
from interface.demo.city import CITY, DAYS, firms, officer
from interface.demo.inspections import Inspections

SITES, SITES_DRAWN, FROZEN_SITES = 30, 6, 46
CASES, CASES_DRAWN, FROZEN_CASES = 60, 10, 50
ANSWERS = (
    "satisfied",
    "satisfied",
    "basically",
    "satisfied",
    "dissatisfied",
    "satisfied",
    "basically",
    "satisfied",
    "no_answer",
    "satisfied",
)


def draw_sites(book: Book, projects: Sequence[Project], campaign: Campaign, inspections: Inspections) -> None:
    """Sites drawn for the spring campaign, and the contractor of each inspected there."""
    on, above = DAYS[FROZEN_SITES], officer("supervisor", CITY)
    sites = projects[:SITES]
    draw = book.record(Draw, "sites")
    book.act(
        draw, "freeze", above, on, purpose="inspection", division=CITY, size=SITES_DRAWN, campaign=campaign.id, number=f"{CITY}-2025-CD0001",
        commitment=committed(book, draw),
        candidates=tuple({"key": str(site.id), "name": site.name} for site in sites), witness="市纪委监委派驻机构",
        exclusions=({"key": str(sites[0].id), "reason": "recently_inspected", "text": "上月已检查"},),
    )  # fmt: skip
    drawn = _drawn(book, draw, on, beacon="0311")
    by_id = {str(site.id): site for site in projects}
    by_name = {firm.name: firm for firm in firms()}
    for nth, site in enumerate(by_id[key] for key in drawn):
        assert site.contractor is not None
        inspections.make(by_name[site.contractor.name], DAYS[FROZEN_SITES + 2 + nth % 3], kind="four_no_two_direct", project=site.name,
                         project_id=site.id, draw=draw.id, team=(f"{CITY}-{site.industry}",))  # fmt: skip


def draw_revisits(book: Book) -> None:
    """Closed cases drawn for a revisit, and asked."""
    on, asks = DAYS[FROZEN_CASES], officer("revisit_officer", CITY)
    closed = [
        case for case in book.cases.values() if case.closed_on and case.closed_on < on and case.status == "closed"
    ]
    draw = book.record(Draw, "cases")
    book.act(
        draw, "freeze", asks, on, purpose="revisit", division=CITY, size=CASES_DRAWN, number=f"{CITY}-2025-CD0002",
        commitment=committed(book, draw),
        candidates=tuple({"key": str(case.id), "name": case.employer.name if case.employer else None} for case in closed[:CASES]),
    )  # fmt: skip
    for nth, key in enumerate(_drawn(book, draw, on)):
        answer = ANSWERS[nth]
        book.act(book.cases[UUID(key)], "revisit", asks, DAYS[FROZEN_CASES + 2 + nth % 4], mode="random_check", draw=draw.id,
                 contacted=answer != "no_answer", rebound=False, satisfaction=answer)  # fmt: skip


def _drawn(book: Book, draw: Draw, on: str, **word: str) -> tuple[str, ...]:
    """Store the frozen list, and draw by the link it got."""
    book.save()
    book.act(draw, "make", officer("supervisor", CITY), on, link=book.office.link(draw.id, 1),
             secret=book.office.vault.secret(draw.id), **word)  # fmt: skip
    return draw.drawn


def committed(book: Book, draw: Draw) -> str:
    """What is stored with the list of the secret that is shown when it is drawn."""
    return hashlib.sha256(book.office.vault.secret(draw.id)).hexdigest()
