"""What a case allows, what it refuses, and how it stands."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from domain import case as law
from domain import record, refused
from domain.case import Case
from domain.case_lifecycle import LIFECYCLE, STEPS
from domain.case_refused import (
    AlreadyLinked,
    ClockNotExtendable,
    ClockNotRunning,
    ExtensionTooLong,
    NobodyAnswered,
    PeriodBackwards,
)
from domain.refused import AlreadyDone, FutureDay, NotADay, NotAnAmount, PersonalDataInText, TooEarly, TooLate
from tests.conftest import act, given, signed

TODAY = date(2026, 11, 24)


class TestReceiving:
    def test_opens_the_case(self):
        case = given()

        assert (case.version, case.status_on(TODAY), case.claimed, case.balance) == (
            1,
            "received",
            Decimal(120000),
            None,
        )

    def test_refuses_a_credit_code_with_a_wrong_check_character(self):
        with pytest.raises(record.NotAnEmployerCode, match="91110000600037342L"):
            given_receiving(employer={"name": "渭河建筑", "uscc": "91110000600037342L"})

    @pytest.mark.parametrize("code", ["110000600037341", None])
    def test_takes_an_old_registration_number_or_none(self, code):
        assert given_receiving(employer={"name": "渭河建筑", "uscc": code}).employer.uscc == code

    def test_warns_of_arrears_older_than_two_years_and_goes_on(self):
        case = given_receiving(period_to="2023-01")

        assert case.pending[0].event.warnings == ("two_years",)

    def test_refuses_a_day_to_come(self):
        with pytest.raises(FutureDay, match="2026-11-25"):
            given_receiving(on="2026-11-25")

    def test_refuses_a_day_that_does_not_exist(self):
        with pytest.raises(NotADay):
            given_receiving(on="2026-02-30")

    @pytest.mark.parametrize("amount", ["-1.00", "1.234", "NaN", "many", "10000000000.00"])
    def test_refuses_what_is_no_amount_of_yuan(self, amount):
        with pytest.raises(NotAnAmount):
            given_receiving(amount_claimed=amount)

    @pytest.mark.parametrize(
        "text",
        [
            "电话13912345678",
            "电话 139-1234-5678",
            "1 3 9 1 2 3 4 5 6 7 8",
            "身份证620502197001010014",
            "卡号6222021234567890123",
        ],
    )
    def test_refuses_personal_data_in_free_text(self, text):
        with pytest.raises(PersonalDataInText, match="contact"):
            given_receiving(summary=text)

    def test_keeps_numbers_that_are_no_personal_data(self):
        assert given_receiving(summary="欠薪 1346600.00 元, 61 人, 2018年5月30日").version == 1


class TestFiling:
    def test_needs_two_inspectors(self):
        with pytest.raises(record.TooFewInspectors, match="1 named"):
            act(given("assign"), "file", inspectors=("lead.1", "lead.1"))

    def test_needs_an_approver_who_is_not_the_proposer(self):
        with pytest.raises(record.ApproverIsProposer, match=r"lead\.1"):
            act(given("assign"), "file", approved_by="lead.1")

    def test_is_done_once(self):
        with pytest.raises(AlreadyDone):
            act(given("assign", "file"), "file")

    def test_comes_too_late_for_a_declined_case(self):
        with pytest.raises(TooLate, match="done_declined|declined"):
            act(given("assign", "decline"), "file")


class TestInspecting:
    def test_may_verify_before_filing(self):
        assert act(given("assign"), "verify").status_on(TODAY) == "verifying"

    def test_waits_for_filing_otherwise(self):
        with pytest.raises(law.NotFiledYet):
            act(given("assign"), "inspect")


class TestOrdering:
    def test_is_refused_beyond_what_was_confirmed(self):
        with pytest.raises(law.MoreThanConfirmed, match="110,000.01 yuan ordered exceed the 110,000.00"):
            act(given("file", "inspect"), "order", amount="110000.01")

    def test_is_refused_while_nothing_was_confirmed(self):
        with pytest.raises(law.NothingConfirmed):
            act(given("file"), "order")

    def test_before_filing_is_an_on_the_spot_correction(self):
        case = act(given("verify"), "order")

        assert (case.pending[-1].event.on_the_spot, case.pending[-1].event.warnings) == (True, ("on_the_spot",))

    def test_before_filing_may_be_nothing_but_a_correction(self):
        with pytest.raises(law.NotFiledYet, match="treatment_decision|treatment decision"):
            act(given("verify"), "order", kind="treatment_decision")

    def test_must_leave_a_term(self):
        with pytest.raises(law.NoTerm):
            act(given("file", "inspect"), "order", due_on=date(2026, 3, 2))

    def test_keeps_extra_compensation_between_half_and_the_whole(self):
        with pytest.raises(law.ExtraOutOfBand):
            act(given("file", "inspect"), "order", kind="treatment_decision", extra_pct=49)

    def test_a_fine_is_not_wages_ordered(self):
        case = act(given("file", "inspect"), "order", kind="penalty_decision", amount="900000.00")

        assert case.ordered is None


class TestServing:
    def test_needs_the_document_to_be_on_the_case(self):
        with pytest.raises(law.NoSuchDocument):
            act(given("file", "inspect", "order"), "serve", document_no="令〔2026〕9号")

    def test_needs_something_to_serve(self):
        with pytest.raises(TooEarly):
            act(given("file"), "serve")


class TestPaying:
    def test_may_be_done_in_parts_until_nothing_is_owed(self):
        case = given("file", "inspect", "order", "serve", "pay", "pay_rest")

        assert (case.paid, case.balance, case.status_on(TODAY)) == (Decimal(110000), 0, "paid")

    def test_beyond_what_is_owed_needs_a_reason(self):
        case = given("file", "inspect", "pay")

        with pytest.raises(law.OverpaymentNeedsReason, match="120,000.00"):
            act(case, "pay")
        assert act(case, "pay", overpayment_reason="含加付").balance == 0

    def test_counts_only_arrears_as_recovered(self):
        case = act(given("file", "inspect"), "pay", kind="current")

        assert (case.paid, case.balance) == (0, Decimal(110000))

    def test_of_nothing_is_no_payment(self):
        with pytest.raises(NotAnAmount):
            act(given("file", "inspect"), "pay", amount="0.00")


class TestReferringToThePolice:
    def test_needs_a_served_expired_and_unpaid_order(self):
        for story, problem in (
            (("file", "inspect"), "nothing was ordered"),
            (("file", "inspect", "order"), "not served"),
        ):
            with pytest.raises(law.PoliceNeedsOrder, match=problem):
                act(given(*story), "refer")
        with pytest.raises(law.PoliceNeedsOrder, match="term has not run out"):
            act(given("file", "inspect", "order", "serve"), "refer", on=date(2026, 3, 9))
        with pytest.raises(law.PoliceNeedsOrder, match="are paid"):
            act(given("file", "inspect", "order", "serve", "pay", "pay_rest"), "refer")
        assert act(given("file", "inspect", "order", "serve", "pay"), "refer").status_on(TODAY) == "referred"

    def test_needs_no_order_when_the_employer_fled(self):
        assert act(given("file", "inspect"), "refer", fled=True).referred_to == {"police"}

    def test_needs_the_head_to_approve(self):
        with pytest.raises(law.ApproverMissing):
            act(given("file", "inspect"), "refer", fled=True, approved_by=None)


class TestClosing:
    def test_with_a_balance_needs_a_reason(self):
        with pytest.raises(law.BalanceNeedsReason, match="50,000.00"):
            act(given("file", "inspect", "pay"), "close")

    def test_with_a_balance_and_a_reason_is_warned_of(self):
        case = act(given("file", "inspect", "pay"), "close_owing")

        assert case.pending[-1].event.warnings == ("balance_open",)
        assert (case.pending[-1].event.path, case.pending[-1].event.balance) == ("filed", Decimal(50000))

    def test_needs_no_filing(self):
        assert act(given("assign", "verify", "pay", "pay_rest"), "close").pending[-1].event.path == "coordinated"

    def test_leaves_only_what_may_follow_an_ending(self):
        case = given("file", "inspect", "pay", "pay_rest", "close")

        assert set(case.may) == {"publicise", "serve", "revisit", "reopen", "link", "correct", "revoke", "note", "attach", "flag", "pursue", "issue"} - {
            "publicise", "serve",
        }  # fmt: skip
        with pytest.raises(TooLate):
            act(case, "pay")


class TestRevisiting:
    def test_waits_for_the_case_to_be_closed(self):
        with pytest.raises(TooEarly):
            act(given("file", "inspect"), "revisit", by="revisit.1")

    def test_is_not_for_the_handler(self):
        with pytest.raises(law.RevisitByHandler, match=r"lead\.1"):
            act(given("file", "inspect", "pay", "pay_rest", "close"), "revisit", by="lead.1")

    def test_is_for_somebody_else(self):
        assert given("file", "inspect", "pay", "pay_rest", "close", "revisit").status_on(TODAY) == "revisited"


class TestReopening:
    def test_needs_an_ended_case(self):
        with pytest.raises(TooEarly):
            act(given("file"), "reopen")

    def test_lifts_the_ending(self):
        case = given("file", "inspect", "pay", "pay_rest", "close", "reopen")

        assert case.status_on(TODAY) == "reopened"
        assert "inspect" in case.may

    def test_of_a_withdrawn_case_lets_it_be_filed_again(self):
        assert "file" in given("file", "withdraw", "reopen").may


class TestExtending:
    """条例 第十七条: sixty working days, thirty more by approval, once, while it runs."""

    EXTENDED = {"clock": "C02", "due_on": date(2026, 6, 30), "reason": "情况复杂", "approved_by": "head.1"}

    @pytest.mark.parametrize(
        ("story", "more", "refusal"),
        [
            (("file",), {"due_on": date(2030, 1, 1)}, ExtensionTooLong),
            ((), {}, ClockNotRunning),
            (("file", "finish"), {}, ClockNotRunning),
            ((), {"clock": "C01"}, ClockNotExtendable),
        ],
    )
    def test_goes_no_further_than_the_law(self, story, more, refusal):
        case = given(*[step for step in story if step != "finish"])
        if "finish" in story:
            act(case, "inspect", final=True)

        with pytest.raises(refusal):
            case.extend(**{**self.EXTENDED, **more})

    def test_reaches_the_last_day_of_the_law(self):
        case = given("file")
        case.extend(**self.EXTENDED)

        assert case.extended == {"C02"}

    def test_of_old_papers_is_kept_with_what_the_law_says_of_it(self):
        case = given()
        case.signed(signed(imported=True)).extend(**self.EXTENDED)

        assert case.entries[-1].event.warnings == ("clock_not_running",)


class TestWhatCannotBe:
    def test_arrears_that_end_before_they_begin_or_begin_in_the_future(self):
        for period in ({"period_from": "2026-01", "period_to": "2025-09"}, {"period_from": "2026-05"}):
            with pytest.raises(PeriodBackwards):
                given_receiving(**period)

    def test_an_answer_of_somebody_who_was_not_reached(self):
        case = given("close").signed(signed("revisit.1", "revisit_officer"))
        for said in ({"money_received": "full"}, {"satisfaction": "satisfied"}, {"rebound": True}):
            with pytest.raises(NobodyAnswered):
                case.revisit(**{"mode": "phone", "contacted": False, "rebound": False, **said})
        case.revisit(mode="phone", contacted=False, rebound=False, satisfaction="no_answer")

    def test_a_link_that_is_there_already(self):
        case, other = given(), uuid4()
        case.link(to=other, reason="同一事项")

        with pytest.raises(AlreadyLinked):
            case.link(to=other, reason="同一事项")
        case.link(to=uuid4(), reason="同一事项")


class TestPenalty:
    """行政处罚法 第四十四条: who is to be punished is told beforehand."""

    def test_without_a_prior_notice_is_marked(self):
        penalty = {"kind": "penalty_decision", "amount": None, "fine": "5000.00"}

        bare, told = (
            act(given(*story), "order", **penalty) for story in (("file", "inspect"), ("file", "inspect", "notify"))
        )

        assert [case.entries[-1].event.warnings for case in (bare, told)] == [("no_prior_notice",), ()]


class TestCorrecting:
    def test_puts_the_figure_right_from_the_moment_it_was_known(self):
        case = given("file", "inspect", "pay")
        case.correct(version=4, field="amount", value="10000.00", reason="录入错误", approved_by="head.1")

        after = Case.replay(case.id, case.entries)

        assert (Case.replay(case.id, case.entries, version=4).paid, after.paid) == (Decimal(60000), Decimal(10000))
        assert after.version == 5

    def test_refuses_what_the_fact_cannot_be(self):
        case = given("file", "inspect", "pay")
        for refusal, version, field, value in (
            (refused.NotThatValue, 4, "kind", "bribe"), (NotAnAmount, 4, "amount", "-1.00"), (refused.NotThatValue, 4, "amount", "many"),
            (refused.NoSuchFact, 4, "by", "somebody"), (refused.NoSuchEntry, 9, "amount", "1.00"), (refused.FutureDay, 4, "on", "2027-03-05"),
            (refused.NotThatValue, 3, "final", "perhaps"), (refused.NotThatValue, 1, "persons_claimed", "-1"),
        ):  # fmt: skip
            with pytest.raises(refusal) as met:
                case.correct(version=version, field=field, value=value, reason="x", approved_by="head.1")
            assert met.value.at in ("field", "value", "version", "amount")

    def test_says_so_with_the_label_of_the_fact_and_what_it_should_be(self):
        with pytest.raises(refused.NotThatValue) as met:
            given("file", "inspect").correct(version=3, field="final", value="maybe", reason="x", approved_by="head.1")

        assert met.value.sentence() == "“终局核查”应为“是”或“否”,不能是“maybe”。"

    def test_leaves_what_the_office_works_out_as_it_is(self):
        case = given("file", "inspect", "pay")
        for version, field in ((1, "number"), (1, "source")):
            with pytest.raises(refused.NotCorrectable):
                case.correct(version=version, field=field, value="620502-2026-000009", reason="x", approved_by="head.1")

    @pytest.mark.parametrize(
        ("version", "field", "typed", "read"),
        [
            (3, "inspectors", "lead.1、second.2\uff0cthird.3", ("lead.1", "second.2", "third.3")), (3, "final", "是", True),
            (4, "amount", "1,100.50", Decimal("1100.50")), (1, "persons_claimed", "７", 7), (1, "channel", "信访", "petition"),
            (3, "on", "2026-03-0２", "2026-03-02"), (1, "period_from", "2025-09", "2025-09"),
        ],
    )  # fmt: skip
    def test_takes_a_value_as_an_officer_writes_it(self, version, field, typed, read):
        case = given("file", "inspect", "pay")
        case.correct(version=version, field=field, value=typed, reason="录入错误", approved_by="head.1")

        [right] = [entry for entry in record.standing(case.entries) if entry.version == version]
        assert getattr(right.event, field) == read

    def test_an_entry_that_was_revoked_is_neither_corrected_nor_revoked_again(self):
        case = given("file", "inspect", "pay")
        case.revoke(version=4, reason="误登", approved_by="head.1")

        with pytest.raises(refused.NoSuchEntry):
            case.revoke(version=4, reason="误登", approved_by="head.1")
        with pytest.raises(refused.NoSuchEntry):
            case.correct(version=4, field="amount", value="1.00", reason="x", approved_by="head.1")

    def test_needs_a_reason_and_an_approver(self):
        for missing in ({"reason": ""}, {"approved_by": ""}):
            with pytest.raises(refused.NotThatFact):
                given("note").correct(
                    **{"version": 2, "field": "text", "value": "x", "reason": "x", "approved_by": "head.1", **missing}
                )

    def test_needs_an_approver_who_is_not_the_corrector(self):
        with pytest.raises(record.ApproverIsProposer):
            given("note").correct(version=2, field="text", value="x", reason="x", approved_by="Lead.1 ")

    def test_revoking_takes_an_entry_out_of_the_figures(self):
        case = given("file", "inspect", "order", "pay")
        case.revoke(version=4, reason="复议撤销", approved_by="head.1")

        assert Case.replay(case.id, case.entries).ordered is None


class TestStatus:
    def test_is_overdue_from_the_day_after_the_term_until_it_is_paid(self):
        case = given("file", "inspect", "order")

        assert [case.status_on(date(2026, 3, day)) for day in (9, 10)] == ["ordered", "overdue"]
        assert given("file", "inspect", "order", "pay", "pay_rest").status_on(TODAY) == "paid"

    def test_returned_goes_back_to_received(self):
        assert given("assign", "return").status_on(TODAY) == "received"

    def test_every_word_has_a_number_of_its_own(self):
        assert len(set(STEPS.values())) == len(STEPS)


def given_receiving(on: str | None = None, **facts):
    from uuid import uuid4

    from tests.conftest import RECEIVED

    case = Case(uuid4()).signed(signed("intake.1", "intake", on or "2026-03-02"))
    case.receive(**{**RECEIVED, **facts})
    return case


def test_every_step_of_the_lifecycle_is_somebodys_action():
    assert set(LIFECYCLE) == set(Case.actions.values())


def test_an_imported_history_keeps_what_the_law_would_refuse_as_a_warning():
    case = given("assign")
    case.signed(signed(imported=True))

    case.refer(kind="police", to="公安", reason="逾期")

    assert case.pending[-1].event.warnings == ("approver_missing", "police_needs_order")


class TestAssigning:
    def test_needs_an_office_that_exists(self):
        with pytest.raises(record.NoSuchOffice, match="nowhere"):
            act(given(), "assign", to_office="nowhere")


def test_an_entry_dated_before_the_case_was_received_is_warned_of():
    assert act(given(), "note", on="2020-01-01").pending[-1].event.warnings == ("before_receipt",)
