"""The clocks of an order or a decision: notice, hearing, service, remedies, enforcement."""

from __future__ import annotations

from datetime import date

import pytest

from domain.rules.settings import PROPOSED
from tests.domain.rules.desk import Desk, dates

day = date.fromisoformat


class TestServing:
    def test_takes_seven_days_for_an_order(self) -> None:
        desk = Desk().filed().ordered("2025-03-10")

        assert dates(desk.reads("C05", today="2025-03-12")) == ("2025-03-10", "2025-03-17", "running")

    def test_takes_seven_working_days_for_a_penalty(self) -> None:
        reading = Desk().filed().ordered("2025-03-10", "penalty_decision").reads("C05", today="2025-03-12")

        assert (dates(reading), reading.days_left) == (("2025-03-10", "2025-03-19", "running"), 5)
        assert reading.law == "行政处罚法(2021)第六十一条、第八十五条"

    def test_judges_an_old_penalty_by_the_row_of_its_day(self) -> None:
        desk = Desk("2021-07-01").filed("2021-07-01").ordered("2021-07-09", "penalty_decision")

        reading = desk.reads("C05", today="2021-07-12")

        assert (reading.due, reading.unit) == (day("2021-07-16"), "calendar_days")

    def test_is_read_for_each_document(self) -> None:
        desk = Desk().filed().ordered("2025-03-10").ordered("2025-03-20", document_no="令2").served("2025-03-11", "令1")

        first, second = desk.read("C05", today="2025-04-01")

        assert (first.document_no, first.state, first.stopped) == ("令1", "met", day("2025-03-11"))
        assert (second.document_no, second.state, second.stopped) == ("令2", "late", None)

    def test_is_stopped_by_any_service_where_the_order_has_no_number(self) -> None:
        desk = Desk().filed().ordered("2025-03-10", document_no=None).served("2025-03-12")

        assert desk.reads("C05", today="2025-03-20").state == "met"

    def test_by_notice_is_deemed_done_after_thirty_days(self) -> None:
        desk = Desk().filed().ordered("2025-04-03").served("2025-04-05", mode="notice")

        assert dates(desk.reads("C06", today="2025-05-06")) == ("2025-04-05", "2025-05-06", "running")
        after = desk.reads("C06", today="2025-05-07")
        assert (after.state, after.late_originally, after.days_left) == ("met", False, None)


class TestMeetingAnOrder:
    def desk(self) -> Desk:
        return Desk().filed().inspected("2025-03-06").ordered("2025-03-10", amount="20000", due_on=day("2025-03-17"))

    def test_is_due_on_the_day_the_order_gives(self) -> None:
        reading = self.desk().served("2025-03-11").reads("C07", today="2025-03-14")

        assert dates(reading) == ("2025-03-11", "2025-03-17", "running")
        assert (reading.days_left, reading.document_no) == (3, "令1")

    def test_counts_from_the_order_while_it_is_not_served(self) -> None:
        assert dates(self.desk().reads("C07", today="2025-03-18")) == ("2025-03-10", "2025-03-17", "late")

    def test_is_met_when_the_sum_ordered_is_paid(self) -> None:
        desk = self.desk().paid("2025-03-12", "5000").paid("2025-03-17", "15000")

        reading = desk.reads("C07", today="2025-03-20")

        assert (reading.state, reading.stopped) == ("met", day("2025-03-17"))

    def test_is_not_met_by_a_part_or_by_current_wages(self) -> None:
        desk = self.desk().paid("2025-03-12", "5000").paid("2025-03-13", "40000", kind="current")

        assert desk.reads("C07", today="2025-03-18").state == "late"

    def test_is_met_when_nothing_more_is_owed_on_the_case(self) -> None:
        desk = Desk().filed().inspected("2025-03-06").paid("2025-03-07", "10000")
        desk.ordered("2025-03-10", amount="30000", due_on=day("2025-03-17")).paid("2025-03-15", "20000")

        assert desk.reads("C07", today="2025-03-18").state == "met"

    def test_is_late_for_good_when_the_money_came_after(self) -> None:
        reading = self.desk().paid("2025-03-19", "20000").reads("C07", today="2025-03-20")

        assert (reading.state, reading.stopped) == ("late", day("2025-03-19"))

    def test_ends_with_a_case_closed_with_nothing_owed_but_not_with_a_balance(self) -> None:
        desk = Desk().ordered("2025-03-10", due_on=day("2025-03-17"))  # nobody says how much
        owing = self.desk().closed("2025-03-14", balance_reason="企业破产")

        assert desk.closed("2025-03-14").reads("C07", today="2025-03-20").state == "met"
        assert owing.reads("C07", today="2025-03-20").state == "late"

    def test_is_read_for_each_order_with_a_day(self) -> None:
        desk = self.desk().ordered("2025-03-20", document_no="令2").ordered(
            "2025-03-24", "treatment_decision", document_no="理1", due_on=day("2025-04-01")
        )  # fmt: skip

        assert [(r.document_no, r.state) for r in desk.read("C07", today="2025-03-25")] == [
            ("令1", "late"),
            ("理1", "running"),
        ]


class TestRunningAfterADecision:
    def desk(self, kind: str = "penalty_decision", mode: str = "direct") -> Desk:
        return Desk("2025-08-01").filed("2025-08-01").ordered("2025-08-05", kind).served("2025-08-07", mode=mode)

    def test_gives_fifteen_days_for_the_fine(self) -> None:
        desk = self.desk()

        assert dates(desk.reads("C09", today="2025-08-08")) == ("2025-08-07", "2025-08-22", "running")

    def test_does_not_claim_to_know_whether_the_fine_was_paid(self) -> None:
        reading = self.desk().reads("C09", today="2025-09-08")

        assert (reading.state, reading.late_originally) == ("unknown", False)

    @pytest.mark.parametrize("kind", ["penalty_decision", "treatment_decision"])
    def test_gives_sixty_days_for_reconsideration_and_six_months_to_sue(self, kind: str) -> None:
        desk = self.desk(kind)

        assert dates(desk.reads("C10", today="2025-09-01")) == ("2025-08-07", "2025-10-09", "running")
        assert dates(desk.reads("C11", today="2025-09-01")) == ("2025-08-07", "2026-02-09", "running")
        assert desk.reads("C10", today="2025-10-10").state == "met"

    def test_times_no_remedy_against_a_rectification_order(self) -> None:
        desk = self.desk("rectification")

        assert [r for clock in ("C09", "C10", "C11") for r in desk.read(clock, today="2025-09-01")] == []

    def test_starts_when_a_service_by_notice_is_deemed_done(self) -> None:
        reading = self.desk(mode="notice").reads("C10", today="2025-09-01")

        assert dates(reading) == ("2025-09-08", "2025-11-07", "running")  # 2025-09-06 is a Saturday
        assert reading.explained("en")[0] == (
            "Counted from 2025-09-08, when the notice of 2025-08-07 (entry 4) is deemed served."
        )

    def test_counts_a_document_served_twice_from_the_first_time(self) -> None:
        desk = self.desk().served("2025-08-20")

        assert desk.reads("C10", today="2025-09-01").started == day("2025-08-07")

    def test_knows_that_the_fine_was_paid_and_a_remedy_sought(self) -> None:
        desk = self.desk().pursued("2025-08-20", "fine_paid").pursued("2025-09-10", "reconsideration_asked")

        found = {clock: desk.reads(clock, today="2025-12-01") for clock in ("C09", "C10", "C11")}

        assert {clock: reading.state for clock, reading in found.items()} == {"C09": "met", "C10": "met", "C11": "met"}
        assert found["C10"].stopped == day("2025-09-10")


class TestHearingTheEmployer:
    """行政处罚法 第六十四条: asked for within five days, noticed seven days before; both are working days (第八十五条)."""

    def desk(self) -> Desk:
        desk = Desk("2025-09-01").filed("2025-09-01")
        desk.on("2025-09-25").notify(proposed="拟罚款20000元", document_no="告1")
        return desk

    def test_leaves_five_working_days_from_the_service_of_the_notice_to_ask(self) -> None:
        reading = self.desk().served("2025-09-26", "告1").reads("C08", today="2025-09-28")

        assert dates(reading) == ("2025-09-26", "2025-10-10", "running")
        assert (reading.document_no, reading.days_left) == ("告1", 4)
        assert reading.law == "行政处罚法(2021)第六十四条、第八十五条"

    def test_counts_from_the_notice_while_it_is_not_served(self) -> None:
        assert self.desk().reads("C08", today="2025-09-28").started == day("2025-09-25")

    def test_counts_from_the_day_a_notice_in_public_is_deemed_served(self) -> None:
        assert self.desk().served("2025-09-26", "告1", mode="notice").reads("C08", "2025-10-10").started == day(
            "2025-10-27"
        )

    def test_lapses_when_nobody_asked(self) -> None:
        reading = self.desk().reads("C08", today="2025-11-01")

        assert (reading.state, reading.late_originally, reading.days_left) == ("met", False, None)

    def test_comes_late_when_asked_for_after_the_term(self) -> None:
        desk = self.desk().served("2025-09-26", "告1")

        assert desk.pursued("2025-10-10", "hearing_asked").reads("C08", today="2025-11-01").state == "met"
        assert self.desk().pursued("2025-10-13", "hearing_asked").reads("C08", today="2025-11-01").state == "late"

    def test_listens_to_a_statement_for_the_days_the_office_has_decided(self) -> None:
        desk = self.desk().served("2025-09-26", "告1")

        assert dates(desk.reads("C08s", today="2025-09-28", settings=PROPOSED)) == (
            "2025-09-26",
            "2025-09-30",
            "running",
        )
        desk.pursued("2025-09-29", "statement_heard")
        assert desk.reads("C08s", today="2025-11-01", settings=PROPOSED).state == "met"

    @pytest.mark.parametrize(("held", "state"), [("2025-10-23", "late"), ("2025-10-24", "met"), ("2025-10-27", "met")])
    def test_gives_notice_of_the_hearing_seven_working_days_before(self, held: str, state: str) -> None:
        desk = self.desk().pursued("2025-10-15", "hearing_noticed").pursued(held, "hearing_held")

        reading = desk.reads("C08n", today="2025-12-01")

        assert (reading.due, reading.state, reading.late_originally) == (day("2025-10-24"), state, state == "late")

    def test_says_that_a_hearing_was_held_too_early(self) -> None:
        desk = self.desk().pursued("2025-10-15", "hearing_noticed").pursued("2025-10-20", "hearing_held")

        said = desk.reads("C08n", today="2025-12-01")

        assert said.explained("en")[-1] == (
            "Stopped on 2025-10-20 (the hearing held, entry 5), before the term was over: too early."
        )


class TestEnforcing:
    """行政强制法 第五十三、五十四条: a demand, ten working days, and an application within three months."""

    def desk(self, kind: str = "treatment_decision") -> Desk:
        desk = Desk("2025-03-03").filed("2025-03-03").inspected("2025-03-05")
        return desk.ordered("2025-03-10", kind, amount=None if kind == "penalty_decision" else "20000").served(
            "2025-03-11"
        )

    @pytest.mark.parametrize(
        ("applied", "state"), [("2025-10-09", "late"), ("2025-10-17", "late"), ("2025-10-18", "met")]
    )
    def test_waits_ten_working_days_after_the_demand(self, applied: str, state: str) -> None:
        desk = self.desk().pursued("2025-09-28", "demand_served")  # a Sunday that is worked

        assert dates(desk.reads("C12", today="2025-10-09")) == ("2025-09-28", "2025-10-17", "running")
        assert desk.reads("C12", today="2025-10-18").state == "met"
        desk.referred(applied, "court_enforcement", "秦州区人民法院")
        assert desk.reads("C12", today="2025-12-01").state == state

    def test_applies_within_three_months_after_the_right_to_sue_ran_out(self) -> None:
        desk = self.desk()

        assert desk.read("C13", today="2025-09-11") == []  # the last day to sue
        reading = desk.reads("C13", today="2025-09-12")
        assert dates(reading) == ("2025-09-11", "2025-12-11", "running")
        assert reading.explained("en")[0] == "Counted from 2025-09-11, when clock C11 (started by entry 5) ran out."
        desk.referred("2025-12-11", "court_enforcement", "秦州区人民法院")
        assert desk.reads("C13", today="2026-01-01").state == "met"

    def test_is_late_when_nobody_applied(self) -> None:
        assert self.desk().reads("C13", today="2025-12-12").state == "late"

    def test_has_nothing_to_apply_for_once_the_wages_are_paid(self) -> None:
        assert self.desk().paid("2025-04-01", "30000").read("C13", today="2025-12-12") == []
        assert self.desk().paid("2025-10-01", "30000").reads("C13", today="2025-12-12").state == "met"
        assert self.desk().paid("2025-10-01", "5000").reads("C13", today="2025-12-12").state == "late"

    @pytest.mark.parametrize("kind", ["suit_brought", "reconsideration_asked"])
    def test_does_not_time_a_decision_that_was_contested_in_time(self, kind: str) -> None:
        desk = self.desk().pursued("2025-05-01", kind)

        assert desk.reads("C11", today="2025-12-12").state == "met"
        assert desk.read("C13", today="2025-12-12") == []

    def test_ends_for_a_penalty_when_the_fine_is_paid(self) -> None:
        desk = self.desk("penalty_decision")

        assert desk.reads("C13", today="2025-12-12").state == "late"
        assert desk.pursued("2025-10-20", "fine_paid").reads("C13", today="2025-12-12").state == "met"


class TestReportingAPenaltyUp:
    def test_takes_the_days_the_office_has_decided(self) -> None:
        desk = Desk("2025-03-03").filed("2025-03-03").ordered("2025-03-10", "penalty_decision")

        assert dates(desk.reads("C32", today="2025-03-12", settings=PROPOSED)) == (
            "2025-03-10",
            "2025-03-24",
            "running",
        )
        desk.pursued("2025-03-25", "reported_up")
        assert desk.reads("C32", today="2025-04-01", settings=PROPOSED).state == "late"

    def test_is_not_judged_where_the_office_has_decided_nothing(self) -> None:
        desk = Desk("2025-03-03").filed("2025-03-03").ordered("2025-03-10", "penalty_decision")

        assert desk.reads("C32", today="2025-12-12").state == "unknown"
