"""What happens beside the way of a case: taken higher, referred out and back, flagged, proposed, put right, kept in order."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar
from uuid import UUID

from msgspec import Meta

from domain import codes
from domain.event import Attachment, Correction, Event, Issuance, Revocation, Text, Voiding
from domain.facts import Count, Hit, Name, Officers

if TYPE_CHECKING:
    from domain.case import Case


DISCIPLINE = re.compile(r"discipline|纪委|监委|纪检|纪律检查|监察委")
"""How papers name the body that answers about an official."""


class CaseEscalated(Event, frozen=True, kw_only=True):
    """{by}将案件提级至{to_office}[,依据{rules}][,方案:{plan}]。

    {by} escalated the case to {to_office}[, by rules {rules}][, plan: {plan}].
    """

    KIND: ClassVar[str | None] = "to_office"

    COMPUTED: ClassVar[frozenset[str]] = frozenset({"hits"})

    to_office: Name
    rules: Officers
    plan: Text | None = None
    team: Officers = ()  # the offices of the joint team: police, justice and whoever else
    demand: Text | None = None
    due_on: date | None = None  # by when the county answers
    hits: tuple[Hit, ...] = ()  # every rule that was met that day, with the thresholds it was judged by

    def apply(self, case: Case) -> None:
        case.offices.update({self.to_office, *self.team})
        case.escalated = True
        case.proposed.pop("escalation", None)


class CaseReferred(Event, frozen=True, kw_only=True):
    """{by}将案件移送{kind}({to}):{reason}[,文号{document_no}][,批准人{approved_by}]。

    {by} referred the case to {kind} ({to}): {reason}[, document {document_no}][, approved by {approved_by}].
    """

    kind: codes.ReferKind
    to: Name
    reason: Text
    document_no: Name | None = None
    approved_by: Name | None = None
    offence: Name | None = None
    fled: bool = False
    persons: Count | None = None
    amount: Decimal | None = None
    due_on: date | None = None  # by when an answer is asked for

    @property
    def confidential(self) -> bool:
        """About an official, and so only for the discipline office and the auditors to know of."""
        return self.kind == "discipline"

    @property
    def word(self) -> str | None:
        return None if self.kind == "discipline" else "referred"  # that one is about an official, not the case

    def apply(self, case: Case) -> None:
        case.fled = case.fled or self.fled
        case.referred_to.add(self.kind)
        case.proposed.pop(self.kind, None)


class CaseAnswered(Event, frozen=True, kw_only=True, rename={"from_": "from"}):
    """{from_}回复[({outcome})]:{result}[,文号{document_no}];{by}登记。

    {from_} answered[ ({outcome})]: {result}[, document {document_no}]; recorded by {by}.
    """

    KIND: ClassVar[str | None] = "from_"
    COMPUTED: ClassVar[frozenset[str]] = frozenset({"discipline"})

    from_: Name
    result: Text
    document_no: Name | None = None
    outcome: codes.Outcome | None = None
    discipline: bool = False  # it answers a referral about an official

    @property
    def confidential(self) -> bool:
        return super().confidential or bool(DISCIPLINE.search(self.from_))


class CasePublicised(Event, frozen=True, kw_only=True):
    """{by}将案件向社会公布({level}),渠道{channel}。

    {by} had the case publicised ({level}) by {channel}.
    """

    KIND: ClassVar[str | None] = "level"

    level: codes.Level
    channel: Name | None


class CaseListed(Event, frozen=True, kw_only=True):
    """用人单位被列入{list}[,文号{document_no}][,{subjects}个主体][,为期{term_years}年];{by}登记。

    The employer was put on {list}[, document {document_no}][, {subjects} subjects][, for {term_years} years];
    recorded by {by}.
    """

    KIND: ClassVar[str | None] = "list"

    list: Name
    document_no: Name | None = None
    subjects: Count | None = None
    term_years: Count | None = None


class CaseLinked(Event, frozen=True, kw_only=True):
    """{by}将案件关联至{to}(重复反映):{reason}。

    {by} linked the case to {to} as a repeat: {reason}.
    """

    KIND: ClassVar[str | None] = "reason"

    to: UUID
    reason: Text
    score: Annotated[int, Meta(ge=0, le=100)] | None = None  # how alike they were found, of a hundred

    def apply(self, case: Case) -> None:
        case.repeats.add(self.to)


class CaseFlagged(Event, frozen=True, kw_only=True):
    """{by}标记案件:{kind}[({level})][,依据:{text}]。

    {by} flagged the case: {kind}[ ({level})][, because: {text}].
    """

    kind: codes.FlagKind
    level: codes.FlagLevel = "general"
    text: Text | None = None

    def apply(self, case: Case) -> None:
        case.flags.add(self.kind)


class CaseProposed(Event, frozen=True, kw_only=True):
    """{by}提请{kind}:{reason}[,触发规则{hits}]。

    {by} proposed {kind}: {reason}[, by rules {hits}].
    """

    COMPUTED: ClassVar[frozenset[str]] = frozenset({"hits"})

    kind: codes.ProposalKind
    reason: Text
    hits: tuple[Hit, ...] = ()

    def apply(self, case: Case) -> None:
        case.proposed[self.kind] = self.by


class CaseKept(Event, frozen=True, kw_only=True):
    """{by}决定不予{kind}:{reason}(批准人{approved_by})。

    {by} decided against {kind}: {reason} (approved by {approved_by}).
    """

    kind: codes.ProposalKind
    reason: Text
    approved_by: Name

    def apply(self, case: Case) -> None:
        case.proposed.pop(self.kind, None)


class CasePursued(Event, frozen=True, kw_only=True):
    """{by}办理{kind}[,对象{to}][,文号{document_no}][:{text}]。

    {by} recorded {kind}[ to {to}][, document {document_no}][: {text}].
    """

    kind: codes.PursuitKind
    to: Name | None = None
    document_no: Name | None = None
    text: Text | None = None


class CaseIssued(Issuance, frozen=True, kw_only=True):
    __doc__ = Issuance.__doc__

    def apply(self, case: Case) -> None:
        for paper in case.papers:
            if paper.entry == self.entry and self.document_no and (paper.void or paper.document_no is None):
                paper.document_no, paper.void, paper.served, paper.served_on = self.document_no, False, False, None


class CaseVoided(Voiding, frozen=True, kw_only=True):
    __doc__ = Voiding.__doc__

    def apply(self, case: Case) -> None:
        for paper in case.papers:
            paper.void = paper.void or paper.document_no == self.document_no


class CaseSuspended(Event, frozen=True, kw_only=True):
    """{by}中止计算时限{clock}:{reason}[,批准人{approved_by}]。

    {by} suspended clock {clock}: {reason}[, approved by {approved_by}].
    """

    KIND: ClassVar[str | None] = "clock"

    clock: Name
    reason: Text
    approved_by: Name

    def apply(self, case: Case) -> None:
        case.suspended.add(self.clock)


class CaseResumed(Event, frozen=True, kw_only=True):
    """{by}恢复计算时限{clock}:{reason}。

    {by} resumed clock {clock}: {reason}.
    """

    KIND: ClassVar[str | None] = "clock"

    clock: Name
    reason: Text

    def apply(self, case: Case) -> None:
        case.suspended.discard(self.clock)


class CaseCorrected(Correction, frozen=True, kw_only=True):
    __doc__ = Correction.__doc__
    KIND: ClassVar[str | None] = "field"


class CaseRevoked(Revocation, frozen=True, kw_only=True):
    __doc__ = Revocation.__doc__
    KIND: ClassVar[str | None] = "reason"


class CaseNoted(Event, frozen=True, kw_only=True):
    """{by}备注:{text}[(截至当日未付{persons_unpaid}人、{amount_unpaid}元)]。

    {by} noted: {text}[ (unpaid that day: {persons_unpaid} workers, {amount_unpaid} yuan)].
    """

    AMOUNT: ClassVar[str] = "amount_unpaid"
    PERSONS: ClassVar[str] = "persons_unpaid"
    COMPUTED: ClassVar[frozenset[str]] = frozenset({"persons_unpaid", "amount_unpaid"})

    text: Text
    persons_unpaid: Count | None = None  # a published statement of what is still owed
    amount_unpaid: Decimal | None = None

    def apply(self, case: Case) -> None:
        if self.amount_unpaid is not None:
            case.stated = self.amount_unpaid


class CaseAttached(Attachment, frozen=True, kw_only=True):
    __doc__ = Attachment.__doc__
