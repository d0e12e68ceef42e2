"""A key project and who answers for it: the ledger of the three tiers (重点项目三级包抓).

The county's labour office searches it (一级包抓), the industry's regulator supervises (二级包抓), the city's labour office
watches both (三级督办).  A visit goes through the checklist (``rules/checklist.toml``); each problem found is an entry of
its own with a due day and an owner, and is followed until it is mended.  A risk signal is cleared by a visit and by nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta

from domain import codes
from domain.facts import Count, Division, Employer, Name, Officers, Sha256
from domain.record import Correction, Event, Note, Record, Refused, Revocation, Text, records, step
from domain.rules import checklist
from domain.rules.checklist import Result

Tier = Literal[1, 2, 3]
"""一级 county labour office, 二级 industry regulator, 三级 city labour office."""

TIERS: dict[int, frozenset[str]] = {
    1: frozenset({"hrss", "county_hrss"}),
    2: frozenset({"housing", "transport", "water", "energy", "agriculture", "other"}),
    3: frozenset({"hrss", "city_hrss", "rights_centre", "task_force"}),
}
"""The kinds of office that hold each tier."""

# What can happen to a project


class ProjectRegistered(Event, frozen=True, kw_only=True):
    """{by}将项目“{name}”列入台账:施工总承包{contractor}[,合同价{contract_amount}元][,编号{number}]。

    {by} put the project "{name}" on the ledger: general contractor {contractor}[, contract {contract_amount} yuan][, number
    {number}].
    """

    KIND: ClassVar[str | None] = "industry"
    AMOUNT: ClassVar[str] = "contract_amount"
    PERSONS: ClassVar[str] = "workers"
    COMPUTED: ClassVar[frozenset[str]] = frozenset({"number", "source"})
    WORD, OPENS = "registered", True

    name: Name
    division: Division
    industry: codes.Industry
    contractor: Employer
    owner: Employer | None = None
    contract_amount: Decimal | None = None
    government_money: bool | None = None
    signed_on: date | None = None
    permit_on: date | None = None
    start_on: date | None = None
    finish_on: date | None = None
    account_bank: Name | None = None
    account_tail: Annotated[str, Meta(pattern=r"^\d{4}$")] | None = None  # the last four digits, as papers print them
    account_opened_on: date | None = None
    workers: Count | None = None
    key_project: bool = True
    number: Name | None = None
    source: Name | None = None  # the id under which a ledger of another office knows it

    def apply(self, project: Project) -> None:
        project.division = self.division
        project.put(self)


class ProjectChanged(Event, frozen=True, kw_only=True):
    """{by}变更项目台账:{reason}[,合同价{contract_amount}元][,工人{workers}人]。

    {by} changed the ledger of the project: {reason}[, contract {contract_amount} yuan][, {workers} workers].
    """

    KIND: ClassVar[str | None] = "reason"
    AMOUNT: ClassVar[str] = "contract_amount"
    PERSONS: ClassVar[str] = "workers"

    reason: Text
    name: Name | None = None
    industry: codes.Industry | None = None
    contractor: Employer | None = None
    owner: Employer | None = None
    contract_amount: Decimal | None = None
    government_money: bool | None = None
    signed_on: date | None = None
    permit_on: date | None = None
    start_on: date | None = None
    finish_on: date | None = None
    account_bank: Name | None = None
    account_tail: Annotated[str, Meta(pattern=r"^\d{4}$")] | None = None
    account_opened_on: date | None = None
    workers: Count | None = None

    def apply(self, project: Project) -> None:
        project.put(self)


class ProjectEntrusted(Event, frozen=True, kw_only=True):
    """{by}确定{tier}级包抓责任:{officer}({office_of})[,原因:{reason}]。

    {by} made {officer} ({office_of}) answer for the project on tier {tier}[: {reason}].
    """

    KIND: ClassVar[str | None] = "tier_code"

    tier: Tier
    office_of: Name
    officer: Name
    reason: Text | None = None

    @property
    def tier_code(self) -> str:
        return f"tier_{self.tier}"

    @property
    def to_office(self) -> str:
        return self.office_of

    @property
    def officers(self) -> tuple[str, ...]:
        return (self.officer,)

    def apply(self, project: Project) -> None:
        project.responsible[self.tier] = {"office": self.office_of, "officer": self.officer, "since": self.on}
        project.offices.add(self.office_of)


class ProjectDeposited(Event, frozen=True, kw_only=True):
    """{by}登记工资保证金{kind}{amount}元[,有效期至{expires_on}][,文号{document_no}]。

    {by} recorded a wage deposit {kind}: {amount} yuan[, valid until {expires_on}][, document {document_no}].
    """

    kind: codes.DepositKind
    amount: Decimal
    expires_on: date | None = None
    document_no: Name | None = None

    def apply(self, project: Project) -> None:
        project.deposit = {"kind": self.kind, "amount": self.amount, "on": self.on, "expires_on": self.expires_on}


class ProjectScreened(Event, frozen=True, kw_only=True):
    """{by}导入{source_platform}数据筛查({lines}行,SHA-256 {sha256}):触发信号{signals}[,未确认阈值:{undecided}]。

    {by} screened {lines} lines of {source_platform} (SHA-256 {sha256}): signals {signals}[; thresholds not decided:
    {undecided}].
    """

    KIND: ClassVar[str | None] = "source_platform"
    COMPUTED: ClassVar[frozenset[str]] = frozenset({"lines", "sha256", "signals", "undecided"})

    source_platform: Name
    lines: Count
    sha256: Sha256  # of the files, in the order of their kinds
    signals: Officers
    undecided: Officers = ()  # signals that could not be judged: the office has not decided their thresholds


class ProjectSignalled(Event, frozen=True, kw_only=True):
    """风险信号{signal}({level})触发:{count}行,阈值{thresholds}。

    Risk signal {signal} ({level}) was raised by {count} lines, thresholds {thresholds}.
    """

    KIND: ClassVar[str | None] = "signal"
    COMPUTED: ClassVar[frozenset[str]] = frozenset({"signal", "level", "thresholds", "rows", "count"})

    signal: Name
    level: Name
    thresholds: dict[str, str] = {}  # each setting used, and its value that day
    rows: tuple[int, ...] = ()  # the lines of the upload it stands on
    count: Count = 0

    def apply(self, project: Project) -> None:
        first = project.signals.get(self.signal, {}).get("first_seen", self.on)
        project.signals[self.signal] = {
            "signal": self.signal, "level": self.level, "first_seen": first, "version": project.version,
            "thresholds": self.thresholds, "rows": list(self.rows), "count": self.count,
        }  # fmt: skip


class ProjectSupervised(Event, frozen=True, kw_only=True):
    """{by}开展{tier}级现场督导[(四不两直:{unannounced})],人员{inspectors}[,联合{team}][,访谈工人{workers_interviewed}人][,程度{severity}][:{finding}]。

    {by} supervised the site on tier {tier}[ (unannounced: {unannounced})], by {inspectors}[, with {team}][,
    {workers_interviewed} workers interviewed][, severity {severity}][: {finding}].
    """

    KIND: ClassVar[str | None] = "tier_code"
    AMOUNT: ClassVar[str] = "arrears_amount"
    PERSONS: ClassVar[str] = "arrears_persons"
    COMPUTED: ClassVar[frozenset[str]] = frozenset({"severity"})

    tier: Tier
    inspectors: Officers
    results: tuple[Result, ...] = ()
    unannounced: bool = False
    team: Officers = ()
    finding: Text | None = None
    workers_interviewed: Count | None = None
    arrears_persons: Count | None = None
    arrears_amount: Decimal | None = None
    documents: Officers = ()
    next_on: date | None = None
    severity: codes.Severity | None = None

    @property
    def tier_code(self) -> str:
        return f"tier_{self.tier}"

    def apply(self, project: Project) -> None:
        project.visits += 1
        project.visited_on = max(filter(None, (project.visited_on, self.on)), default=None)
        project.visit_versions.append(project.version)
        project.failed_items = {r.item for r in self.results if r.result == "fail"}
        project.severity = self.severity


class ProjectFaulted(Event, frozen=True, kw_only=True):
    """{by}登记问题{problem}({item}):{text},责任人{owner},限{due_on}前整改。

    {by} recorded problem {problem} ({item}): {text}; {owner} is to mend it by {due_on}.
    """

    KIND: ClassVar[str | None] = "item"
    COMPUTED: ClassVar[frozenset[str]] = frozenset({"problem"})

    problem: Name
    item: Name
    severity: codes.Severity
    text: Text
    owner: Name
    due_on: date

    def apply(self, project: Project) -> None:
        project.problems[self.problem] = {
            "problem": self.problem, "item": self.item, "severity": self.severity, "text": self.text, "owner": self.owner,
            "due_on": self.due_on, "mended_on": None,
        }  # fmt: skip


class ProjectFollowed(Event, frozen=True, kw_only=True):
    """{by}跟踪问题{problem}:{finding},已整改{mended}[,再限{due_on}]。

    {by} followed up problem {problem}: {finding}; mended {mended}[; to be mended by {due_on} now].
    """

    KIND: ClassVar[str | None] = "problem"

    problem: Name
    mended: bool
    finding: Text
    due_on: date | None = None  # a new day, where it is not mended

    def apply(self, project: Project) -> None:
        known = project.problems.get(self.problem)
        if known and self.mended:
            known["mended_on"] = self.on
        elif known and self.due_on:
            known["due_on"] = self.due_on


class ProjectCleared(Event, frozen=True, kw_only=True):
    """{by}经实地核验(第{visit}条记录)解除风险信号{signal}:{finding}。

    {by} cleared risk signal {signal} after the visit in entry {visit}: {finding}.
    """

    KIND: ClassVar[str | None] = "signal"

    signal: Name
    visit: Count
    finding: Text

    def apply(self, project: Project) -> None:
        project.signals.pop(self.signal, None)


class ProjectFinished(Event, frozen=True, kw_only=True):
    """{by}登记项目完工:{reason}。

    {by} recorded that the project is finished: {reason}.
    """

    KIND: ClassVar[str | None] = "reason"
    WORD = "finished"

    reason: Text


class ProjectNoted(Note, frozen=True, kw_only=True):
    __doc__ = Note.__doc__


class ProjectCorrected(Correction, frozen=True, kw_only=True):
    __doc__ = Correction.__doc__
    KIND: ClassVar[str | None] = "field"


class ProjectRevoked(Revocation, frozen=True, kw_only=True):
    __doc__ = Revocation.__doc__
    KIND: ClassVar[str | None] = "reason"


# What is refused


class NoSuchTier(Refused):
    """{tier}级包抓责任单位的类别有误:{office}。

    {office} is not a kind of office that answers on tier {tier}.
    """


class ItemUnknown(Refused):
    """检查表没有“{item}”这一项。

    The checklist has no item "{item}".
    """

    malformed = True


class ProblemWithoutTerm(Refused):
    """整改期限{due_on}须晚于督导之日{on}。

    The problem must leave a term: {due_on} is not after {on}, the day of the visit.
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


class ProblemsOpen(Refused):
    """尚有未整改的问题:{problems}。

    Problems are still open: {problems}.
    """


# What an officer may do


@dataclass
class Project(Record, keeping=(ProjectNoted, ProjectCorrected, ProjectRevoked)):
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
    visit_versions: list[int] = field(default_factory=list)
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

    @records(ProjectChanged)
    def change(self, *, contractor: Any = None, owner: Any = None, **facts: Any) -> None:
        """Change what the ledger says of the project (变更)."""
        for at, employer in (("contractor", contractor), ("owner", owner)):
            if employer:
                self._employer_code(employer, at)

    @records(ProjectEntrusted)
    def entrust(self, *, tier: int, office_of: str, **facts: Any) -> None:
        """Name who answers for the project on a tier; a hand-over is the next such entry (包抓责任)."""
        self._an_office(office_of, "office_of")
        if tier in TIERS and office_of.partition("-")[2] not in TIERS[tier]:
            self.doubt(NoSuchTier(at="office_of", tier=tier, office=office_of))

    @records(ProjectDeposited, action="deposit")
    def deposit_(self, **facts: Any) -> None:
        """Record the wage deposit: stored, guaranteed, used, refilled, refunded (工资保证金)."""

    @records(ProjectScreened)
    def screen(self, *, raised: Any = (), **facts: Any) -> dict[str, Any]:
        """Record what screening a platform's export raised, each signal an entry of its own (大数据筛查)."""
        self.following = [(ProjectSignalled, signal) for signal in raised]
        return {"signals": tuple(f"{signal['signal']}({signal['level']})" for signal in raised)}

    @records(ProjectSupervised)
    def supervise(self, *, inspectors: Any, results: Any = (), problems: Any = (), **facts: Any) -> dict[str, Any]:
        """Record a visit to the site with its checklist; each problem found is an entry of its own (现场督导)."""
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
    def follow(self, *, problem: str, **facts: Any) -> None:
        """Follow a problem until it is mended (跟踪整改)."""
        if problem not in {known["problem"] for known in self.open_problems}:
            self.doubt(NoSuchProblem(at="problem", problem=problem))

    @records(ProjectCleared)
    def clear(self, *, signal: str, visit: int, **facts: Any) -> None:
        """Clear a risk signal, by a visit made since it was raised (解除信号)."""
        if (raised := self.signals.get(signal)) is None:
            raise SignalNotRaised(at="signal", signal=signal)
        if visit not in self.visit_versions or visit <= raised["version"]:
            raise SignalNeedsVisit(at="visit", signal=signal, visit=visit)

    @records(ProjectFinished)
    def finish(self, **facts: Any) -> None:
        """Record that the project is finished; its problems must be mended first (完工)."""
        if self.open_problems:
            self.doubt(ProblemsOpen(problems=[problem["problem"] for problem in self.open_problems]))

    def _fault(self, item: str, due_on: date, further: int = 0) -> dict[str, Any]:
        if item not in checklist.ITEMS:
            raise ItemUnknown(at="item", item=item)
        if self.signature.on and due_on.isoformat() <= self.signature.on:
            self.doubt(ProblemWithoutTerm(at="due_on", due_on=due_on, on=self.signature.on))
        return {"problem": f"P{len(self.problems) + 1 + further:03d}"}


def severity_of(results: Any, failed_before: set[str]) -> str | None:
    """How grave what a checklist shows is.  Raises ``ItemUnknown``."""
    known = [result if isinstance(result, Result) else msgspec.convert(result, Result) for result in results]
    for result in known:
        if result.item not in checklist.ITEMS:
            raise ItemUnknown(at="results", item=result.item)
    return checklist.severity(known, failed_before)
