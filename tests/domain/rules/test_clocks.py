"""The clocks of a case, on real cases: signed, acted on, read on a day."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from domain import case_events
from domain.case import Case
from domain.record import Entry, Event, Signature, standing
from domain.rules import clocks
from domain.rules.calendar import CALENDAR, Year
from domain.rules.clocks import ROWS, RULES_DIGEST, Reading, readings
from domain.rules.derivation import SENTENCES

day = date.fromisoformat

INSPECTORS = ["inspector-1", "inspector-2"]
EMPLOYER = {"name": "示例建筑公司"}


class Desk:
    """One inspector with one case; every act is dated and signed."""

    def __init__(self, received: str | None = "2025-03-03", **complaint: Any) -> None:
        self.case = Case(UUID(int=1))
        facts = {
            "channel": "complaint_visit", "complainant_kind": "complaint", "division": "620502", "employer": EMPLOYER,
            "persons_claimed": 3, "summary": "拖欠工资",
        }  # fmt: skip
        self.on(received).receive(**{**facts, **complaint})

    def on(self, on: str | None) -> Case:
        return self.case.signed(
            Signature("inspector-1", "inspector_lead", "620502-hrss", on, today=date(2030, 1, 1), imported=on is None)
        )

    def filed(self, on: str | None = "2025-03-04") -> Desk:
        self.on(on).file(cause="拖欠工资", inspectors=INSPECTORS, approved_by="head")
        return self

    def inspected(self, on: str, *, final: bool = False, amount: str = "30000") -> Desk:
        self.on(on).inspect(
            kind="onsite", inspectors=INSPECTORS, finding="true_arrears", amount_confirmed=amount, final=final
        )
        return self

    def ordered(self, on: str, kind: str = "rectification", document_no: str | None = "令1", **facts: Any) -> Desk:
        self.on(on).order(kind=kind, respondents=["示例建筑公司"], basis="条例", document_no=document_no, **facts)
        return self

    def served(self, on: str, document_no: str = "令1", mode: str = "direct") -> Desk:
        self.on(on).serve(document_no=document_no, mode=mode)
        return self

    def paid(self, on: str, amount: str, kind: str = "arrears") -> Desk:
        self.on(on).pay(kind=kind, amount=amount, payer_kind="employer")
        return self

    def closed(self, on: str, **facts: Any) -> Desk:
        self.on(on).close(reason="paid_in_full", approved_by="head", **facts)
        return self

    def extended(self, on: str, clock: str, due_on: str) -> Desk:
        self.on(on).extend(clock=clock, due_on=day(due_on), reason="案情复杂", approved_by="head")
        return self

    def read(self, clock: str, today: str, **given: Any) -> list[Reading]:
        found = readings(standing(self.case.entries), today=day(today), **given)
        return [reading for reading in found if reading.clock == clock]

    def reads(self, clock: str, today: str, **given: Any) -> Reading:
        [reading] = self.read(clock, today, **given)
        return reading


def dates(reading: Reading) -> tuple[str, str, str]:
    return str(reading.started), str(reading.due), reading.state


class TestAcceptingAComplaint:
    def test_takes_five_working_days(self) -> None:
        reading = Desk("2025-01-20").reads("C01", today="2025-01-22")

        assert dates(reading) == ("2025-01-20", "2025-01-26", "running")
        assert reading.days_left == 3
        assert reading.law == "关于实施《劳动保障监察条例》若干规定第十八条"

    def test_is_met_by_filing_on_the_last_lawful_day(self) -> None:
        reading = Desk("2017-12-21").filed("2017-12-28").reads("C01", today="2025-01-01")

        assert dates(reading) == ("2017-12-21", "2017-12-28", "met")
        assert (reading.stopped, reading.days_left) == (day("2017-12-28"), None)

    def test_is_met_by_declining(self) -> None:
        desk = Desk()
        desk.on("2025-03-05").decline(reason="not_in_remit", document_no="不1")

        assert desk.reads("C01", today="2025-03-20").state == "met"

    def test_is_running_on_its_last_day_and_late_the_day_after(self) -> None:
        desk = Desk("2025-03-03")

        assert (desk.reads("C01", "2025-03-10").state, desk.reads("C01", "2025-03-10").days_left) == ("running", 0)
        assert (desk.reads("C01", "2025-03-11").state, desk.reads("C01", "2025-03-11").days_left) == ("late", -1)

    def test_is_late_when_filed_too_late(self) -> None:
        reading = Desk("2025-03-03").filed("2025-03-11").reads("C01", today="2025-03-12")

        assert (reading.state, reading.late_originally, reading.days_left) == ("late", True, None)

    def test_ends_when_the_case_is_settled_without_filing(self) -> None:
        assert Desk().closed("2025-03-07").reads("C01", today="2025-06-01").state == "met"

    def test_binds_nobody_for_a_report(self) -> None:
        assert Desk(complainant_kind="report").read("C01", today="2025-03-05") == []

    def test_asks_an_escalated_case_to_be_filed_the_same_day(self) -> None:
        desk = Desk("2025-05-12")
        desk.on("2025-05-14").escalate(to_office="620500-hrss", rules=["amount"])

        assert dates(desk.reads("C01e", today="2025-05-15")) == ("2025-05-14", "2025-05-14", "late")
        assert desk.filed("2025-05-14").reads("C01e", today="2025-05-15").state == "met"

    def test_asks_nothing_of_a_case_escalated_after_filing(self) -> None:
        desk = Desk("2025-05-12").filed("2025-05-13")
        desk.on("2025-05-14").escalate(to_office="620500-hrss", rules=["amount"])

        assert desk.read("C01e", today="2025-05-15") == []


class TestInvestigating:
    def test_takes_sixty_working_days(self) -> None:
        reading = Desk("2025-04-10").filed("2025-04-10").reads("C02", today="2025-07-08")

        assert dates(reading) == ("2025-04-10", "2025-07-08", "running")

    def test_ends_with_the_final_inspection_only(self) -> None:
        desk = Desk("2025-04-10").filed("2025-04-10").inspected("2025-04-20")
        assert desk.reads("C02", today="2025-07-09").state == "late"

        desk.inspected("2025-07-08", final=True)

        assert desk.reads("C02", today="2025-07-09").state == "met"

    def test_is_judged_against_the_extended_day_and_keeps_the_original(self) -> None:
        desk = Desk("2025-04-10").filed("2025-04-10").extended("2025-07-01", "C02", "2025-08-19")

        reading = desk.reads("C02", today="2025-08-01")

        assert (reading.due, reading.extended) == (day("2025-07-08"), day("2025-08-19"))
        assert (reading.state, reading.late_originally, reading.days_left) == ("running", True, 12)
        assert desk.reads("C02", today="2025-08-20").state == "late"

    def test_says_when_an_extension_goes_beyond_what_the_law_allows(self) -> None:
        desk = Desk("2025-04-10").filed("2025-04-10").extended("2025-07-01", "C02", "2025-12-31")

        reading = desk.reads("C02", today="2025-08-01")

        assert "Extended to 2025-12-31 (entry 3); 2025-08-19 at the latest by law." in reading.explained("en")

    def test_takes_no_notice_of_the_extension_of_another_clock(self) -> None:
        desk = Desk("2025-04-10").filed("2025-04-10").extended("2025-07-01", "C03", "2025-08-19")

        assert desk.reads("C02", today="2025-08-01").extended is None

    def test_starts_anew_when_a_withdrawn_case_is_filed_again(self) -> None:
        desk = Desk().filed("2025-03-04")
        desk.on("2025-03-10").withdraw(reason="已改正", approved_by="head")
        desk.on("2025-04-01").reopen(reason="反弹")
        desk.filed("2025-04-02")

        assert [dates(r)[::2] for r in desk.read("C02", today="2025-04-03")] == [
            ("2025-03-04", "met"),
            ("2025-04-02", "running"),
        ]

    def test_is_provisional_when_it_ends_in_a_year_not_yet_published(self) -> None:
        desk = Desk("2026-11-20").filed("2026-11-23")

        reading = desk.reads("C02", today="2026-11-23")

        assert dates(reading) == ("2026-11-23", "2027-02-22", "provisional")
        assert reading.days_left == 60
        assert "Due on 2027-02-22, provisionally: that year's calendar is not yet published." in reading.explained("en")

    def test_is_sure_as_soon_as_the_year_is_published(self) -> None:
        calendar = CALENDAR.with_year(Year(2027, (day("2027-01-01"),), ()))

        reading = Desk("2026-11-20").filed("2026-11-23").reads("C02", today="2026-11-23", calendar=calendar)

        assert dates(reading) == ("2026-11-23", "2027-02-16", "running")

    def test_is_late_once_a_provisional_day_is_past(self) -> None:
        reading = Desk("2026-11-20").filed("2026-11-23").reads("C02", today="2027-03-01")

        assert (reading.state, reading.provisional) == ("late", True)


class TestDeciding:
    def test_takes_fifteen_working_days_after_the_final_inspection(self) -> None:
        desk = Desk("2025-08-01").filed("2025-08-01").inspected("2025-09-01", final=True)

        assert dates(desk.reads("C03", today="2025-09-22")) == ("2025-09-01", "2025-09-22", "running")
        desk.ordered("2025-09-22", "treatment_decision", amount="30000")
        assert desk.reads("C03", today="2025-09-23").state == "met"

    def test_is_not_answered_by_a_rectification_order(self) -> None:
        desk = Desk("2025-08-01").filed("2025-08-01").inspected("2025-09-01", final=True).ordered("2025-09-02")

        assert desk.reads("C03", today="2025-09-23").state == "late"

    def test_may_be_extended_though_no_number_is_printed(self) -> None:
        desk = Desk("2025-08-01").filed("2025-08-01").inspected("2025-09-01", final=True)

        reading = desk.extended("2025-09-15", "C03", "2025-10-20").reads("C03", today="2025-09-23")

        assert (reading.state, reading.extended) == ("running", day("2025-10-20"))

    def test_does_not_time_a_penalty_nobody_speaks_of(self) -> None:
        desk = Desk("2025-07-03").filed("2025-07-03")
        desk.on("2025-07-10").notify(proposed="行政处理", document_no="告1")

        assert desk.read("C04", today="2026-01-01") == []

    def test_times_a_penalty_from_the_filing_once_it_was_proposed(self) -> None:
        desk = Desk("2025-07-03").filed("2025-07-03")
        desk.on("2025-08-10").notify(proposed="拟罚款20000元", document_no="告1")

        assert dates(desk.reads("C04", today="2025-08-11")) == ("2025-07-03", "2025-10-09", "running")

    def test_judges_a_penalty_that_was_decided(self) -> None:
        desk = Desk("2025-07-03").filed("2025-07-03").ordered("2025-10-10", "penalty_decision", fine="2000")

        assert desk.reads("C04", today="2025-10-10").state == "late"


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


class TestReferringToThePolice:
    def desk(self) -> Desk:
        desk = Desk()
        desk.on("2025-03-10").refer(kind="police", to="秦州区公安局", reason="逃匿", fled=True, approved_by="head")
        return desk

    def test_gives_the_police_three_days(self) -> None:
        assert dates(self.desk().reads("C15", today="2025-03-11")) == ("2025-03-10", "2025-03-13", "running")

    @pytest.mark.parametrize("from_", ["police", "秦州区公安局", "公安机关"])
    def test_is_stopped_by_their_answer(self, from_: str) -> None:
        desk = self.desk()
        desk.on("2025-03-12").answer(**{"from": from_}, result="已受案")

        assert desk.reads("C15", today="2025-03-20").state == "met"

    def test_is_not_stopped_by_the_answer_of_another(self) -> None:
        desk = self.desk()
        desk.on("2025-03-11").refer(kind="arbitration", to="仲裁委", reason="争议")
        desk.on("2025-03-12").answer(**{"from": "仲裁委"}, result="已受理")

        assert desk.reads("C15", today="2025-03-20").state == "late"


class TestHandlingAPetition:
    def desk(self) -> Desk:
        return Desk("2025-08-04", channel="petition", complainant_kind="none")

    def test_tells_the_petitioner_in_fifteen_days(self) -> None:
        desk = self.desk()

        assert dates(desk.reads("C18", today="2025-08-05")) == ("2025-08-04", "2025-08-19", "running")
        desk.on("2025-08-19").assign(kind="task", to_office="620502-hrss")
        assert desk.reads("C18", today="2025-09-01").state == "met"

    def test_ends_in_sixty_days_from_the_first_step_and_may_be_extended(self) -> None:
        desk = self.desk()
        desk.on("2025-08-07").assign(kind="task", to_office="620502-hrss")
        desk.filed("2025-08-08")

        assert dates(desk.reads("C19", today="2025-09-01")) == ("2025-08-07", "2025-10-09", "running")

        desk.extended("2025-10-01", "C19", "2025-11-08").closed("2025-11-01")

        reading = desk.reads("C19", today="2025-12-01")
        assert (reading.state, reading.late_originally) == ("met", True)

    def test_times_petitions_only(self) -> None:
        desk = Desk().filed()

        assert desk.read("C18", today="2025-03-05") == desk.read("C19", today="2025-03-05") == []


class TestTimingHotlineAndPlatform:
    @pytest.mark.parametrize(
        ("channel", "clock"),
        [("hotline_12345", "C21"), ("national_platform", "C22"), ("province_platform", "C22")],
    )
    def test_judges_nothing_until_the_office_confirms_a_number(self, channel: str, clock: str) -> None:
        reading = Desk(channel=channel).reads(clock, today="2026-03-05")

        assert (reading.state, reading.unverified, reading.due) == ("unknown", True, None)
        assert reading.started == day("2025-03-03")
        assert "the office has not confirmed this term" in reading.explained("en")[1]

    def test_judges_by_the_number_the_office_gives(self) -> None:
        rows = [msgspec.structs.replace(row, n=15, unverified=False) if row.id == "C21" else row for row in ROWS]

        reading = Desk(channel="hotline_12345").reads("C21", today="2025-03-05", rows=rows)

        assert dates(reading) == ("2025-03-03", "2025-03-24", "running")


class TestLimiting:
    @pytest.mark.parametrize(
        ("period_to", "started", "state"),
        [("2023-03", "2023-03-31", "met"), ("2023-02", "2023-02-28", "late"), ("2023", "2023-12-31", "met")],
    )
    def test_looks_two_years_back_from_the_receipt(self, period_to: str, started: str, state: str) -> None:
        reading = Desk("2025-03-03", period_to=period_to).reads("C23", today="2025-03-05")

        assert (str(reading.started), reading.state) == (started, state)

    def test_agrees_with_the_warning_given_at_the_counter(self) -> None:
        for received, late in [("2025-02-28", False), ("2025-03-01", True)]:
            desk = Desk(received, period_to="2023-02")

            assert ("two_years" in desk.case.entries[0].event.warnings) is late
            assert (desk.reads("C23", today="2025-03-05").state == "late") is late

    def test_has_nothing_to_count_from_without_a_period(self) -> None:
        assert Desk().read("C23", today="2025-03-05") == []


class TestReadingImpreciseDays:
    @pytest.mark.parametrize("received", ["2025-03", "2025", None])
    def test_judges_nothing_on_a_start_not_known_to_the_day(self, received: str | None) -> None:
        reading = Desk(received).reads("C01", today="2025-06-01")

        assert (reading.state, reading.started, reading.due, reading.days_left) == ("unknown", None, None, None)
        assert "not known to the day" in reading.explained("en")[0]

    def test_judges_nothing_on_a_stop_not_known_to_the_day(self) -> None:
        reading = Desk("2025-03-03").filed("2025-03").reads("C01", today="2025-06-01")

        assert (reading.state, reading.due, reading.stopped) == ("unknown", day("2025-03-10"), None)

    def test_judges_again_once_the_day_is_corrected(self) -> None:
        desk = Desk("2025-03")
        desk.on("2025-04-01").correct(version=1, field="on", value="2025-03-03", reason="笔误", approved_by="head")

        assert dates(desk.reads("C01", today="2025-06-01")) == ("2025-03-03", "2025-03-10", "late")

    def test_forgets_a_filing_that_was_revoked(self) -> None:
        desk = Desk("2025-03-03").filed("2025-03-04")
        desk.on("2025-04-01").revoke(version=2, reason="复议撤销", approved_by="head")

        assert desk.read("C02", today="2025-06-01") == []
        assert desk.reads("C01", today="2025-06-01").state == "late"


class TestExplaining:
    def test_tells_each_step_as_facts(self) -> None:
        reading = Desk("2025-01-23").filed("2025-02-06").reads("C01", today="2025-02-07")

        assert [(s["step"], s["reason"]) for s in reading.derivation] == [
            ("started", ""), ("rule", ""), ("skipped", "weekend"), ("counted", "make_up_day"),
            *[("skipped", "holiday")] * 8, ("due", ""), ("stopped", ""),
        ]  # fmt: skip
        assert reading.derivation[0]["version"] == 1
        assert reading.derivation[3]["day"] == day("2025-01-26")

    def test_tells_them_in_chinese_and_english(self) -> None:
        reading = Desk("2025-01-24").filed("2025-02-06").reads("C01", today="2025-02-07")

        assert reading.explained() == [
            "自2025-01-24起算(受理,第1条记录)。",
            "依据关于实施《劳动保障监察条例》若干规定第十八条(2005-02-01起):5个工作日。",
            "周末不计:2025-01-25。",
            "调休上班日计入:2025-01-26。",
            "节假日不计:2025-01-28、2025-01-29、2025-01-30、2025-01-31、2025-02-01、2025-02-02、2025-02-03、2025-02-04。",
            "期满日2025-02-07。",
            "2025-02-06停止(立案,第2条记录)。",
        ]
        assert reading.explained("en")[:3] == [
            "Counted from 2025-01-24 (received, entry 1).",
            "Under 关于实施《劳动保障监察条例》若干规定第十八条, since 2005-02-01: 5 working days.",
            "Weekends do not count: 2025-01-25.",
        ]

    def test_says_why_a_day_moved(self) -> None:
        desk = Desk("2025-08-01").filed("2025-08-01").ordered("2025-08-05", "penalty_decision").served("2025-08-07")

        said = desk.reads("C10", today="2025-09-01").explained("en")

        assert said[2:] == [
            "It may not end on a holiday: 2025-10-06, 2025-10-07, 2025-10-08.",
            "Due on 2025-10-09.",
        ]

    def test_can_be_sent_as_json(self) -> None:
        reading = Desk("2025-04-10").filed("2025-04-10").reads("C02", today="2025-04-11")

        assert msgspec.json.decode(msgspec.json.encode(reading))["due"] == "2025-07-08"

    def test_has_a_sentence_in_two_languages_for_every_step(self) -> None:
        assert all(len(pair) == 2 and all(pair) for pair in SENTENCES.values())


class TestKeepingTheTable:
    def test_holds_every_clock_a_case_can_answer_for(self) -> None:
        assert " ".join(dict.fromkeys(row.id for row in ROWS)) == (
            "C01 C01e C02 C03 C04 C05 C06 C07 C09 C10 C11 C15 C18 C19 C21 C22 C23"
        )

    def test_names_only_events_and_facts_the_office_knows(self) -> None:
        for row in ROWS:
            for match in (*row.starts, *row.stops, *row.ends, *row.needs, *row.unless, *row.only_if):
                event: type[Event] = getattr(case_events, match.event)
                assert {*match.where, *match.says} <= set(event.__struct_fields__), (row.id, match.event)
            assert set(row.cases) <= set(case_events.CaseReceived.__struct_fields__)
            assert set(row.order) <= set(case_events.CaseOrdered.__struct_fields__)

    def test_gives_every_confirmed_clock_a_term(self) -> None:
        for row in ROWS:
            assert row.unverified or row.n or row.unit in ("same_day", "given"), row.id

    def test_lets_the_office_confirm_what_is_local(self) -> None:
        assert {row.id for row in ROWS if row.unverified} == {"C21", "C22"}

    def test_has_a_fingerprint(self) -> None:
        table = tomllib.loads(Path(clocks.__file__).with_suffix(".toml").read_text("utf-8"))

        assert len(RULES_DIGEST) == 64
        assert len(table["clock"]) == len(ROWS)

    def test_reads_nothing_from_an_empty_file(self) -> None:
        nothing: list[Entry] = []

        assert readings(nothing, today=day("2025-03-05")) == []
