"""A case, from the clue received to the worker revisited.

Read ``case_events.py`` for what can happen and ``case_lifecycle.py`` for what must have happened first; here is what an officer may do,
and what is refused.  Nothing else in the project decides any of these.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain import day
from domain.case_asides import (
    CaseAnswered,
    CaseAttached,
    CaseCorrected,
    CaseEscalated,
    CaseFlagged,
    CaseIssued,
    CaseKept,
    CaseLinked,
    CaseListed,
    CaseNoted,
    CaseProposed,
    CasePublicised,
    CasePursued,
    CaseReferred,
    CaseResumed,
    CaseRevoked,
    CaseSuspended,
    CaseVoided,
)
from domain.case_events import (
    CaseAssigned,
    CaseClosed,
    CaseDeclined,
    CaseExtended,
    CaseFiled,
    CaseInspected,
    CaseNotified,
    CaseOrdered,
    CasePaid,
    CaseReceived,
    CaseReopened,
    CaseReturned,
    CaseRevisited,
    CaseServed,
    CaseWithdrawn,
)
from domain.case_lifecycle import ENDINGS, LIFECYCLE, STEPS, STILL_OPEN, WORD_OF
from domain.case_refused import (
    AlreadyExtended,
    AlreadyLinked,
    AlreadySuspended,
    ApproverMissing,
    BalanceNeedsReason,
    ExtensionNotLater,
    ExtraOutOfBand,
    LinkedToItself,
    MoreThanConfirmed,
    NobodyAnswered,
    NoSuchDocument,
    NoTerm,
    NotFiledYet,
    NothingConfirmed,
    NothingProposed,
    NotSuspended,
    OverpaymentNeedsReason,
    PeriodBackwards,
    PoliceNeedsOrder,
    ProposerDecides,
    RevisitByHandler,
    SuspensionNotAllowed,
)
from domain.event import Event
from domain.facts import Employer
from domain.papers import Paper, make_out, make_void
from domain.record import Entry, Record, records
from domain.refused import NotAnAmount, Refused

# What an officer may do


@dataclass
class Case(Record):
    """One clue of unpaid wages, and everything done about it."""

    lifecycle = LIFECYCLE
    endings = ENDINGS
    still_open = STILL_OPEN

    number: str | None = None
    source: str | None = None
    employer: Employer | None = None
    channel: str = ""
    complainant_kind: str = "none"
    person: UUID | None = None
    project: str | None = None
    summary: str = ""
    received_on: str | None = None
    filed_on: str | None = None
    closed_on: str | None = None
    office: str | None = None
    handlers: set[str] = field(default_factory=set)
    persons_claimed: int | None = None
    persons_confirmed: int | None = None
    claimed: Decimal | None = None
    confirmed: Decimal | None = None
    ordered: Decimal | None = None
    stated: Decimal | None = None
    paid: Decimal = Decimal("0.00")
    paid_lately: bool = False
    due_on: date | None = None
    papers: list[Paper] = field(default_factory=list)
    extended: set[str] = field(default_factory=set)
    referred_to: set[str] = field(default_factory=set)
    proposed: dict[str, str] = field(default_factory=dict)  # what is proposed, and by whom
    flags: set[str] = field(default_factory=set)
    repeats: set[UUID] = field(default_factory=set)  # the cases it is linked to
    suspended: set[str] = field(default_factory=set)
    fled: bool = False
    escalated: bool = False
    step: int = 0

    @property
    def owed(self) -> Decimal | None:
        """What was found to be owed in all: confirmed, or else published, or else ordered.  A claim is not a finding."""
        return next((known for known in (self.confirmed, self.stated, self.ordered) if known is not None), None)

    @property
    def balance(self) -> Decimal | None:
        """What is still owed; None while nothing was found."""
        return None if self.owed is None else max(self.owed - self.paid, Decimal("0.00"))

    @property
    def returned(self) -> bool:
        """Whether it was given back, and nobody has it since."""
        return self.office is None and CaseReturned in self.past

    def status_on(self, today: date) -> str:
        """The status in a word.  Paid and overdue follow from the amounts and the day; neither is ever stored."""
        if self.step // 10 < 9 and self.paid_lately and self.balance == 0:
            return "paid"
        if self.step in (60, 61) and self.due_on and self.due_on < today and self.balance != 0:
            return "overdue"
        return WORD_OF[self.step]

    def take(self, entry: Entry) -> None:
        """Let one entry change the case: what it says, and the step it takes."""
        super().take(entry)
        if word := entry.event.word:
            if entry.event.OPENS:
                self.step, self.paid_lately = STEPS[word], False
            elif STEPS[word] // 10 >= self.step // 10:
                self.step = STEPS[word]

    def record(self, event: type[Event], facts: dict[str, Any], warnings: Iterable[str] = ()) -> None:
        """Add an event; one dated before the case was received is warned of."""
        happened, received = day.latest(self.signature.on), day.earliest(self.received_on)
        early = happened is not None and received is not None and happened < received
        super().record(event, facts, [*warnings, "before_receipt"] if early else warnings)

    def lift_endings(self) -> None:
        """Lift the endings; what was withdrawn may be filed again."""
        if CaseWithdrawn in self.past:
            self.past.discard(CaseFiled)
        self.past -= {*ENDINGS, CaseRevisited}

    def paper(self, document_no: str | None, *, due_on: date | None = None, orders: bool = False) -> None:
        self.papers.append(Paper(document_no, due_on, orders, entry=self.version))

    def serve_paper(self, document_no: str, on: str | None) -> None:
        for paper in self.papers:
            if paper.bears(document_no) and not paper.served:
                paper.served, paper.served_on = True, on

    # The counter

    @records(CaseReceived)
    def receive(
        self, *, employer: Any, period_from: str | None = None, period_to: str | None = None, **complaint: Any
    ) -> None:
        """Register a clue (受理登记)."""
        self._employer_code(employer)
        ended, received = day.latest(period_to), day.earliest(self.signature.on)
        began, until = day.earliest(period_from), ended or day.latest(self.signature.on)
        if began and until and began > until:
            self.doubt(PeriodBackwards(at="period_from", period_from=period_from, until=period_to or self.signature.on))
        if ended and received and day.plus_months(ended, 24) < received:
            self.warn("two_years")

    @records(CaseAssigned)
    def assign(self, *, to_office: str, **facts: Any) -> None:
        """Give the case to an office (交办/转办), a lead cadre or a joint team."""
        self._an_office(to_office)

    @records(CaseReturned, action="return")
    def return_(self, *, reason: str, **facts: Any) -> None:
        """Give the case back as wrongly addressed (退回)."""

    @records(CaseDeclined)
    def decline(self, *, reason: str, **facts: Any) -> None:
        """Decide not to accept the case, in writing (不予受理)."""

    @records(CaseFiled)
    def file(self, *, inspectors: Any, approved_by: str | None, **facts: Any) -> None:
        """File the case (立案): an inspector proposes, the head of the body approves."""
        self._two_inspectors(inspectors)
        self._another_approver(approved_by)

    @records(CaseInspected)
    def inspect(self, *, kind: str, inspectors: Any, approved_by: str | None = None, **facts: Any) -> None:
        """Set down what a verification or an inspection found (核查/检查)."""
        if kind in ("interview", "onsite", "desk", "bank_query") and not self.signature.imported:
            self._filed(kind)
        self._two_inspectors(inspectors)
        self._another_approver(approved_by)

    @records(CaseNotified)
    def notify(self, *, proposed: str, **facts: Any) -> None:
        """Tell the employer what is proposed, and the right to be heard (事先告知)."""

    @records(CaseOrdered)
    def order(
        self,
        *,
        kind: str,
        amount: Any = None,
        due_on: date | None = None,
        extra_pct: int | None = None,
        approved_by: str | None = None,
        **facts: Any,
    ) -> dict[str, Any]:
        """Order a correction, decide on treatment or penalty (责令改正/行政处理/行政处罚)."""
        on_the_spot = CaseFiled not in self.past and kind == "rectification" and not self.signature.imported
        if on_the_spot:
            self.warn("on_the_spot")
        else:
            self._filed(kind)
        if kind != "penalty_decision" and amount is not None:
            self._within_confirmed(Decimal(str(amount)))
        if due_on and (day_of_order := day.latest(self.signature.on)) and due_on <= day_of_order:
            self.doubt(NoTerm(at="due_on", due_on=due_on, on=day_of_order))
        if extra_pct is not None and not 50 <= extra_pct <= 100:
            self.doubt(ExtraOutOfBand(at="extra_pct", extra_pct=extra_pct))
        if kind == "penalty_decision" and CaseNotified not in self.past:  # 行政处罚法 第四十四条
            self.warn("no_prior_notice")
        if facts.get("issued_by") and "town" in str(facts["issued_by"]):
            self.warn("town_order")
        self._another_approver(approved_by)
        return {"on_the_spot": on_the_spot}

    @records(CaseServed)
    def serve(self, *, document_no: str, **facts: Any) -> None:
        """Serve a document (送达)."""
        if not any(paper.bears(document_no) for paper in self.papers):
            self.doubt(NoSuchDocument(at="document_no", document_no=document_no))

    @records(CasePaid)
    def pay(self, *, kind: str, amount: Any, overpayment_reason: str | None = None, **facts: Any) -> None:
        """Record wages paid (支付); only arrears count as recovered."""
        paying = Decimal(str(amount))
        if paying == 0:
            raise NotAnAmount(at="amount", value=str(amount))
        total = self.paid + paying
        if kind == "arrears" and self.owed is not None and total > self.owed and not overpayment_reason:
            self.doubt(OverpaymentNeedsReason(at="amount", amount=paying, total=total, owed=self.owed))

    @records(CaseExtended)
    def extend(self, *, clock: str, due_on: date, approved_by: str | None, **facts: Any) -> None:
        """Extend a clock, once, with approval (延期)."""
        if clock in self.extended:
            self.doubt(AlreadyExtended(at="clock", clock=clock))
        if (today := day.latest(self.signature.on)) and due_on <= today:
            self.doubt(ExtensionNotLater(at="due_on", due_on=due_on, on=today))
        if refusal := self._bars_extension(clock, due_on):
            self.doubt(refusal)
        self._another_approver(approved_by)

    @records(CaseEscalated)
    def escalate(self, *, to_office: str, team: Any = (), plan: str | None = None, **facts: Any) -> None:
        """Take the case to the upper level, with a joint team and a plan of its own (提级督办,一案一策)."""
        self._an_office(to_office)
        self._another_decides("escalation", self.signature.by)
        for office in team:
            self._an_office(office, "team")
        if not {"police", "justice"} <= {office.partition("-")[2] for office in team}:
            self.warn("no_joint_team")
        if not plan:
            self.warn("no_plan")

    @records(CaseReferred)
    def refer(self, *, kind: str, approved_by: str | None = None, fled: bool = False, **facts: Any) -> None:
        """Send the case to the police, a court, a department, discipline inspection (移送)."""
        self._another_approver(approved_by)
        if kind in ("police", "discipline", "court_enforcement") and not approved_by:
            self.doubt(ApproverMissing(at="approved_by", kind=kind))
        if kind == "police" and not (fled or self.fled):
            self._order_unmet()

    @records(CaseAnswered)
    def answer(self, **facts: Any) -> dict[str, Any]:
        """Record what police, court or department did after a referral (回复)."""
        return {"discipline": self.referred_to == {"discipline"}}

    @records(CasePublicised)
    def publicise(self, **facts: Any) -> None:
        """Publish the case as a major violation (社会公布)."""

    @records(CaseListed)
    def list(self, **facts: Any) -> None:
        """Record that the employer was put on the sanction list (列入失信名单)."""

    @records(CaseWithdrawn)
    def withdraw(self, *, approved_by: str | None, **facts: Any) -> None:
        """Withdraw the filing (撤销立案)."""
        self._another_approver(approved_by)

    @records(CaseClosed)
    def close(
        self, *, reason: str, approved_by: str | None, balance_reason: str | None = None, **facts: Any
    ) -> dict[str, Any]:
        """Close the case (结案); with money still owed only for a stated reason."""
        self._another_approver(approved_by)
        if self.balance:
            if not balance_reason:
                self.doubt(BalanceNeedsReason(at="balance_reason", balance=self.balance))
            self.warn("balance_open")
        return {"balance": self.balance, "path": "filed" if CaseFiled in self.past else "coordinated"}

    @records(CaseRevisited)
    def revisit(self, *, contacted: bool | None, **facts: Any) -> None:
        """Ask the worker whether the money came and how it was (回访); not by the handler."""
        said = {facts.get(name) for name in ("money_received", "satisfaction", "rebound")} - {None, False, "no_answer"}
        if contacted is False and said:
            self.doubt(NobodyAnswered(at="contacted"))
        if self.signature.by in self.handlers:
            self.doubt(RevisitByHandler(by=self.signature.by))

    @records(CaseReopened)
    def reopen(self, *, reason: str) -> None:
        """Take an ended case up again (恢复办理)."""

    @records(CaseLinked)
    def link(self, *, to: UUID, **facts: Any) -> None:
        """Link a repeat complaint to the case it repeats; nothing is moved (关联)."""
        if to == self.id:
            raise LinkedToItself(at="to")
        if to in self.repeats:
            self.doubt(AlreadyLinked(at="to"))

    @records(CaseFlagged)
    def flag(self, **facts: Any) -> None:
        """Flag what makes a case a major one: public opinion, works across regions, a dispute over settlement (标记)."""

    @records(CaseProposed)
    def propose(self, **facts: Any) -> None:
        """Propose a transfer to the police, an escalation, a lead cadre; somebody else decides (提请)."""

    @records(CaseKept)
    def keep(self, *, kind: str, approved_by: str | None, **facts: Any) -> None:
        """Decide against what was proposed, with the reason on record (不予移送/不予提级)."""
        self._another_approver(approved_by)
        if kind not in self.proposed:
            self.doubt(NothingProposed(at="kind", kind=kind))
        self._another_decides(kind, approved_by)

    @records(CasePursued)
    def pursue(self, **facts: Any) -> None:
        """Record a step on the way: a hearing asked, a demand served, the materials handed to the police (跟进)."""

    @records(CaseSuspended)
    def suspend(self, *, clock: str, approved_by: str | None, **facts: Any) -> None:
        """Suspend a clock (中止), where the office has decided that it may be."""
        self._another_approver(approved_by)
        if not self.signature.settings.flag(
            "suspension_allowed", day.latest(self.signature.on) or self.signature.today
        ):
            self.doubt(SuspensionNotAllowed(at="clock"))
        if clock in self.suspended:
            self.doubt(AlreadySuspended(at="clock", clock=clock))

    @records(CaseResumed)
    def resume(self, *, clock: str, **facts: Any) -> None:
        """Let a suspended clock run on (恢复计算)."""
        if clock not in self.suspended:
            self.doubt(NotSuspended(at="clock", clock=clock))

    issue = records(CaseIssued, action="issue")(make_out)
    void = records(CaseVoided, action="void")(make_void)

    @records(CaseCorrected)
    def correct(self, *, version: int, field: str, value: Any, approved_by: str, **facts: Any) -> dict[str, Any]:
        """Put one fact of an earlier entry right (更正); the replay shows both."""
        return self._putting_right(version, field, value, approved_by)

    @records(CaseRevoked)
    def revoke(self, *, version: int, approved_by: str, **facts: Any) -> None:
        """Revoke an earlier entry, as a superior, reconsideration or a court decided (撤销记录)."""
        self._taking_back(version, approved_by)

    @records(CaseNoted)
    def note(self, **facts: Any) -> None:
        """Add a note (备注)."""

    @records(CaseAttached)
    def attach(self, **facts: Any) -> None:
        """Attach a document (附件); its bytes are sealed, its fingerprint is kept."""

    # The guards they share

    def _bars_extension(self, clock: str, due_on: date) -> Refused | None:
        from domain.rules.extending import bars_extension  # clocks are read off cases

        acted = day.latest(self.signature.on) or self.signature.today
        return bars_extension(self.entries, clock, due_on, today=acted, settings=self.signature.settings)

    def _another_decides(self, kind: str, by: str | None) -> None:
        if by and self.proposed.get(kind) == by:
            self.doubt(ProposerDecides(by=by))

    def _filed(self, kind: str) -> None:
        if CaseFiled not in self.past:
            self.doubt(NotFiledYet(kind=kind))

    def _within_confirmed(self, amount: Decimal) -> None:
        if self.confirmed is None:
            self.doubt(NothingConfirmed(at="amount", amount=amount))
        elif amount > self.confirmed:
            self.doubt(MoreThanConfirmed(at="amount", amount=amount, confirmed=self.confirmed))

    def _order_unmet(self) -> None:
        orders = [paper for paper in self.papers if paper.orders and not paper.void]
        served = [paper for paper in orders if paper.served]
        acted = day.earliest(self.signature.on) or self.signature.today
        expired = [paper for paper in served if paper.due_on and paper.due_on < acted]
        problem = (
            ("尚未责令支付", "nothing was ordered") if not orders
            else ("文书尚未送达", "the order was not served") if not served
            else ("期限尚未届满", "its term has not run out") if not expired
            else ("欠薪已付清", "the arrears are paid") if self.balance == 0
            else None
        )  # fmt: skip
        if problem:
            self.doubt(PoliceNeedsOrder(problem=problem[0], problem_en=problem[1]))
