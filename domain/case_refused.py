"""What is refused on a case.  Each docstring is the sentence in the reply: Chinese, then English."""

from __future__ import annotations

from domain.refused import Refused


class ApproverMissing(Refused):
    """移送{kind}须经机关负责人批准,请填写审批人。

    A referral to {kind} needs the approval of the head of the office: name the approver.
    """


class NothingConfirmed(Refused):
    """尚未核实欠薪金额,不能责令支付{amount}元;请先登记核查或检查结果。

    No arrears have been confirmed, so {amount} yuan may not be ordered; record what an inspection confirmed first.
    """


class MoreThanConfirmed(Refused):
    """责令支付{amount}元超过核实的{confirmed}元。

    The {amount} yuan ordered exceed the {confirmed} yuan confirmed.
    """


class NotFiledYet(Refused):
    """案件尚未立案,立案前只能当场责令改正,不能作出{kind}。

    The case has not been filed; before filing only an on-the-spot correction may be ordered, not a {kind}.
    """


class NoTerm(Refused):
    """责令的期限{due_on}须晚于责令之日{on}。

    The order must leave a term: {due_on} is not after {on}, the day of the order.
    """


class OverpaymentNeedsReason(Refused):
    """本次支付{amount}元后累计{total}元,超过应付的{owed}元;确属超付的,请填写说明。

    With this {amount} yuan, {total} yuan are paid against {owed} yuan owed; give the reason if that is so.
    """


class PoliceNeedsOrder(Refused):
    """移送公安须有已送达、逾期仍未履行的责令支付文书,或用人单位逃匿;现{problem}。

    The police need a served order, expired and unpaid, or an employer who fled; here {problem_en}.
    """


class BalanceNeedsReason(Refused):
    """尚有{balance}元未付,结案须说明余额原因。

    {balance} yuan are still owed; closing needs the reason for the balance.
    """


class RevisitByHandler(Refused):
    """回访不得由承办人{by}进行。

    The revisit may not be recorded by {by}, who handled the case.
    """


class ExtraOutOfBand(Refused):
    """加付赔偿金比例{extra_pct}%不在50%至100%之间(国令423第二十六条)。

    Extra compensation of {extra_pct}% is outside 50-100% (Decree 423, art. 26).
    """


class ClockNotExtendable(Refused):
    """时限{clock}依法不能延期。

    No law lets the clock {clock} be extended.
    """


class ClockNotRunning(Refused):
    """时限{clock}没有在走:尚未起算,或者已经办结,不能延期。

    The clock {clock} does not run: it has not started, or was answered; it cannot be extended.
    """


class ExtensionTooLong(Refused):
    """时限{clock}依法最迟延至{until},不能延至{due_on}。

    The law lets the clock {clock} be extended to {until} at most, not to {due_on}.
    """


class PeriodBackwards(Refused):
    """欠薪起始{period_from}晚于{until},请核对欠薪期间。

    The arrears begin in {period_from}, after {until}: look at the period again.
    """


class NobodyAnswered(Refused):
    """未接通的回访没有到账、满意度和反弹情况;请改为“接通”,或将这些项留空。

    Who was not reached has said nothing of money, satisfaction or a rebound: leave these empty, or say that somebody was reached.
    """


class AlreadyLinked(Refused):
    """本案已关联至该案件,不能重复关联。

    The case is linked to that case already.
    """


class AlreadyExtended(Refused):
    """时限{clock}已延期一次,不能再次延期。

    The clock {clock} has been extended once and may not be extended again.
    """


class ExtensionNotLater(Refused):
    """延期后的日期{due_on}须晚于办理日{on}。

    The extended day {due_on} must be after {on}, the day of the extension.
    """


class NothingProposed(Refused):
    """案件没有待决定的“{kind}”提请。

    Nothing is proposed on the case that is called {kind}.
    """


class ProposerDecides(Refused):
    """提请由他人决定;{by}是提请人。

    Somebody else decides what was proposed; {by} proposed it.
    """


class SuspensionNotAllowed(Refused):
    """本机关未决定允许中止计算时限(设置 suspension_allowed);全国性规定没有中止,请按延期办理。

    This office has not decided that clocks may be suspended (setting suspension_allowed); no national rule allows it: extend
    the clock instead.
    """


class AlreadySuspended(Refused):
    """时限{clock}已在中止中。

    The clock {clock} is suspended already.
    """


class NotSuspended(Refused):
    """时限{clock}没有中止,无须恢复。

    The clock {clock} is not suspended.
    """


class NoSuchDocument(Refused):
    """案件中没有文号为{document_no}的文书。

    The case has no document {document_no} to be served.
    """


class LinkedToItself(Refused):
    """案件不能关联到自身。

    A case cannot be linked to itself.
    """

    malformed = True
