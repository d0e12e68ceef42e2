"""How a case can go: one function for each course, from the clue received as far as it comes.

The months between the lines: a clue settled by mediation within the week, as most are; one that was filed; one that was ordered and
stayed unpaid.  How many go which way stands in ``clues.py``.
"""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date, timedelta

from domain.case import Case
from domain.rules.escalation import Situation, hits
from domain.rules.settings import PROPOSED
from interface.demo.city import CITY, COUNTIES, SEED, firms, later, working_days
from interface.demo.telling import Clue, Course, NotYet, Telling

UNFOUNDED = ("already_paid",) * 9 + ("not_true",) * 6 + ("no_contact",) * 3 + ("project_money_dispute",) * 2


def tell(telling: Telling) -> Case:
    """Tell a case as far as the days allow."""
    telling.receive()
    with suppress(NotYet):
        telling.clue.course.tell(telling)
    return telling.case


# Settled by mediation, never filed


def settled(t: Telling) -> None:
    t.assign()
    t.verify("true_arrears")
    if t.upto(9) == 0:
        t.act("note", "inspector_second", text="已电话联系单位负责人,承诺三日内支付")
    t.pay()
    t.close("paid_in_full")


def settled_revisited(t: Telling) -> None:
    settled(t)
    t.revisit(3 + t.upto(6))


def in_parts(t: Telling) -> None:
    first = t.clue.paid // 2
    t.assign()
    t.verify("true_arrears")
    t.pay(amount=first)
    t.pay(2 + t.upto(5), t.clue.paid - first)
    t.close("paid_in_full")


def with_current_wages(t: Telling) -> None:
    t.assign()
    t.verify("partly")
    t.pay(amount=t.clue.owed, kind="current", covers_period="当月")
    t.close("settled_by_agreement")


def unfounded(t: Telling) -> None:
    t.assign()
    finding = UNFOUNDED[t.upto(len(UNFOUNDED) - 1)]
    t.verify(finding)
    t.close("paid_in_full" if finding == "already_paid" else finding)


def unfounded_revisited(t: Telling) -> None:
    unfounded(t)
    t.revisit(3 + t.upto(6))


def pointed(t: Telling) -> None:
    t.assign()
    t.verify("labour_dispute")
    t.act(
        "refer", "inspector_lead", t.upto(2), kind="arbitration", to="劳动人事争议仲裁委员会", reason="劳动关系存在争议"
    )
    t.close("to_arbitration")


def elsewhere(t: Telling) -> None:
    t.assign()
    t.verify("not_ours", t.upto(1))
    t.act("refer", "inspector_lead", t.upto(1), kind="jurisdiction", to="用工所在地人社部门", reason="用工地不在本辖区")
    t.close("other_jurisdiction")


def repeated(t: Telling) -> None:
    t.act("link", "intake", to=t.clue.repeats, reason="同一工人就同一欠薪再次反映", score=t.chance.randrange(70, 100))
    t.assign()
    t.verify("duplicate")
    t.close("settled_by_agreement")


def returned(t: Telling) -> None:
    """Wrongly addressed: given back, and assigned to the county next door."""
    t.assign(1)
    other = {"620502": "620503", "620503": "620502"}.get(t.division, "620502")
    t.act("return", "inspector_lead", 1, reason="用工地属邻县区,不属本辖区", proposed_office=f"{other}-hrss")
    t.division = other
    t.assign(1)
    t.verify("already_paid")
    t.close("paid_in_full")


def handed_over(t: Telling) -> None:
    t.assign()
    t.act("assign", "inspector_lead", 1, kind="reassign", to_office=f"{t.division}-hrss", officers=t.inspectors[::-1])
    t.verify("true_arrears", 1)
    t.pay()
    t.close("paid_in_full")


def corrected(t: Telling) -> None:
    """Ten times the amount, typed by mistake and put right."""
    t.assign()
    t.verify("true_arrears", amount_confirmed=f"{t.clue.owed * 10}.00")
    t.act("correct", "inspector_lead", 1, version=t.case.version, field="amount_confirmed", value=f"{t.clue.owed}.00",
          reason="录入时多写一位", approved_by=t.head)  # fmt: skip
    t.pay()
    t.close("paid_in_full")


def rebounded(t: Telling) -> None:
    """Reported paid, but the money never came: reopened."""
    unfounded(t)
    t.revisit(3 + t.upto(4), "dissatisfied", rebound=True, opinion="工资仍未到账")
    t.act("reopen", "revisit_officer", 1, reason="回访发现工资未到账")


def rebounded_settled(t: Telling) -> None:
    rebounded(t)
    t.assign()
    t.verify("true_arrears")
    t.pay()
    t.close("paid_in_full")
    t.revisit(4, "satisfied")


def answered_for(t: Telling) -> None:
    """Settled at last, but somebody had looked away: referred to discipline inspection."""
    settled(t)
    t.act("reopen", "supervisor", 1, reason="上级要求核查办理过程")
    t.act("refer", "supervisor", 3, kind="discipline", to="市纪委监委驻市人社局纪检监察组", reason="主管部门对工程款拨付推诿扯皮,引发舆情",
          approved_by="office.1")  # fmt: skip
    t.close("paid_in_full", 2)


# Not accepted


def declined(t: Telling, after: int | None = None) -> None:
    reason = ("over_2_years", "not_in_remit", "arbitration_or_suit_started", "employer_unclear_after_supplement")[
        t.upto(3)
    ]
    number = t.paper("不受")
    t.act("decline", "inspector_lead", 1 + t.upto(3) if after is None else after, reason=reason, document_no=number,
          told_path="劳动人事争议仲裁或人民法院")  # fmt: skip
    t.act("serve", "inspector_second", t.upto(1), document_no=number, mode="post")


def declined_late(t: Telling) -> None:
    declined(t, 7 + t.upto(3))


# Filed


def filed_only(t: Telling, after: int = 0) -> None:
    t.assign()
    t.verify("true_arrears")
    t.file(after or t.upto(1))


def filed_late(t: Telling) -> None:
    filed_only(t, 7)


def investigated(t: Telling) -> None:
    filed_only(t)
    t.investigate(2 + t.upto(6))


def investigating(t: Telling) -> None:
    filed_only(t)
    t.investigate(2 + t.upto(4), kind="interview", final=False)


def extended(t: Telling) -> None:
    investigating(t)
    due = later(t.on, 120)
    t.act(
        "extend", "inspector_lead", 5, clock="C02", due_on=due, reason="工程结算争议,情况复杂", approved_by="office.1"
    )


def filed_and_paid(t: Telling) -> None:
    investigated(t)
    t.pay(1 + t.upto(5))
    t.close("paid_in_full")
    if t.upto(1):
        t.revisit(3 + t.upto(4))


def paid_open(t: Telling) -> None:
    investigated(t)
    t.pay(1 + t.upto(5))


def withdrawn(t: Telling) -> None:
    investigated(t)
    t.pay(1 + t.upto(3))
    t.act("withdraw", "inspector_lead", 2, reason="违法行为轻微并已改正", approved_by=t.head)


def treated(t: Telling) -> None:
    """Decided on, with extra compensation to the workers."""
    investigated(t)
    t.act("notify", "inspector_lead", 1, proposed="行政处理", document_no=t.paper("告"))
    t.act("pursue", "inspector_second", 2, kind="statement_heard", to="用人单位")
    t.order(1, "treatment_decision", word="理", days=15, extra_pct=50)
    t.pay(3 + t.upto(3))
    t.pay(1, t.clue.owed // 2, kind="extra_compensation")
    t.close("paid_in_full")


def penalised(t: Telling) -> None:
    """Paid, and fined all the same for refusing the papers."""
    investigated(t)
    t.pay(2)
    t.act("notify", "inspector_lead", 1, proposed="行政处罚:罚款五千元", document_no=t.paper("罚告"))
    t.order(6, "penalty_decision", word="罚", days=15, amount=None, fine="5000.00")
    t.act("pursue", "inspector_second", 4, kind="fine_paid", to="用人单位")
    t.close("paid_in_full")


def decided(t: Telling) -> None:
    investigated(t)
    t.act("notify", "inspector_lead", 1, proposed="行政处理", document_no=t.paper("告"))
    t.order(4, "treatment_decision", word="理", days=60)


# Ordered to pay


def ordered(t: Telling) -> None:
    investigated(t)
    t.order(1 + t.upto(2))


def ordered_on_the_spot(t: Telling) -> None:
    """Clear facts and little money: corrected on the spot, never filed."""
    t.assign()
    t.verify("true_arrears")
    t.order(1)
    t.pay()
    t.close("paid_in_full")


def ordered_running(t: Telling) -> None:
    investigated(t)
    t.order(1, days=60)


def ordered_paid(t: Telling) -> None:
    ordered(t)
    t.pay(1 + t.upto(2))
    t.close("paid_in_full")


def ordered_partly(t: Telling) -> None:
    ordered(t)
    t.pay(2)
    _publicised(t, "county")


def ordered_unpaid(t: Telling) -> None:
    t.act("flag", "intake", kind="mass_incident", level="major", text="二十余名工人集体上访")
    ordered(t)
    _publicised(t, "city")


def _publicised(t: Telling, level: str) -> None:
    t.act("note", "inspector_second", 6, text="责令期限届满,仍未履行")
    t.act("publicise", "inspector_lead", 6, level=level, channel="市人社局门户网站")


def sent_to_police(t: Telling) -> None:
    """Ordered, served, expired, unpaid: the police take it over."""
    ordered(t)
    t.act("propose", "inspector_lead", 7, kind="police", reason="责令支付期限届满仍拒不支付,涉嫌拒不支付劳动报酬罪")
    t.act("refer", "inspector_lead", 2, kind="police", to=f"{COUNTIES[t.division].short}公安分局", offence="拒不支付劳动报酬罪",
          reason="经责令支付逾期仍不支付,数额较大", document_no=t.paper("移"), approved_by="office.1", persons=t.clue.persons,
          amount=f"{t.clue.owed}.00")  # fmt: skip
    t.act("answer", "inspector_lead", 1, from_="公安机关", result="已签收案件材料", outcome="received")
    t.act("answer", "inspector_lead", 2, from_="公安机关", result="决定立案侦查", outcome="filed")
    t.act("publicise", "inspector_lead", 4, level="city", channel="市人社局门户网站")


def order_revoked(t: Telling) -> None:
    """An order that named the wrong respondent, taken back by the head of the office."""
    investigated(t)
    t.order(2)
    t.act(
        "revoke",
        "office_head",
        5,
        version=t.case.version - 1,
        reason="行政复议认定责令对象有误",
        approved_by="office.2",
    )


# Above the county


def escalated(t: Telling) -> None:
    """Handled by the county, then all over the news: the city takes it, with police and justice, filed the same day."""
    t.assign()
    t.verify("true_arrears")
    t.act("flag", "dispatcher", 4, kind="public_opinion", level="major", text="短视频平台集中反映,浏览量超百万")
    t.act("propose", "inspector_lead", kind="escalation", reason="上级转办,核实整治后引发重大舆情")
    met = hits(_situation(t), PROPOSED)
    offices = tuple(f"{CITY}-{kind}" for kind in ("police", "justice", "housing"))
    t.act("escalate", "supervisor", 1, to_office=f"{CITY}-hrss", rules=tuple(hit.rule for hit in met), hits=tuple(met),
          team=offices, plan="一案一策:核账、先行清偿、分期拨付", demand="十日内报告办理结果", due_on=later(t.on, 14))  # fmt: skip
    t.file(0)
    t.act(
        "assign", "supervisor", kind="joint_team", to_office=f"{CITY}-task_force", officers=("super.1", *t.inspectors)
    )
    t.investigate(3)
    t.pay(4)
    t.act("pursue", "supervisor", 5, kind="reminder", to=f"{t.division}-hrss", text="督办组已进驻项目工地")


def _situation(t: Telling) -> Situation:
    return Situation(on=date.fromisoformat(t.on), persons=t.clue.persons, amount=t.case.owed, channel=t.clue.channel,
                     finding="true_arrears", handled=True, major_opinion=True)  # fmt: skip


def under_a_cadre(t: Telling) -> None:
    t.assign()
    t.verify("true_arrears")
    t.act("assign", "supervisor", 1, kind="lead_cadre", to_office=f"{CITY}-task_force", officers=("cadre.1",),
          plan="领导包案:周调度、月销号")  # fmt: skip
    t.file(0)
    t.investigate(4)
    t.pay(5)


def under_a_cadre_closed(t: Telling) -> None:
    under_a_cadre(t)
    t.close("paid_in_full")


# Left where they stand


def received(t: Telling) -> None:
    """Nothing has been done yet."""


def assigned(t: Telling) -> None:
    t.assign()


def verifying(t: Telling) -> None:
    t.assign()
    t.verify("true_arrears")


def department(t: Telling) -> None:
    t.assign()
    t.verify("project_money_dispute")
    t.act("refer", "inspector_lead", 1, kind="department", to=f"{CITY}-{t.clue.firm.industry}", reason="工程款结算纠纷,请行业主管部门处理",
          due_on=later(t.on, 15))  # fmt: skip


def all_the_way(t: Telling) -> None:
    """Some ten events, as a bench wants them."""
    ordered(t)
    t.pay(1, t.clue.paid // 2)
    t.pay(1, t.clue.paid - t.clue.paid // 2)
    t.close("paid_in_full")
    t.revisit(3)


ALL_THE_WAY = Course(all_the_way)


def story(number: int, chance: random.Random, now: date, *, seed: int = SEED) -> Case:
    """One invented case taken all the way, and over by now."""
    days = working_days(now - timedelta(days=150), now)
    owed = chance.randrange(20, 4000) * 500
    clue = Clue(number, ALL_THE_WAY, chance.choice(firms()), day=chance.randrange(len(days) - 40), persons=chance.randrange(1, 60),
                owed=owed, paid=owed, seed=seed)  # fmt: skip
    return tell(Telling(clue, days, now, chance))
