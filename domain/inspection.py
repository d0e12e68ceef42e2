"""An inspection of an employer outside any case: unannounced (四不两直), routine, or of a campaign.

What it finds is judged item by item; how grave it is decides the rung of the ladder: a warning tracked to its due day
(预警跟踪督办), a summons with minutes (专项约谈), joint punishment (联合惩戒).  A finding may open a case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal
from uuid import UUID

from domain import codes
from domain.dated import Dated
from domain.event import Attachment, Correction, Event, Issuance, Note, Revocation, Text, Voiding
from domain.facts import Count, Division, Employer, Name, Officers
from domain.papers import make_out, make_void
from domain.project import severity_of
from domain.record import records, step
from domain.refused import Refused
from domain.rules import checklist
from domain.rules.checklist import Result

# What can happen to an inspection


class InspectionMade(Event, frozen=True, kw_only=True):
    """{by}对{employer}开展{kind}[,项目{project}],监察员{inspectors}[,联合{team}][,访谈工人{workers_interviewed}人][,欠薪{arrears_amount}元][,程度{severity}][:{finding}][,编号{number}]。

    {by} inspected {employer} ({kind})[, project {project}], by {inspectors}[, with {team}][, {workers_interviewed} workers
    interviewed][, {arrears_amount} yuan owed][, severity {severity}][: {finding}][, number {number}].
    """

    AMOUNT: ClassVar[str] = "arrears_amount"
    PERSONS: ClassVar[str] = "arrears_persons"
    COMPUTED: ClassVar[frozenset[str]] = frozenset({"severity", "number"})
    WORD, OPENS = "inspected", True

    kind: Literal["four_no_two_direct", "routine", "special_campaign", "onsite", "desk"]
    employer: Employer
    division: Division
    inspectors: Officers
    industry: codes.Industry | None = None
    project: Name | None = None
    project_id: UUID | None = None
    campaign: UUID | None = None
    draw: UUID | None = None
    team: Officers = ()
    results: tuple[Result, ...] = ()
    finding: Text | None = None
    workers_interviewed: Count | None = None
    arrears_persons: Count | None = None
    arrears_amount: Decimal | None = None
    severity: codes.Severity | None = None
    number: Name | None = None

    def apply(self, inspection: Inspection) -> None:
        inspection.division, inspection.industry, inspection.kind = self.division, self.industry, self.kind
        inspection.number, inspection.employer, inspection.project = self.number, self.employer, self.project
        inspection.project_id, inspection.campaign, inspection.draw = self.project_id, self.campaign, self.draw
        inspection.severity, inspection.made_on = self.severity, self.on
        inspection.arrears_persons, inspection.arrears_amount = self.arrears_persons, self.arrears_amount
        inspection.offices.update({self.office, *self.team})
        inspection.failed = [r.item for r in self.results if r.result == "fail"]


class InspectionWarned(Event, frozen=True, kw_only=True):
    """{by}发出预警:{text},责任人{owner},限{due_on}前整改[,文号{document_no}]。

    {by} warned: {text}; {owner} is to mend it by {due_on}[, document {document_no}].
    """

    WORD = "warned"

    text: Text
    owner: Name
    due_on: date
    document_no: Name | None = None

    def apply(self, inspection: Inspection) -> None:
        inspection.due_on = self.due_on


class InspectionOrdered(Event, frozen=True, kw_only=True):
    """{by}现场下达限期改正文书{document_no}[,{persons}人][,{amount}元],限{due_on}前履行,依据{basis}。

    {by} ordered on the spot, document {document_no}[, {persons} workers][, {amount} yuan], to be met by {due_on}, under {basis}.
    """

    WORD = "ordered"

    document_no: Name
    due_on: date
    basis: Text
    amount: Decimal | None = None
    persons: Count | None = None

    @property
    def kind(self) -> str:
        return "rectification"

    def apply(self, inspection: Inspection) -> None:
        inspection.due_on = self.due_on
        inspection.ordered[inspection.version] = self.document_no


class InspectionSummoned(Event, frozen=True, kw_only=True):
    """{by}约谈{who}:{minutes}[,承诺:{promise}][,限{due_on}前整改]。

    {by} summoned {who}: {minutes}[; promised: {promise}][; to be mended by {due_on}].
    """

    WORD = "summoned"

    who: Name  # the post, never a name
    minutes: Text
    promise: Text | None = None
    due_on: date | None = None

    def apply(self, inspection: Inspection) -> None:
        inspection.due_on = self.due_on or inspection.due_on


class InspectionPunished(Event, frozen=True, kw_only=True):
    """{by}会同{team}实施联合惩戒:{measures}[,文号{document_no}](批准人{approved_by})。

    {by} and {team} punished jointly: {measures}[, document {document_no}] (approved by {approved_by}).
    """

    WORD = "punished"

    measures: tuple[codes.Measure, ...]
    team: Officers
    approved_by: Name
    document_no: Name | None = None


class InspectionMended(Event, frozen=True, kw_only=True):
    """{by}核实已整改:{finding}。

    {by} found it mended: {finding}.
    """

    WORD = "mended"

    finding: Text

    def apply(self, inspection: Inspection) -> None:
        inspection.due_on = None


class InspectionLinked(Event, frozen=True, kw_only=True):
    """{by}由检查发现登记案件{to}:{reason}。

    {by} opened case {to} on what was found: {reason}.
    """

    to: UUID
    reason: Text

    def apply(self, inspection: Inspection) -> None:
        inspection.cases.append(self.to)


class InspectionIssued(Issuance, frozen=True, kw_only=True):
    __doc__ = Issuance.__doc__

    def apply(self, inspection: Inspection) -> None:
        """An order that was made out anew is known by its new number."""
        if self.entry in inspection.ordered and self.document_no:
            inspection.ordered[self.entry] = self.document_no


class InspectionVoided(Voiding, frozen=True, kw_only=True):
    __doc__ = Voiding.__doc__


class InspectionNoted(Note, frozen=True, kw_only=True):
    __doc__ = Note.__doc__


class InspectionAttached(Attachment, frozen=True, kw_only=True):
    __doc__ = Attachment.__doc__


class InspectionCorrected(Correction, frozen=True, kw_only=True):
    __doc__ = Correction.__doc__
    KIND: ClassVar[str | None] = "field"


class InspectionRevoked(Revocation, frozen=True, kw_only=True):
    __doc__ = Revocation.__doc__
    KIND: ClassVar[str | None] = "reason"


# What is refused


class TooMildToSummon(Refused):
    """一般性问题先预警跟踪;预警到期未整改或属制度性缺陷、恶意欠薪的,方可约谈。

    A general problem is warned of first; a summons needs a defect of the system, malice, or a warning that ran out unmended.
    """


class TooMildToPunish(Refused):
    """联合惩戒须属恶意欠薪,或约谈后逾期仍未整改。

    Joint punishment needs malicious arrears, or a summons that ran out unmended.
    """


class NothingFailed(Refused):
    """检查未发现不合格项,不能{wanted}。

    The inspection found nothing that failed; it cannot be {wanted}.
    """


class AlreadyUsed(Refused):
    """文号{document_no}在本次检查中已经使用。

    The document number {document_no} is used on this inspection already.
    """


class TermNotLater(Refused):
    """期限{due_on}须晚于办理日{on}。

    The term must leave time: {due_on} is not after {on}.
    """


@dataclass
class Inspection(Dated, keeping=(InspectionNoted, InspectionCorrected, InspectionRevoked, InspectionAttached)):
    """One visit to one employer, and what came of it."""

    revocable = True
    lifecycle = {
        InspectionMade: step(once=True),
        InspectionWarned: step(InspectionMade),
        InspectionOrdered: step(InspectionMade),
        InspectionSummoned: step(InspectionMade),
        InspectionPunished: step(InspectionMade),
        InspectionMended: step(
            InspectionMade, after_any={InspectionWarned, InspectionOrdered, InspectionSummoned, InspectionPunished}
        ),
        InspectionLinked: step(InspectionMade),
        InspectionIssued: step(InspectionMade),
        InspectionVoided: step(InspectionIssued),
    }

    number: str | None = None
    kind: str | None = None
    employer: Employer | None = None
    project: str | None = None
    project_id: UUID | None = None
    campaign: UUID | None = None
    draw: UUID | None = None
    made_on: str | None = None
    severity: codes.Severity | None = None
    failed: list[str] = field(default_factory=list)
    arrears_persons: int | None = None
    arrears_amount: Decimal | None = None
    due_on: date | None = None
    ordered: dict[int, str] = field(default_factory=dict)  # by the version of its entry, the number of an order
    cases: list[UUID] = field(default_factory=list)

    SHOWN: ClassVar[tuple[str, ...]] = (
        "kind", "employer", "project", "project_id", "campaign", "draw", "made_on", "severity", "disposal", "failed",
        "arrears_persons", "arrears_amount", "due_on", "orders", "cases",
    )  # fmt: skip

    @property
    def title(self) -> str:
        return self.employer.name if self.employer else ""

    @property
    def disposal(self) -> str | None:
        """The rung of the ladder that what was found belongs on."""
        return checklist.DISPOSAL.get(self.severity) if self.severity else None

    @property
    def orders(self) -> list[str]:
        """The numbers of the orders given on the spot."""
        return list(self.ordered.values())

    @property
    def _ran_out(self) -> bool:
        return self.due_on is not None and self.due_on.isoformat() < (self.signature.on or str(self.signature.today))

    @records(InspectionMade)
    def make(self, *, employer: Any, inspectors: Any, results: Any = (), **facts: Any) -> dict[str, Any]:
        """Record an inspection of an employer, item by item (检查)."""
        self._employer_code(employer)
        self._two_inspectors(inspectors)
        return {"severity": severity_of(results, set())}

    @records(InspectionWarned, action="warn")
    def warn_(self, *, due_on: date, **facts: Any) -> None:
        """Warn of a problem, to be mended by a day (预警跟踪督办)."""
        self._something_failed("warned")
        self._later(due_on)

    @records(InspectionOrdered)
    def order(self, *, due_on: date, document_no: str, **facts: Any) -> None:
        """Order a correction on the spot (现场责令改正); it counts as a rectification document."""
        self._later(due_on)
        if document_no in self.orders:
            self.doubt(AlreadyUsed(at="document_no", document_no=document_no))

    @records(InspectionSummoned)
    def summon(self, *, due_on: date | None = None, **facts: Any) -> None:
        """Summon the employer, with minutes (专项约谈)."""
        if due_on:
            self._later(due_on)
        if self.severity not in ("S", "M") and not (InspectionWarned in self.past and self._ran_out):
            self.doubt(TooMildToSummon())

    @records(InspectionPunished)
    def punish(self, *, approved_by: str, **facts: Any) -> None:
        """Punish jointly with other departments (联合惩戒)."""
        self._another_approver(approved_by)
        if self.severity != "M" and not (InspectionSummoned in self.past and self._ran_out):
            self.doubt(TooMildToPunish())

    @records(InspectionMended)
    def mend(self, **facts: Any) -> None:
        """Record that what was wrong has been mended (已整改)."""

    @records(InspectionLinked)
    def link(self, **facts: Any) -> None:
        """Name the case that was opened on what was found (发现线索立案)."""

    issue = records(InspectionIssued, action="issue")(make_out)
    void = records(InspectionVoided, action="void")(make_void)

    def _something_failed(self, wanted: str) -> None:
        if not self.failed:
            self.doubt(NothingFailed(wanted=(f"done_{wanted}",)))

    def _later(self, due_on: date) -> None:
        if self.signature.on and due_on.isoformat() <= self.signature.on:
            self.doubt(TermNotLater(at="due_on", due_on=due_on, on=self.signature.on))
