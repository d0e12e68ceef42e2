"""An employer's integrity file: the sanction list (失信联合惩戒名单), from the notice to the removal.

人社部令45: ordered to pay, unpaid, and the arrears reach the criminal amount or a mass incident came of it.  The office that
enforced decides; notice comes first; the term is three years; early removal needs half a year since the correction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from domain import codes, day
from domain.case_refused import AlreadyExtended, ExtensionNotLater, ExtensionTooLong
from domain.dated import Dated
from domain.event import Correction, Event, Issuance, Note, Revocation, Text, Voiding
from domain.facts import Count, Division, Name
from domain.facts import Employer as Named
from domain.money import yuan
from domain.papers import make_out, make_void
from domain.record import records, step
from domain.refused import Refused
from domain.rules.calendar import CALENDAR
from domain.rules.clock_rows import ROWS, Row

TERM_MONTHS = 36
EARLY_MONTHS = 6
MANY = 10  # workers whose arrears are added up (法释〔2013〕3号第三条)
EXTENDABLE = frozenset({"C25"})

# What can happen to an employer


class EmployerRegistered(Event, frozen=True, kw_only=True):
    """{by}建立用人单位诚信档案:{employer}[,地址:{address}]。

    {by} opened the integrity file of {employer}[, at {address}].
    """

    WORD, OPENS = "registered", True

    employer: Named
    division: Division
    industry: codes.Industry | None = None
    address: Name | None = None

    def apply(self, record: Employer) -> None:
        record.division, record.industry = self.division, self.industry
        record.employer, record.address = self.employer, self.address
        record.offices.add(self.office)


class EmployerNotified(Event, frozen=True, kw_only=True):
    """{by}送达列入失信名单事先告知书{document_no}:事由{ground},涉及{subjects}[,{persons}人][,欠薪{amount}元],责令期限至{order_due_on}。

    {by} gave notice {document_no} of a listing: {ground}, subjects {subjects}[, {persons} workers][, {amount} yuan owed]; the
    order's term ended on {order_due_on}.
    """

    KIND: ClassVar[str | None] = "ground"
    WORD = "notified"

    ground: codes.ListingGround
    document_no: Name
    subjects: tuple[codes.SubjectKind, ...]
    order_due_on: date
    amount: Decimal | None = None
    persons: Count | None = None
    case: UUID | None = None

    def apply(self, record: Employer) -> None:
        record.notice = {
            "entry": record.version,
            "document_no": self.document_no,
            "on": self.on,
            "order_due_on": self.order_due_on,
            "ground": self.ground,
        }
        record.objected_on, record.objection_open, record.extended = None, False, set()
        record.past -= {EmployerObjected, EmployerAnswered, EmployerExtended}


class EmployerObjected(Event, frozen=True, kw_only=True):
    """{by}收到用人单位对列入的异议:{reason}。

    {by} took in the employer's objection to the listing: {reason}.
    """

    reason: Text

    def apply(self, record: Employer) -> None:
        record.objected_on, record.objection_open = self.on, True


class EmployerAnswered(Event, frozen=True, kw_only=True):
    """{by}答复异议:{result}[,文号{document_no}]。

    {by} answered the objection: {result}[, document {document_no}].
    """

    result: Text
    document_no: Name | None = None

    def apply(self, record: Employer) -> None:
        record.objection_open = False


class EmployerExtended(Event, frozen=True, kw_only=True):
    """{by}将时限{clock}延至{due_on}:{reason}(批准人{approved_by})。

    {by} extended {clock} to {due_on}: {reason} (approved by {approved_by}).
    """

    KIND: ClassVar[str | None] = "clock"

    clock: Name
    due_on: date
    reason: Text
    approved_by: Name

    def apply(self, record: Employer) -> None:
        record.extended.add(self.clock)


class EmployerListed(Event, frozen=True, kw_only=True):
    """{by}决定将用人单位列入失信联合惩戒名单({document_no}):{subjects},自{on}至{until}(批准人{approved_by})。

    {by} put the employer on the sanction list ({document_no}): {subjects}, from {on} until {until} (approved by {approved_by}).
    """

    COMPUTED: ClassVar[frozenset[str]] = frozenset({"until", "ground"})
    KIND: ClassVar[str | None] = "ground"
    WORD = "listed"

    document_no: Name
    subjects: tuple[codes.SubjectKind, ...]
    basis: Text
    approved_by: Name
    until: date
    ground: codes.ListingGround | None = None
    case: UUID | None = None

    @property
    def due_on(self) -> date:
        return self.until

    def apply(self, record: Employer) -> None:
        record.listing = {
            "entry": record.version,
            "document_no": self.document_no,
            "on": self.on,
            "until": self.until,
            "subjects": self.subjects,
        }


class EmployerSpared(Event, frozen=True, kw_only=True):
    """{by}决定不列入失信名单:{reason}(批准人{approved_by})。

    {by} decided not to list the employer: {reason} (approved by {approved_by}).
    """

    WORD = "spared"

    reason: Text
    approved_by: Name

    def apply(self, record: Employer) -> None:
        record.past.discard(EmployerNotified)


class EmployerAsked(Event, frozen=True, kw_only=True):
    """{by}登记用人单位已改正并申请提前移出:{reason},改正日{corrected_on},信用承诺{pledge}。

    {by} took in the request for early removal: {reason}; corrected on {corrected_on}, pledge {pledge}.
    """

    reason: Text
    corrected_on: date
    pledge: bool

    def apply(self, record: Employer) -> None:
        record.removal_asked = {"corrected_on": self.corrected_on, "pledge": self.pledge}


class EmployerDelisted(Event, frozen=True, kw_only=True):
    """{by}将用人单位移出失信名单({kind})[,文号{document_no}]:{reason}(批准人{approved_by})。

    {by} removed the employer from the sanction list ({kind})[, document {document_no}]: {reason} (approved by {approved_by}).
    """

    WORD = "delisted"

    kind: codes.RemovalKind
    reason: Text
    approved_by: Name
    document_no: Name | None = None

    def apply(self, record: Employer) -> None:
        record.listing, record.removal_asked = None, None
        record.past -= {EmployerListed, EmployerNotified}


class EmployerPublicised(Event, frozen=True, kw_only=True):
    """{by}公布失信名单信息({level},渠道{channel})。

    {by} had the listing published ({level}, by {channel}).
    """

    KIND: ClassVar[str | None] = "level"

    level: codes.Level
    channel: Name


class EmployerIssued(Issuance, frozen=True, kw_only=True):
    __doc__ = Issuance.__doc__

    def apply(self, record: Employer) -> None:
        """What was made out anew is known by its new number."""
        for kept in (record.notice, record.listing):
            if kept and self.document_no and kept["entry"] == self.entry:
                kept["document_no"] = self.document_no


class EmployerVoided(Voiding, frozen=True, kw_only=True):
    __doc__ = Voiding.__doc__


class EmployerNoted(Note, frozen=True, kw_only=True):
    __doc__ = Note.__doc__


class EmployerCorrected(Correction, frozen=True, kw_only=True):
    __doc__ = Correction.__doc__
    KIND: ClassVar[str | None] = "field"


class EmployerRevoked(Revocation, frozen=True, kw_only=True):
    __doc__ = Revocation.__doc__
    KIND: ClassVar[str | None] = "reason"


# What is refused


class OrderTermRunning(Refused):
    """责令期限至{order_due_on}尚未届满,不能启动列入程序(人社部令45第五条)。

    The order's term runs until {order_due_on}; a listing needs it to have run out (Order 45, art. 5).
    """


class ObjectionOpen(Refused):
    """用人单位的异议尚未答复,不能作出列入决定。

    The employer's objection has not been answered; the listing cannot be decided.
    """


class CriminalAmountUndecided(Refused):
    """本省拒不支付劳动报酬罪数额标准尚未由本机关确认(设置 criminal_one_yuan、criminal_ten_yuan),不能以此为由列入。

    This office has not decided the criminal amounts of the province (settings criminal_one_yuan, criminal_ten_yuan); they
    cannot be the ground of a listing.
    """


class CriminalAmountIncomplete(Refused):
    """以达到拒不支付劳动报酬罪数额为由的,须填写欠薪人数和金额。

    Where the criminal amount is the ground, the workers and the amount owed must be given.
    """


class CriminalAmountNotReached(Refused):
    """{persons}人、{amount}元未达到拒不支付劳动报酬罪数额标准:一人三个月以上且不低于{one}元,或者十人以上且累计不低于{ten}元。

    {amount} yuan owed to {persons} workers do not reach the criminal amount: {one} yuan owed to one worker for three months or
    more, or {ten} yuan in total owed to ten workers or more.
    """


class ObjectionTermRunning(Refused):
    """异议期限至{until}尚未届满,届满或者答复异议之后方可列入。

    The employer may object until {until}; it is listed after that, or after its objection was answered.
    """


class NoSuchClock(Refused):
    """用人单位档案没有可延期的时限{clock}。

    The employer's file has no clock {clock} that may be extended.
    """


class ExtensionTooLate(Refused):
    """时限{clock}至{until}届满,延期须在届满之前提出;办理日为{on}。

    The clock {clock} ends on {until}; it is extended before that day, not on {on}.
    """


class EarlyRemovalTooSoon(Refused):
    """提前移出须改正满六个月并作出信用承诺:改正日{corrected_on},承诺{pledge}。

    Early removal needs six months since the correction and a written pledge: corrected on {corrected_on}, pledge {pledge}.
    """


class TermNotOver(Refused):
    """列入期限至{until}尚未届满。

    The term on the list runs until {until}.
    """


@dataclass
class Employer(Dated, keeping=(EmployerNoted, EmployerCorrected, EmployerRevoked)):
    """An employer known to the office."""

    lifecycle = {
        EmployerRegistered: step(once=True),
        EmployerNotified: step(EmployerRegistered, never_after={EmployerListed}),
        EmployerObjected: step(EmployerNotified),
        EmployerAnswered: step(EmployerObjected),
        EmployerExtended: step(EmployerNotified),
        EmployerListed: step(EmployerNotified, once=True),
        EmployerSpared: step(EmployerNotified, never_after={EmployerListed}),
        EmployerAsked: step(EmployerListed),
        EmployerDelisted: step(EmployerListed),
        EmployerPublicised: step(EmployerListed),
        EmployerIssued: step(EmployerRegistered),
        EmployerVoided: step(EmployerIssued),
    }

    employer: Named | None = None
    address: str | None = None
    notice: dict[str, Any] | None = None
    objection_open: bool = False
    objected_on: str | None = None
    listing: dict[str, Any] | None = None
    removal_asked: dict[str, Any] | None = None
    extended: set[str] = field(default_factory=set)

    SHOWN: ClassVar[tuple[str, ...]] = ("employer", "address", "notice", "objection_open", "listing", "removal_asked")

    @property
    def number(self) -> str | None:
        return self.employer.uscc if self.employer else None

    @property
    def title(self) -> str:
        return self.employer.name if self.employer else ""

    @property
    def _acted(self) -> date:
        return day.latest(self.signature.on) or self.signature.today

    @records(EmployerRegistered)
    def register(self, *, employer: Any, **facts: Any) -> None:
        """Open an employer's integrity file (建档)."""
        self._employer_code(employer)

    @records(EmployerNotified)
    def notify(
        self, *, order_due_on: date, ground: str, amount: Any = None, persons: int | None = None, **facts: Any
    ) -> None:
        """Give notice of a listing, with the right to object (列入告知)."""
        if order_due_on >= self._acted:
            self.doubt(OrderTermRunning(at="order_due_on", order_due_on=order_due_on))
        if ground == "criminal_amount":
            self._criminal(yuan(amount), persons)

    @records(EmployerObjected)
    def object(self, **facts: Any) -> None:
        """Take in the employer's objection (异议)."""
        self._since_notice()

    @records(EmployerAnswered)
    def answer(self, **facts: Any) -> None:
        """Answer the objection (答复异议)."""
        self._since_notice()
        self._not_before(self.objected_on, EmployerObjected)

    @records(EmployerExtended)
    def extend(self, *, clock: str, due_on: date, approved_by: str, **facts: Any) -> None:
        """Extend the time to decide the listing, once, with approval (延期)."""
        self._another_approver(approved_by)
        self._since_notice()
        if clock not in EXTENDABLE:
            self.doubt(NoSuchClock(at="clock", clock=clock))
            return
        if clock in self.extended:
            self.doubt(AlreadyExtended(at="clock", clock=clock))
        if due_on <= self._acted:
            self.doubt(ExtensionNotLater(at="due_on", due_on=due_on, on=self._acted))
        if self.notice:
            self._within_the_law(clock, due_on, self.notice["order_due_on"])

    @records(EmployerListed)
    def list(self, *, approved_by: str, **facts: Any) -> dict[str, Any]:
        """Decide the listing: for three years (列入决定)."""
        self._another_approver(approved_by)
        self._since_notice()
        if self.objection_open:
            self.doubt(ObjectionOpen())
        elif EmployerAnswered not in self.past:
            self._term_to_object_over()
        ground = self.notice["ground"] if self.notice else facts.get("ground")
        return {"until": day.plus_months(self._acted, TERM_MONTHS), "ground": ground}

    @records(EmployerSpared)
    def spare(self, *, approved_by: str, **facts: Any) -> None:
        """Decide not to list: paid and pledged before the decision (不予列入)."""
        self._another_approver(approved_by)
        self._since_notice()

    @records(EmployerAsked)
    def ask_removal(self, **facts: Any) -> None:
        """Take in the request for early removal (申请提前移出)."""

    @records(EmployerDelisted)
    def delist(self, *, kind: str, approved_by: str, **facts: Any) -> None:
        """Remove the employer from the list: early, at expiry, or because the order was revoked (移出)."""
        self._another_approver(approved_by)
        if kind == "early":
            asked = self.removal_asked or {"corrected_on": None, "pledge": False}
            soon = asked["corrected_on"] is None or day.plus_months(asked["corrected_on"], EARLY_MONTHS) > self._acted
            if soon or not asked["pledge"]:
                self.doubt(EarlyRemovalTooSoon(at="kind", **asked))
        if kind == "expiry" and self.listing and self.listing["until"] > self._acted:
            self.doubt(TermNotOver(at="kind", until=self.listing["until"]))

    @records(EmployerPublicised)
    def publicise(self, **facts: Any) -> None:
        """Publish the listing (公布)."""

    issue = records(EmployerIssued, action="issue")(make_out)
    void = records(EmployerVoided, action="void")(make_void)

    # The guards they share

    def _since_notice(self) -> None:
        if self.notice:
            self._not_before(self.notice["on"], EmployerNotified)

    def _criminal(self, amount: Decimal | None, persons: int | None) -> None:
        """Whether the arrears reach what the office has decided of the crime of refusing to pay (刑法 art. 276-1)."""
        if amount is None or persons is None:
            self.doubt(CriminalAmountIncomplete(at="persons" if persons is None else "amount"))
            return
        one, ten = (
            self.signature.settings.value(name, self._acted) for name in ("criminal_one_yuan", "criminal_ten_yuan")
        )
        least = one if persons == 1 else ten
        if least is None:
            self.doubt(CriminalAmountUndecided(at="ground"))
        elif amount < least or 1 != persons < MANY:
            self.doubt(CriminalAmountNotReached(at="amount", persons=persons, amount=amount, one=one, ten=ten))

    def _term_to_object_over(self) -> None:
        notified = day.exact(self.notice["on"]) if self.notice else None
        if notified and (term := row_of("C24", notified).n):
            until = CALENDAR.add_working_days(notified, term).day
            if self._acted <= until:
                self.doubt(ObjectionTermRunning(at="on", until=until))

    def _within_the_law(self, clock: str, due_on: date, started: date) -> None:
        """An extension is asked for before the clock runs out, and lasts no longer than the law allows."""
        row = row_of(clock, started)
        until = CALENDAR.add_working_days(started, row.n or 0).day
        if self._acted >= until:
            self.doubt(ExtensionTooLate(at="on", clock=clock, until=until, on=self._acted))
        if row.extension and row.extension.n:
            most = CALENDAR.add_working_days(until, row.extension.n).day
            if due_on > most:
                self.doubt(ExtensionTooLong(at="due_on", clock=clock, until=most, due_on=due_on))


def row_of(clock: str, on: date) -> Row:
    """A clock as the law had it on a day, or first had it."""
    rows = [row for row in ROWS if row.id == clock]
    return max((row for row in rows if row.since <= on), key=lambda row: row.since, default=rows[0])
