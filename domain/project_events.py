"""What can happen to a project.  Each event's docstring is the sentence an auditor reads, Chinese then English."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal

from domain import codes
from domain.event import Attachment, Correction, Event, Note, Revocation, Text
from domain.facts import Count, Division, Employer, Name, Officers, Sha256, Tail
from domain.rules.checklist import Result

if TYPE_CHECKING:
    from domain.project import Project

Tier = Literal[1, 2, 3]
"""一级 county labour office, 二级 industry regulator, 三级 city labour office."""

TIERS: dict[int, frozenset[str]] = {
    1: frozenset({"hrss", "county_hrss"}),
    2: frozenset({"housing", "transport", "water", "energy", "agriculture", "other"}),
    3: frozenset({"hrss", "city_hrss", "rights_centre", "task_force"}),
}
"""The kinds of office that hold each tier; of which division and industry, ``answers_for`` says."""


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
    account_tail: Tail | None = None
    account_opened_on: date | None = None
    workers: Count | None = None
    key_project: bool = True
    number: Name | None = None
    source: Name | None = None  # the id under which a ledger of another office knows it

    def apply(self, project: Project) -> None:
        project.division, project.registrar = self.division, self.office
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
    account_tail: Tail | None = None
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
        held = {responsible["office"] for responsible in project.responsible.values()}
        project.offices = {project.registrar, *project.joined, *held} - {""}


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
        project.visit_days[project.version] = self.on
        project.joined.update(self.team)
        project.failed_items = {r.item for r in self.results if r.result == "fail"}
        project.severity = self.severity


class ProjectFaulted(Event, frozen=True, kw_only=True):
    """{by}登记问题{problem}({item}):{text},责任人{owner},限{due_on}前整改。

    {by} recorded problem {problem} ({item}): {text}; {owner} is to mend it by {due_on}.
    """

    KIND: ClassVar[str | None] = "item"
    COMPUTED: ClassVar[frozenset[str]] = frozenset({"problem", "severity"})

    problem: Name
    item: Name
    severity: codes.Severity
    text: Text
    owner: Name
    due_on: date

    def apply(self, project: Project) -> None:
        project.problems[self.problem] = {
            "problem": self.problem, "item": self.item, "severity": self.severity, "text": self.text, "owner": self.owner,
            "due_on": self.due_on, "found_on": self.on, "mended_on": None,
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


class ProjectAttached(Attachment, frozen=True, kw_only=True):
    __doc__ = Attachment.__doc__


class ProjectCorrected(Correction, frozen=True, kw_only=True):
    __doc__ = Correction.__doc__
    KIND: ClassVar[str | None] = "field"


class ProjectRevoked(Revocation, frozen=True, kw_only=True):
    __doc__ = Revocation.__doc__
    KIND: ClassVar[str | None] = "reason"
