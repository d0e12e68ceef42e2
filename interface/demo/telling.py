"""A case being told, day by day: the steps its story is made of.

A step says who does what, and how many working days after the step before.  It is done as an officer does it: the case decides,
and refuses what is unlawful.  A story stops where its day has not come yet.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from application.office import NAMESPACE
from domain.case import Case
from domain.record import Signature
from interface.demo.city import CITY, COUNTIES, SEED, Firm, later, officer, team

WORKS = (
    "安置房二期",
    "滨河路改造",
    "中学教学楼",
    "物流园厂房",
    "引水支渠",
    "棚改三标段",
    "乡村道路",
    "污水管网",
    "光伏电站",
)
LAW = "保障农民工工资支付条例第三条、劳动保障监察条例第二十六条"
TERM = 7  # days that an order leaves
SATISFACTION = ("satisfied",) * 11 + ("basically",) * 5 + ("dissatisfied",) * 2 + ("no_answer",) * 2
MODES = ("phone",) * 9 + ("visit", "visit", "periodic_check", "follow_up", "random_check")
PAYERS = ("employer",) * 12 + ("general_contractor_advance",) * 6 + ("deposit", "emergency_fund")


@dataclass(frozen=True)
class Course:
    """A way a case can go: how many of the city's do, and how many working days it may take."""

    tell: Callable[[Telling], None]
    count: int = 1
    days: int = 0
    size: int = 1  # by how much it is larger than an ordinary one
    pays: int = 0  # percent of what is owed that comes in by the end
    closes: bool = True
    verified: bool = True
    channel: str | None = None  # if it takes a certain one
    kind: str | None = None
    old: bool = False  # it came early in the year, or else only in the last days
    fresh: bool = False
    coded: bool = False  # against a firm of its own with a credit code


@dataclass(slots=True)
class Clue:
    """What is reported, and which way it will go."""

    number: int
    course: Course
    firm: Firm
    channel: str = "hotline_12345"
    kind: str = "complaint"
    day: int = 0  # on which of the working days it comes
    persons: int = 1
    owed: int = 0  # yuan, if anything turns out to be owed
    paid: int = 0
    repeats: UUID | None = None  # the case it repeats
    contact: dict[str, str] | None = None
    seed: int = SEED

    @property
    def id(self) -> UUID:
        return uuid5(NAMESPACE, f"demo|{self.seed}|{self.number}")

    @property
    def running(self) -> str:
        """Its running number; no number that the office gives out has a letter in it."""
        return f"D{self.number:05d}" if self.seed == SEED else f"D{self.seed - SEED}-{self.number:05d}"


class NotYet(Exception):
    """The day of the next step has not come."""


Opener = Callable[[Clue, Signature, dict[str, Any]], Case]


def opened(clue: Clue, signature: Signature, facts: dict[str, Any]) -> Case:
    """The case of a clue, its receipt pending."""
    case = Case(clue.id).signed(signature)
    case.receive(**facts)
    return case


@cache
def wages_of(day: str) -> tuple[str, str]:
    """The months that people complain about on a day: up to the last, from the third before it."""
    last = date.fromisoformat(day).replace(day=1) - timedelta(days=1)
    return f"{last - timedelta(days=75):%Y-%m}", f"{last:%Y-%m}"


class Telling:
    """A case being told; ``days`` are the working days there are to tell of."""

    def __init__(self, clue: Clue, days: Sequence[str], today: date, chance: random.Random, opener: Opener = opened):
        self.clue, self.days, self.today, self.chance, self.opener = clue, days, today, chance, opener
        self.at, self.division = clue.day, clue.firm.division
        self.case: Case

    @property
    def on(self) -> str:
        if self.at >= len(self.days):
            raise NotYet
        return self.days[self.at]

    def upto(self, days: int) -> int:
        return self.chance.randrange(days + 1)

    def act(self, action: str, role: str, after: int = 0, /, **facts: Any) -> None:
        """Let an officer of a role do something, so many working days later."""
        self.at += after
        self.case.signed(self._signature(role)).do(action, facts)
        if action in ("correct", "revoke"):  # what was put right changes how the case stands
            pending = self.case.pending
            self.case = Case.replay(self.case.id, self.case.entries)
            self.case.pending = pending

    def _signature(self, role: str) -> Signature:
        actor = officer(role, self.division)
        return Signature(actor.officer, role, actor.office, self.on, self.today)

    @property
    def head(self) -> str:
        return officer("body_head", self.division).officer

    @property
    def inspectors(self) -> tuple[str, str]:
        return team(self.division)

    def paper(self, word: str) -> str:
        return f"{COUNTIES[self.division].short}人社监{word}字〔{self.on[:4]}〕第{self.clue.running}号"

    # Coming in

    def receive(self) -> None:
        clue, since_until = self.clue, wages_of(self.on)
        claimed = clue.owed * self.chance.choice((100, 100, 104, 110, 125)) // 100
        works = (
            f"{COUNTIES[self.division].short}{WORKS[clue.firm.number % 9]}" if clue.firm.industry != "other" else None
        )
        facts = {
            "channel": clue.channel, "complainant_kind": clue.kind, "division": self.division, "employer": clue.firm.employer,
            "persons_claimed": clue.persons, "amount_claimed": f"{claimed}.00" if claimed else None, "period_from": since_until[0],
            "period_to": since_until[1], "project": works, "industry": clue.firm.industry,
            "summary": f"反映{works or clue.firm.name}拖欠{clue.persons}名工人工资,请求核查处理",
            "number": f"{self.division}-{self.on[:4]}-{clue.running}",
        }  # fmt: skip
        self.case = self.opener(clue, self._signature("intake"), facts)

    def assign(self, after: int | None = None) -> None:
        """Give it to the county's office: by the city where the platform brought it, else by the counter."""
        from_city = self.clue.channel in (
            "national_platform",
            "province_platform",
            "superior_transfer",
            "hotline_12345",
        )
        after = (0, 0, 0, 1, 1, 1, 1, 2)[self.upto(7)] if after is None else after
        self.act(
            "assign", "dispatcher" if from_city else "intake", after,
            kind="task" if from_city else "forward", to_office=f"{self.division}-hrss", officers=self.inspectors,
        )  # fmt: skip
        if self.clue.channel == "petition":
            self.act("pursue", "inspector_second", self.upto(1), kind="petitioner_told", to="信访人")

    def verify(self, finding: str, after: int | None = None, **facts: Any) -> None:
        if finding == "true_arrears":
            facts = {"persons_confirmed": self.clue.persons, "amount_confirmed": f"{self.clue.owed}.00", **facts}
        self.act(
            "inspect", "inspector_second", self.upto(2) if after is None else after,
            kind="verification", inspectors=self.inspectors, finding=finding, **facts,
        )  # fmt: skip

    # The filed case

    def file(self, after: int) -> None:
        self.act(
            "file", "inspector_lead", after, cause="拖欠劳动报酬", inspectors=self.inspectors, approved_by=self.head,
            document_no=self.paper("立"), basis="劳动保障监察条例第十四条",
        )  # fmt: skip

    def investigate(self, after: int, *, kind: str = "onsite", final: bool = True) -> None:
        self.act(
            "inspect", "inspector_lead", after, kind=kind, inspectors=self.inspectors, finding="true_arrears", final=final,
            persons_confirmed=self.clue.persons, amount_confirmed=f"{self.clue.owed}.00",
        )  # fmt: skip

    def order(
        self, after: int, kind: str = "rectification", *, word: str = "令", days: int = TERM, **facts: Any
    ) -> None:
        """Order, and serve it the day after."""
        self.at += after
        facts = {
            "amount": f"{self.clue.owed}.00",
            "persons": self.clue.persons,
            "due_on": later(self.on, days),
            **facts,
        }
        self.act(
            "order", "inspector_lead", kind=kind, respondents=(self.clue.firm.name,), basis=LAW,
            document_no=self.paper(word), approved_by=self.head, **facts,
        )  # fmt: skip
        number = self.paper(word)
        self.act(
            "serve", "inspector_second", 1, document_no=number, mode=("direct", "direct", "post", "left")[self.upto(3)]
        )

    # Money, and the end

    def pay(self, after: int | None = None, amount: int | None = None, *, kind: str = "arrears", **facts: Any) -> None:
        """Record a payment: of all that is paid, unless an amount is given."""
        self.act(
            "pay", "inspector_lead", self.upto(3) if after is None else after, kind=kind, persons=self.clue.persons,
            amount=f"{self.clue.paid if amount is None else amount}.00", payer_kind=PAYERS[self.upto(len(PAYERS) - 1)],
            mode="银行代发", **facts,
        )  # fmt: skip

    def close(self, reason: str, after: int | None = None, **facts: Any) -> None:
        if self.clue.channel == "petition":
            self.act("pursue", "inspector_second", kind="petition_answered", to="信访人")
        after = self.upto(1) if after is None else after
        self.act("close", "inspector_lead", after, reason=reason, approved_by=self.head, **facts)

    def revisit(self, after: int, satisfaction: str | None = None, *, rebound: bool = False, **facts: Any) -> None:
        satisfaction = satisfaction or SATISFACTION[self.upto(len(SATISFACTION) - 1)]
        reached = satisfaction != "no_answer"
        money = None if not reached else "none" if rebound else "full" if self.clue.paid else None
        told = {"mode": MODES[self.upto(len(MODES) - 1)], "contacted": reached, "rebound": rebound, "money_received": money,
                "satisfaction": satisfaction, **facts}  # fmt: skip
        self.act("revisit", "revisit_officer", after, **told)

    def propose_to(self, office: str, action: str, after: int, **facts: Any) -> None:
        """Let the city's supervisor act towards another office."""
        self.act(action, "supervisor", after, to_office=f"{CITY}-{office}", **facts)
