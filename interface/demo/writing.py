"""The demo city from its first record to its last: the city as it stood on 2025-04-10, and what has come in lately."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from application.office import Office
from interface.demo import cases
from interface.demo.book import Book, Step
from interface.demo.cases import tell
from interface.demo.city import CASES, DAYS, SEED, firms, working_days
from interface.demo.clues import contact, of_the_city
from interface.demo.draws import draw_revisits, draw_sites
from interface.demo.inspections import Inspections, plan_campaigns
from interface.demo.listings import list_employers
from interface.demo.projects import register_projects, supervise_projects
from interface.demo.telling import Clue, Course, Telling
from interface.demo.trainings import hold_trainings

RECENT: tuple[tuple[Callable[[Telling], None], str, str, int, int, int], ...] = (
    (cases.received, "hotline_12345", "complaint", 0, 2, 18_000),
    (cases.received, "national_platform", "complaint", 1, 1, 6_400),
    (cases.received, "complaint_visit", "complaint", 9, 4, 37_500),
    (cases.received, "letter", "report", 3, 12, 96_000),
    (cases.assigned, "petition", "complaint", 2, 6, 54_000),
    (cases.assigned, "petition", "complaint", 16, 3, 21_000),
    (cases.assigned, "hotline_12345", "complaint", 6, 5, 44_000),
    (cases.verifying, "province_platform", "complaint", 5, 8, 73_600),
    (cases.verifying, "superior_transfer", "complaint", 8, 34, 560_000),
    (cases.filed_only, "complaint_visit", "complaint", 10, 15, 168_000),
    (cases.investigating, "national_platform", "complaint", 18, 22, 246_000),
    (cases.investigated, "complaint_phone", "complaint", 20, 9, 81_000),
    (cases.ordered_running, "complaint_visit", "complaint", 19, 11, 132_000),
    (cases.ordered, "hotline_12345", "complaint", 30, 7, 66_500),
    (cases.decided, "petition", "complaint", 24, 18, 207_000),
    (cases.paid_open, "national_platform", "complaint", 26, 4, 31_200),
    (cases.settled, "hotline_12345", "complaint", 13, 1, 5_200),
    (cases.settled_revisited, "complaint_phone", "complaint", 25, 2, 9_800),
    (cases.department, "department_transfer", "complaint", 11, 14, 152_000),
)  # fmt: skip
"""What has come in lately, so that the clocks have something to run on: course, channel, kind, working days ago, persons, yuan."""
DAYS_BACK = 90


def load_city(office: Office, step: Step = lambda _: None) -> Book:
    """Record the city as it stood on 2025-04-10, and what has come in lately."""
    book, chance = Book(office, step), random.Random(SEED)
    book.decide_settings()
    clues = of_the_city()
    for clue in clues:
        book.keep(tell(Telling(clue, DAYS, book.today, chance, book.opener)))
    projects = register_projects(book, chance)
    supervise_projects(book, projects, chance)
    campaigns = plan_campaigns(book)
    inspections = Inspections(book, campaigns)
    inspections.of_the_others(chance)
    found = [case for case in book.cases.values() if case.channel == "inspection_find" and case.handlers]
    inspections.from_findings(found[:3])
    list_employers(book, [case for case in book.cases.values() if "mass_incident" in case.flags])
    hold_trainings(book, projects)
    draw_sites(book, projects, campaigns[1], inspections)
    draw_revisits(book)
    recent_cases(book, chance, next(clue.contact for clue in clues if clue.contact))
    book.save()
    return book


def recent_cases(book: Book, chance: random.Random, caller: dict[str, str]) -> None:
    """What has come in lately; some by one who has called before."""
    days = working_days(book.today - timedelta(days=DAYS_BACK), book.today)
    known = [firm for firm in firms() if firm.uscc]
    for nth, (course, channel, kind, ago, persons, owed) in enumerate(RECENT, start=1):
        clue = Clue(
            CASES + nth, Course(course), known[nth * 7], channel, kind, len(days) - 1 - ago, persons, owed, owed
        )
        clue.contact = caller if nth % 6 == 0 else contact(clue.number)
        book.keep(tell(Telling(clue, days, book.today, chance, book.opener)))
