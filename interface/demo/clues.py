"""How many clues go which way, by which channel, about whom, and how much money comes of them.

The tables add up to what the article prints: 2,081 clues, 78 petitions closed, 12 of the 19 orders (seven more are made at
inspections), 4,800,000 yuan recovered.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate

from interface.demo import cases
from interface.demo.city import BY_CASES, INSPECTED, SEED, SINCE, UNTIL, Firm, firms, working_days
from interface.demo.telling import Clue, Course

RECOVERED = 4_800_000
PETITIONS_CLOSED, PETITIONS_OPEN = 78, 14
CONTACTS = 40
OLD, FRESH, LATELY = 12, 5, 400
"""The first working days, the last; and how many clues back a repeat looks."""

# Which way they go


COURSES = (
    Course(cases.settled, 160, 12, pays=100),
    Course(cases.settled_revisited, 110, 22, pays=100),
    Course(cases.in_parts, 24, 20, pays=100),
    Course(cases.with_current_wages, 25, 12),
    Course(cases.unfounded, 954, 9),
    Course(cases.unfounded_revisited, 190, 19),
    Course(cases.pointed, 170, 11),
    Course(cases.elsewhere, 76, 8),
    Course(cases.repeated, 96, 9),
    Course(cases.returned, 14, 11),
    Course(cases.handed_over, 8, 14, pays=100),
    Course(cases.corrected, 6, 13, pays=100),
    Course(cases.rebounded, 6, 20, size=2),
    Course(cases.rebounded_settled, 5, 36, pays=100),
    Course(cases.answered_for, 1, 20, size=9, pays=100, channel="public_opinion", kind="none"),
    Course(cases.declined, 34, 6, closes=False, verified=False, kind="complaint"),
    Course(cases.declined_late, 5, 12, closes=False, verified=False, kind="complaint"),
    Course(cases.filed_and_paid, 36, 32, size=5, pays=100),
    Course(cases.filed_late, 4, 15, size=3, closes=False, kind="complaint"),
    Course(cases.investigated, 5, 18, size=4, closes=False),
    Course(cases.investigating, 6, 15, size=4, closes=False),
    Course(cases.extended, 3, 22, size=8, closes=False),
    Course(cases.filed_only, 6, 8, size=3, closes=False),
    Course(cases.paid_open, 8, 24, size=4, pays=100, closes=False),
    Course(cases.withdrawn, 5, 26, size=3, pays=100, closes=False),
    Course(cases.treated, 7, 44, size=8, pays=100),
    Course(cases.penalised, 2, 42, size=6, pays=100),
    Course(cases.decided, 2, 32, size=8, closes=False),
    Course(cases.ordered_paid, 3, 30, size=7, pays=100),
    Course(cases.ordered_on_the_spot, 2, 18, size=3, pays=100),
    Course(cases.ordered_partly, 2, 42, size=12, pays=60, closes=False),
    Course(cases.ordered_unpaid, 4, 52, size=16, closes=False, kind="complaint", old=True, coded=True),
    Course(cases.sent_to_police, 1, 50, size=22, closes=False, kind="complaint", old=True, coded=True),
    Course(cases.order_revoked, 1, 32, size=6, closes=False),
    Course(cases.escalated, 1, 32, size=40, pays=60, closes=False, channel="superior_transfer"),
    Course(cases.under_a_cadre, 1, 28, size=24, pays=70, closes=False),
    Course(cases.under_a_cadre_closed, 1, 30, size=20, pays=100),
    Course(cases.department, 9, 9, size=2, closes=False),
    Course(cases.verifying, 22, 6, closes=False),
    Course(cases.assigned, 20, 3, closes=False, verified=False),
    Course(cases.received, 34, 0, closes=False, verified=False, fresh=True),
    Course(cases.received, 12, 40, closes=False, verified=False, old=True),
)  # fmt: skip
"""The courses of the city; those that stay unpaid are of the firms that are listed later."""

CHANNELS = {
    "hotline_12345": 41, "national_platform": 18, "province_platform": 11, "complaint_visit": 11, "complaint_phone": 8,
    "superior_transfer": 2, "department_transfer": 2, "smart_call": 2, "public_opinion": 1, "letter": 1, "self_check": 1,
    "supervision_find": 1, "inspection_find": 1,
}  # fmt: skip
"""Of a hundred clues that are no petitions, how many come by each; a rare one comes by discipline inspection."""
NOBODYS = frozenset({"public_opinion", "self_check", "supervision_find", "inspection_find", "discipline_handover"})

SEASON = ((date(2025, 1, 27), 16), (date(2025, 2, 14), 7), (date(2025, 3, 14), 10), (UNTIL, 9))
"""How busy a day is, up to a day: before the Spring Festival everybody wants to be paid."""


def of_the_city() -> list[Clue]:
    """The 2,081 clues of the article, in the order of their days."""
    chance = random.Random(SEED)
    days = working_days(SINCE, UNTIL)
    came = [(_day(course, days, chance), course) for course in COURSES for _ in range(course.count)]
    chance.shuffle(came)
    came.sort(key=lambda each: each[0])
    clues = [Clue(number, course, firms()[0], day=day) for number, (day, course) in enumerate(came, start=1)]
    _against_firms(clues, chance)
    _by_channels(clues, chance)
    _with_money(clues, chance)
    _repeating(clues, chance)
    for clue in chance.sample([clue for clue in clues if clue.kind != "none"], CONTACTS):
        clue.contact = contact(clue.number)
    return clues


def further(seed: int, count: int, chance: random.Random, days: Sequence[str]) -> Iterator[Clue]:
    """Ever more clues, in much the same proportions, over other days; none of their numbers is counted on."""
    ways = [course for course in COURSES if course.tell not in (cases.received, cases.repeated, cases.sent_to_police)]
    shares = list(accumulate(course.count for course in ways))
    channels, weights = list(CHANNELS), list(accumulate(CHANNELS.values()))
    for number in range(1, count + 1):
        [course] = chance.choices(ways, cum_weights=shares)
        channel = course.channel or chance.choices(channels, cum_weights=weights)[0]
        owed = _money(course, chance)
        yield Clue(
            number, course, _often(firms(), chance), channel, course.kind or _kind(channel, chance), chance.randrange(len(days)),
            _persons(owed, chance), owed, owed * course.pays // 100, seed=seed,
        )  # fmt: skip


# The day, the firm, the channel


def _day(course: Course, days: Sequence[str], chance: random.Random) -> int:
    if course.fresh:
        return len(days) - 1 - chance.randrange(FRESH)
    last = len(days) - course.days
    if course.old:
        return chance.randrange(min(last, OLD))
    return chance.choices(range(last), weights=[_busy(day) for day in days[:last]])[0]


def _busy(day: str) -> int:
    return next(weight for until, weight in SEASON if day <= until.isoformat())


def _against_firms(clues: Sequence[Clue], chance: random.Random) -> None:
    """Whom each is about: every firm that clues had inspected at least once, a few of them again and again."""
    inspected, others = list(firms()[:BY_CASES]), firms()[INSPECTED:]
    coded = chance.sample([firm for firm in inspected if firm.uscc], sum(clue.course.coded for clue in clues))
    unmet = chance.sample(inspected, len(inspected))
    for clue in clues:
        if clue.course.coded:
            clue.firm = coded.pop()
        elif not clue.course.verified:
            clue.firm = chance.choice(others)
        elif unmet and clue.course.tell is not cases.repeated:
            clue.firm = unmet.pop()
        else:
            clue.firm = _often(inspected, chance)


def _often(known: Sequence[Firm], chance: random.Random) -> Firm:
    """One of the firms, the first of them more often than the last."""
    return known[int(len(known) * chance.random() ** 2)]


def _by_channels(clues: Sequence[Clue], chance: random.Random) -> None:
    for clue, channel in zip(clues, chance.choices(list(CHANNELS), list(CHANNELS.values()), k=len(clues)), strict=True):
        clue.channel = clue.course.channel or channel
    free = [clue for clue in clues if clue.course.channel is None]
    closing = [clue for clue in free if clue.course.closes]
    staying = [clue for clue in free if not clue.course.closes]
    for clue in chance.sample(closing, PETITIONS_CLOSED) + chance.sample(staying, PETITIONS_OPEN):
        clue.channel = "petition"
    next(clue for clue in closing if clue.channel == "letter").channel = "discipline_handover"
    for clue in clues:
        if clue.course.kind == "complaint" and clue.channel in NOBODYS:
            clue.channel = "complaint_visit"
        clue.kind = clue.course.kind or _kind(clue.channel, chance)


def _kind(channel: str, chance: random.Random) -> str:
    return "none" if channel in NOBODYS else "report" if chance.random() < 0.07 else "complaint"


# The money


def _with_money(clues: Sequence[Clue], chance: random.Random) -> None:
    """Many small sums and a few large ones, which together come to what was recovered, to the yuan."""
    for clue in clues:
        clue.owed = _money(clue.course, chance)
    paying = [clue for clue in clues if clue.course.pays]
    promised = sum(clue.owed * clue.course.pays // 100 for clue in paying)
    for clue in paying:
        clue.owed = max(clue.owed * RECOVERED // promised // 50 * 50, 400)
        clue.paid = clue.owed * clue.course.pays // 100
    largest = max((clue for clue in paying if clue.course.pays == 100), key=lambda clue: clue.owed)
    largest.owed = largest.paid = largest.paid + RECOVERED - sum(clue.paid for clue in paying)
    for clue in clues:
        clue.persons = _persons(clue.owed, chance)


def _money(course: Course, chance: random.Random) -> int:
    return int(chance.lognormvariate(8.9, 0.8)) * course.size // 50 * 50 + 400


def _persons(owed: int, chance: random.Random) -> int:
    return max(1, owed // chance.randrange(4_000, 14_000))


# The rest


def _repeating(clues: Sequence[Clue], chance: random.Random) -> None:
    """A repeat is about the same firm as a clue that came before it."""
    for nth, clue in enumerate(clues):
        if clue.course.tell is cases.repeated:
            before = [
                known for known in clues[max(0, nth - LATELY) : nth] if known.course.verified and not known.repeats
            ]
            first = chance.choice(before)
            clue.firm, clue.repeats, clue.owed, clue.persons = first.firm, first.id, first.owed, first.persons


def contact(number: int) -> dict[str, str]:
    """A worker of no name, with a telephone that no network has."""
    return {"name": f"工人甲{number:04d}", "phone": f"1000000{number:04d}"}
