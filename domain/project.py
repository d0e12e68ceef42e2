"""A key project and who answers for it: the ledger of the three tiers (重点项目三级包抓).

The county's labour office searches it (一级包抓), the industry's regulator supervises (二级包抓), the city's labour office
watches both (三级督办).  A visit goes through the checklist (``rules/checklist.toml``); each problem found is an entry of
its own with a due day and an owner, and is followed until it is mended.  A risk signal is cleared by a visit and by nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import msgspec

from domain import day
from domain.dated import Dated
from domain.facts import Employer
from domain.money import yuan
from domain.project_events import (
    TIERS,
    ProjectAttached,
    ProjectChanged,
    ProjectCleared,
    ProjectCorrected,
    ProjectDeposited,
    ProjectEntrusted,
    ProjectFaulted,
    ProjectFinished,
    ProjectFollowed,
    ProjectNoted,
    ProjectRegistered,
    ProjectRevoked,
    ProjectScreened,
    ProjectSignalled,
    ProjectSupervised,
)
from domain.record import records, step
from domain.refused import NotAnAmount, Refused
from domain.rules import checklist
from domain.rules.checklist import Result

_PROBLEM = re.compile(r"P([0-9]{3,9})")

# What is refused


class NoSuchTier(Refused):
    """{office}不是该项目的{tier}级包抓责任单位:一级为项目所在地人社部门,二级为本行业主管部门,三级为市级人社部门。

    {office} does not answer for the project on tier {tier}: tier 1 is the labour office of its division, tier 2 the regulator
    of its industry, tier 3 the city's labour office.
    """


class ItemUnknown(Refused):
    """检查表没有“{item}”这一项。

    The checklist has no item "{item}".
    """

    malformed = True


class ProblemWithoutTerm(Refused):
    """整改期限{due_on}须晚于办理之日{on}。

    The problem must leave a term: {due_on} is not after {on}, the day of the act.
    """


class NoSuchProblem(Refused):
    """没有待整改的问题{problem}。

    There is no open problem {problem}.
    """


class SignalNotRaised(Refused):
    """没有待核验的风险信号{signal}。

    The risk signal {signal} is not raised.
    """


class SignalNeedsVisit(Refused):
    """风险信号{signal}只能由其出现之后的实地核验解除;第{visit}条记录不是这样的督导。

    The risk signal {signal} is cleared only by a visit made after it was raised; entry {visit} is none.
    """


class NoDeposit(Refused):
    """该项目没有存储或担保的工资保证金,不能登记{kind}。

    The project has no wage deposit stored or guaranteed; it cannot be {kind}.
    """


class FinishedBeforeBegun(Refused):
    """竣工日期{finish_on}早于开工日期{start_on}。

    The project would be finished on {finish_on}, before it begins on {start_on}.
    """


class ProblemsOpen(Refused):
    """尚有未整改的问题:{problems}。

    Problems are still open: {problems}.
    """


# What an officer may do


@dataclass
class Project(Dated, keeping=(ProjectNoted, ProjectCorrected, ProjectRevoked, ProjectAttached)):
    """A construction project on the ledger."""

    revocable = True
    lifecycle = {
        ProjectRegistered: step(once=True),
        ProjectChanged: step(ProjectRegistered),
        ProjectEntrusted: step(ProjectRegistered),
        ProjectDeposited: step(ProjectRegistered),
        ProjectScreened: step(ProjectRegistered),
        ProjectSignalled: step(ProjectScreened),
        ProjectSupervised: step(ProjectRegistered),
        ProjectFaulted: step(ProjectSupervised),
        ProjectFollowed: step(ProjectFaulted),
        ProjectCleared: step(ProjectSignalled),
        ProjectFinished: step(ProjectRegistered, once=True),
    }
    endings = frozenset({ProjectFinished})
    still_open = frozenset({ProjectFollowed, ProjectDeposited, ProjectCleared})

    number: str | None = None
    source: str | None = None
    name: str | None = None
    contractor: Employer | None = None
    owner: Employer | None = None
    contract_amount: Decimal | None = None
    government_money: bool | None = None
    signed_on: date | None = None
    permit_on: date | None = None
    start_on: date | None = None
    finish_on: date | None = None
    account_bank: str | None = None
    account_tail: str | None = None
    account_opened_on: date | None = None
    workers: int | None = None
    key_project: bool = True
    deposit: dict[str, Any] | None = None
    responsible: dict[int, dict[str, Any]] = field(default_factory=dict)
    visits: int = 0
    visited_on: str | None = None
    visit_days: dict[int, str | None] = field(default_factory=dict)  # by the entry each visit is
    registrar: str = ""  # the office that put it on the ledger
    joined: set[str] = field(default_factory=set)  # offices that took part in a visit
    severity: str | None = None
    failed_items: set[str] = field(default_factory=set)
    problems: dict[str, dict[str, Any]] = field(default_factory=dict)
    signals: dict[str, dict[str, Any]] = field(default_factory=dict)

    SHOWN: ClassVar[tuple[str, ...]] = (
        "name", "contractor", "owner", "contract_amount", "government_money", "signed_on", "permit_on", "start_on",
        "finish_on", "account_bank", "account_tail", "account_opened_on", "workers", "key_project", "deposit", "tiers",
        "visits", "visited_on", "severity", "open_problems", "open_signals",
    )  # fmt: skip

    @property
    def title(self) -> str:
        return self.name or ""

    @property
    def tiers(self) -> dict[str, dict[str, Any] | None]:
        return {str(tier): self.responsible.get(tier) for tier in TIERS}

    @property
    def open_problems(self) -> list[dict[str, Any]]:
        return [problem for problem in self.problems.values() if problem["mended_on"] is None]

    @property
    def open_signals(self) -> list[dict[str, Any]]:
        return list(self.signals.values())

    def put(self, event: ProjectRegistered | ProjectChanged) -> None:
        """Take over what an entry of the ledger says; what it leaves out stays."""
        for name in (
            "number", "source", "name", "industry", "contractor", "owner", "contract_amount", "government_money", "signed_on",
            "permit_on", "start_on", "finish_on", "account_bank", "account_tail", "account_opened_on", "workers", "key_project",
        ):  # fmt: skip
            if (value := event.fact(name)) is not None:
                setattr(self, name, value)

    @records(ProjectRegistered)
    def register(self, *, contractor: Any, owner: Any = None, **facts: Any) -> None:
        """Put a project on the ledger (列入台账)."""
        self._employer_code(contractor, "contractor")
        if owner:
            self._employer_code(owner, "owner")
        self._begins_first(facts)

    @records(ProjectChanged)
    def change(self, *, contractor: Any = None, owner: Any = None, **facts: Any) -> None:
        """Change what the ledger says of the project (变更)."""
        self._begins_first(facts)
        for at, employer in (("contractor", contractor), ("owner", owner)):
            if employer:
                self._employer_code(employer, at)

    @records(ProjectEntrusted)
    def entrust(self, *, tier: int, office_of: str, **facts: Any) -> None:
        """Name who answers for the project on a tier; a hand-over is the next such entry (包抓责任)."""
        self._an_office(office_of, "office_of")
        self._of_the_tier(tier, office_of, "office_of")

    @records(ProjectDeposited, action="deposit")
    def deposit_(self, *, kind: str, amount: Any, **facts: Any) -> None:
        """Record the wage deposit: stored, guaranteed, used, refilled, refunded (工资保证金)."""
        if yuan(amount) == 0:
            raise NotAnAmount(at="amount", value=str(amount))
        if self.deposit is None and kind not in ("stored", "guaranteed"):
            self.doubt(NoDeposit(at="kind", kind=kind))

    @records(ProjectScreened)
    def screen(self, *, raised: Any = (), **facts: Any) -> dict[str, Any]:
        """Record what screening a platform's export raised, each signal an entry of its own (大数据筛查)."""
        self.following = [(ProjectSignalled, signal) for signal in raised]
        return {"signals": tuple(f"{signal['signal']}({signal['level']})" for signal in raised)}

    @records(ProjectSupervised)
    def supervise(
        self, *, tier: int, inspectors: Any, results: Any = (), problems: Any = (), **facts: Any
    ) -> dict[str, Any]:
        """Record a visit to the site with its checklist; each problem found is an entry of its own (现场督导)."""
        self._of_the_tier(tier, self.signature.office, "tier")
        self._two_inspectors(inspectors)
        self.following = [
            (ProjectFaulted, {**problem, **self._fault(problem["item"], problem["due_on"], further)})
            for further, problem in enumerate(problems)
        ]
        return {"severity": severity_of(results, self.failed_items)}

    @records(ProjectFaulted)
    def fault(self, *, item: str, due_on: date, **facts: Any) -> dict[str, Any]:
        """Record a problem that a visit found, with its owner and its due day (问题清单)."""
        return self._fault(item, due_on)

    @records(ProjectFollowed)
    def follow(self, *, problem: str, mended: bool, due_on: date | None = None, **facts: Any) -> None:
        """Follow a problem until it is mended (跟踪整改)."""
        found = next((known for known in self.open_problems if known["problem"] == problem), None)
        if found is None:
            self.doubt(NoSuchProblem(at="problem", problem=problem))
        else:
            self._not_before(found["found_on"], ProjectFaulted)
        if due_on and not mended:
            self._leaves_a_term(due_on)

    @records(ProjectCleared)
    def clear(self, *, signal: str, visit: int, **facts: Any) -> None:
        """Clear a risk signal, by a visit made since it was raised (解除信号)."""
        if (raised := self.signals.get(signal)) is None:
            self.doubt(SignalNotRaised(at="signal", signal=signal))
        elif not self._visited_since(raised, visit):
            self.doubt(SignalNeedsVisit(at="visit", signal=signal, visit=visit))
        self._not_before(self.visit_days.get(visit), ProjectSupervised)

    @records(ProjectFinished)
    def finish(self, **facts: Any) -> None:
        """Record that the project is finished; its problems must be mended first (完工)."""
        if self.open_problems:
            self.doubt(ProblemsOpen(problems=[problem["problem"] for problem in self.open_problems]))

    def _begins_first(self, facts: dict[str, Any]) -> None:
        """Refuse a project that would be finished before it begins."""
        said = [str(facts.get(name) or getattr(self, name) or "") for name in ("start_on", "finish_on")]
        start_on, finish_on = (day.exact(text) if day.valid(text) else None for text in said)
        if start_on and finish_on and finish_on < start_on:
            self.doubt(FinishedBeforeBegun(at="finish_on", start_on=start_on, finish_on=finish_on))

    def _fault(self, item: str, due_on: date, further: int = 0) -> dict[str, Any]:
        if item not in checklist.ITEMS:
            raise ItemUnknown(at="item", item=item)
        self._leaves_a_term(due_on)
        number = self._last_problem + 1 + further
        return {"problem": f"P{number:03d}", "severity": checklist.ITEMS[item].severity}

    @property
    def _last_problem(self) -> int:
        """The highest number a problem ever had, its entry revoked or not."""
        recorded = (entry.event.problem for entry in self.entries if isinstance(entry.event, ProjectFaulted))
        numbers = (_PROBLEM.fullmatch(problem) for problem in (*recorded, *self.problems))
        return max((int(number[1]) for number in numbers if number), default=0)

    def _leaves_a_term(self, due_on: date) -> None:
        if (on := day.latest(self.signature.on)) and due_on <= on:
            self.doubt(ProblemWithoutTerm(at="due_on", due_on=due_on, on=on))

    def _of_the_tier(self, tier: int, office: str, at: str) -> None:
        if tier in TIERS and not answers_for(tier, office, self.division, self.industry):
            self.doubt(NoSuchTier(at=at, tier=tier, office=office))

    def _visited_since(self, raised: dict[str, Any], visit: int) -> bool:
        """Whether an entry is a visit recorded after a signal was raised, and made on no day before it."""
        if visit not in self.visit_days or visit <= raised["version"]:
            return False
        made, first = day.latest(self.visit_days[visit]), day.earliest(raised["first_seen"])
        return made is None or first is None or made >= first


def answers_for(tier: int, office: str, division: str, industry: str | None) -> bool:
    """Whether an office answers on a tier for a project of a division and an industry (属地管理、行业监管、统筹抓总)."""
    of, _, kind = office.partition("-")
    city = f"{division[:4]}00"
    match tier:
        case 1:
            return kind in TIERS[1] and of == division
        case 2:
            return kind == (industry or "other") and of in (division, city)
        case _:
            return kind in TIERS[3] and of == city


def severity_of(results: Any, failed_before: set[str]) -> str | None:
    """How grave what a checklist shows is.  Raises ``ItemUnknown``."""
    known = [result if isinstance(result, Result) else msgspec.convert(result, Result) for result in results]
    for result in known:
        if result.item not in checklist.ITEMS:
            raise ItemUnknown(at="results", item=result.item)
    return checklist.severity(known, failed_before)
