"""The way of a case.  What happens beside it stands in ``case_asides.py``.  Each event's docstring is the sentence an auditor reads, Chinese then English.

The eight words of the office - received, assigned, filed, inspected, ordered, paid, referred, revisited -
come with their legal variety in ``kind``; the others say what these cannot.  A stored event is never renamed and a
field never removed: a changed shape gets a new version and an upcast in ``vocabulary.py``.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar
from uuid import UUID

from msgspec import Meta

from domain import codes
from domain.event import Event, Text
from domain.facts import Count, Employer, Hit, Month, Name, Officers

if TYPE_CHECKING:
    from domain.case import Case


class CaseReceived(Event, frozen=True, kw_only=True):
    """{by}受理登记({channel}):反映{employer}欠薪[,{persons_claimed}人][,{amount_claimed}元][,编号{number}]。

    {by} received a clue by {channel} against {employer}[, {persons_claimed} workers][, {amount_claimed} yuan][,
    number {number}].
    """

    KIND: ClassVar[str | None] = "channel"
    AMOUNT: ClassVar[str] = "amount_claimed"
    PERSONS: ClassVar[str] = "persons_claimed"
    WORD, OPENS = "received", True
    COMPUTED: ClassVar[frozenset[str]] = frozenset(
        {"number", "person", "source", "precision", "persons_found", "amount_found"}
    )

    channel: codes.Channel
    complainant_kind: codes.ComplainantKind
    division: Annotated[str, Meta(pattern=r"^\d{6}$")]
    employer: Employer
    persons_claimed: Count | None
    summary: Text
    amount_claimed: Decimal | None = None
    period_from: Month | None = None
    period_to: Month | None = None
    project: Name | None = None
    industry: codes.Industry | None = None
    channel_ref: Name | None = None
    place: Name | None = None
    number: Name | None = None
    person: UUID | None = None  # whom the vault knows
    source: Name | None = None  # the id under which an imported history is known
    precision: codes.Precision | None = None
    persons_found: Count | None = None  # what a published history says was owed, without saying who found it
    amount_found: Decimal | None = None

    @property
    def to_office(self) -> str:
        """The office that took it in, and so may know of it."""
        return self.office

    def apply(self, case: Case) -> None:
        case.offices.add(self.office)
        case.division, case.industry = self.division, self.industry
        case.number, case.source, case.employer = self.number, self.source, self.employer
        case.channel, case.complainant_kind, case.person = self.channel, self.complainant_kind, self.person
        case.project, case.summary = self.project, self.summary
        case.claimed, case.persons_claimed = self.amount_claimed, self.persons_claimed
        case.confirmed, case.persons_confirmed = self.amount_found, self.persons_found
        case.received_on = case.received_on or self.on


class CaseAssigned(Event, frozen=True, kw_only=True):
    """{by}将案件{kind}至{to_office}[,承办{officers}][,限{due_on}前办结][,方案:{plan}]。

    The case was {kind} to {to_office} by {by}[, handled by {officers}][, due {due_on}][, plan: {plan}].
    """

    COMPUTED: ClassVar[frozenset[str]] = frozenset({"hits"})

    kind: codes.AssignKind
    to_office: Name
    officers: Officers = ()
    due_on: date | None = None
    reply_required: bool = False
    plan: Text | None = None
    hits: tuple[Hit, ...] = ()  # the rules that proposed a lead cadre or a joint team

    @property
    def word(self) -> str | None:
        return "assigned" if self.kind in ("forward", "task") else None

    def apply(self, case: Case) -> None:
        case.offices.add(self.to_office)
        case.office = case.office if self.kind in ("lead_cadre", "joint_team") else self.to_office
        case.handlers.update(self.officers)
        case.proposed.pop(self.kind, None)


class CaseReturned(Event, frozen=True, kw_only=True):
    """{by}退回案件:{reason}[,建议转{proposed_office}]。

    {by} returned the case: {reason}[, proposing {proposed_office}].
    """

    KIND: ClassVar[str | None] = "reason"
    WORD, OPENS = "received", True

    reason: Text
    proposed_office: Name | None = None

    def apply(self, case: Case) -> None:
        case.office = None


class CaseDeclined(Event, frozen=True, kw_only=True):
    """{by}决定不予受理:{reason}[,文号{document_no}][,已告知途径:{told_path}]。

    {by} declined the case: {reason}[, notice {document_no}][, pointed to {told_path}].
    """

    KIND: ClassVar[str | None] = "reason"
    WORD = "declined"

    reason: Text
    document_no: Name | None
    told_path: Text | None = None

    def apply(self, case: Case) -> None:
        case.paper(self.document_no)


class CaseFiled(Event, frozen=True, kw_only=True):
    """{by}立案:{cause}[,主协办{inspectors}][,批准人{approved_by}][,文号{document_no}]。

    {by} filed the case: {cause}[, inspectors {inspectors}][, approved by {approved_by}][, document {document_no}].
    """

    KIND: ClassVar[str | None] = "cause"
    WORD = "filed"

    cause: Text
    inspectors: Officers
    approved_by: Name | None
    document_no: Name | None = None
    basis: Text | None = None

    def apply(self, case: Case) -> None:
        case.handlers.update({self.by, *self.inspectors})
        case.filed_on = self.on


class CaseInspected(Event, frozen=True, kw_only=True):
    """{by}{kind}:{finding}[,核实{persons_confirmed}人][,欠薪{amount_confirmed}元][,监察员{inspectors}][,地点{place}]。

    {by} recorded a {kind}: {finding}[, {persons_confirmed} workers confirmed][, {amount_confirmed} yuan owed][,
    inspectors {inspectors}][, at {place}].
    """

    AMOUNT: ClassVar[str] = "amount_confirmed"
    PERSONS: ClassVar[str] = "persons_confirmed"

    kind: codes.InspectKind
    inspectors: Officers
    finding: Text
    persons_confirmed: Count | None = None
    amount_confirmed: Decimal | None = None
    final: bool = False
    fled: bool = False  # the employer has hidden or run (刑法276条之一)
    approved_by: Name | None = None
    place: Name | None = None
    precision: codes.Precision | None = None

    @property
    def word(self) -> str | None:
        return "verifying" if self.kind == "verification" else "investigating"

    def apply(self, case: Case) -> None:
        case.handlers.update({self.by, *self.inspectors})
        if self.amount_confirmed is not None:
            case.confirmed = self.amount_confirmed
        if self.persons_confirmed is not None:
            case.persons_confirmed = self.persons_confirmed
        case.fled = case.fled or self.fled


class CaseNotified(Event, frozen=True, kw_only=True):
    """{by}发出事先告知书[{document_no}]:拟作出{proposed}。

    {by} gave prior notice[ {document_no}] of: {proposed}.
    """

    KIND: ClassVar[str | None] = "proposed"

    proposed: Text
    document_no: Name | None

    def apply(self, case: Case) -> None:
        case.paper(self.document_no)


class CaseOrdered(Event, frozen=True, kw_only=True):
    """{by}作出{kind}[({document_no})][,对象{respondents}][,{persons}人][,{amount}元][,罚款{fine}元][,限{due_on}前履行]。

    {by} issued a {kind}[ ({document_no})][ to {respondents}][, {persons} workers][, {amount} yuan][, fine {fine} yuan][,
    to be met by {due_on}].
    """

    COMPUTED: ClassVar[frozenset[str]] = frozenset({"on_the_spot", "title", "complied"})

    kind: codes.OrderKind
    respondents: Officers
    basis: Text | None
    persons: Count | None = None
    amount: Decimal | None = None
    fine: Decimal | None = None
    extra_pct: Annotated[int, Meta(ge=0, le=100)] | None = None
    due_on: date | None = None
    document_no: Name | None = None
    approved_by: Name | None = None
    issued_by: Name | None = None  # where another body signed it, as a town government may
    on_the_spot: bool = False
    title: Name | None = (
        None  # what another province calls the paper, and whether it was obeyed: published histories say
    )
    complied: bool | None = None

    @property
    def demands_wages(self) -> bool:
        return self.kind != "penalty_decision"

    @property
    def word(self) -> str | None:
        return "decided" if self.kind in ("treatment_decision", "penalty_decision") else "ordered"

    def apply(self, case: Case) -> None:
        case.handlers.add(self.by)
        if self.demands_wages and self.amount is not None:
            case.ordered = max(case.ordered or self.amount, self.amount)
        case.due_on = self.due_on or case.due_on
        case.paper(self.document_no, due_on=self.due_on, orders=True)


class CaseServed(Event, frozen=True, kw_only=True):
    """{by}送达文书{document_no}({mode})[,签收{received_by}]。

    {by} served {document_no} {mode}[, received by {received_by}].
    """

    KIND: ClassVar[str | None] = "mode"

    document_no: Name
    mode: codes.ServiceMode
    received_by: Name | None = None

    def apply(self, case: Case) -> None:
        case.serve_paper(self.document_no, self.on)


class CasePaid(Event, frozen=True, kw_only=True):
    """{by}登记支付{kind}{amount}元[,{persons}人],支付方{payer_kind}[,说明:{overpayment_reason}]。

    {by} recorded a payment of {amount} yuan of {kind}[ to {persons} workers], by {payer_kind}[; {overpayment_reason}].
    """

    kind: codes.PayKind
    amount: Decimal
    payer_kind: Name | None
    persons: Count | None = None
    mode: Name | None = None
    covers_period: Name | None = None
    overpayment_reason: Text | None = None
    precision: codes.Precision | None = None

    def apply(self, case: Case) -> None:
        if self.kind == "arrears":
            case.paid += self.amount
            case.paid_lately = True


class CaseExtended(Event, frozen=True, kw_only=True):
    """{by}将时限{clock}延至{due_on}:{reason}(批准人{approved_by})。

    {by} extended {clock} to {due_on}: {reason} (approved by {approved_by}).
    """

    KIND: ClassVar[str | None] = "clock"

    clock: Name
    due_on: date
    reason: Text
    approved_by: Name | None

    def apply(self, case: Case) -> None:
        case.extended.add(self.clock)


class CaseWithdrawn(Event, frozen=True, kw_only=True):
    """{by}撤销立案:{reason}(批准人{approved_by})。

    {by} withdrew the filing: {reason} (approved by {approved_by}).
    """

    KIND: ClassVar[str | None] = "reason"
    WORD = "withdrawn"

    reason: Text
    approved_by: Name | None

    def apply(self, case: Case) -> None:
        case.handlers.add(self.by)


class CaseClosed(Event, frozen=True, kw_only=True):
    """{by}结案:{reason}[,批准人{approved_by}][,余额说明:{balance_reason}]。

    {by} closed the case: {reason}[, approved by {approved_by}][, with a balance because: {balance_reason}].
    """

    KIND: ClassVar[str | None] = "reason"
    WORD = "closed"
    AMOUNT: ClassVar[str] = "balance"
    COMPUTED: ClassVar[frozenset[str]] = frozenset({"path", "balance"})

    reason: Text
    approved_by: Name | None
    balance_reason: Text | None = None
    path: str = "coordinated"  # or filed: many cases are settled by mediation and never filed
    balance: Decimal | None = None  # what was still owed then

    def apply(self, case: Case) -> None:
        case.closed_on = self.on
        case.handlers.add(self.by)


class CaseRevisited(Event, frozen=True, kw_only=True):
    """{by}回访({mode}):接通{contacted}[,工资到账{money_received}][,满意度{satisfaction}],反弹{rebound}[;意见:{opinion}]。

    {by} revisited by {mode}: reached {contacted}[, money received {money_received}][, {satisfaction}], rebound
    {rebound}[; opinion: {opinion}].
    """

    KIND: ClassVar[str | None] = "mode"
    WORD = "revisited"

    mode: codes.RevisitMode
    contacted: bool | None
    rebound: bool | None
    money_received: codes.MoneyReceived | None = None
    satisfaction: codes.Satisfaction | None = None
    opinion: Text | None = None
    draw: UUID | None = None  # the draw that chose the case


class CaseReopened(Event, frozen=True, kw_only=True):
    """{by}恢复办理:{reason}。

    {by} reopened the case: {reason}.
    """

    KIND: ClassVar[str | None] = "reason"
    WORD, OPENS = "reopened", True

    reason: Text

    def apply(self, case: Case) -> None:
        case.lift_endings()
