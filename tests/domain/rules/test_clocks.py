"""The clocks of what the office itself does on a case: signed, acted on, read on a day."""

from __future__ import annotations

from datetime import date

import pytest

from domain.rules.calendar import CALENDAR, Year
from domain.rules.settings import PROPOSED
from tests.domain.rules.desk import Desk, dates, decided

day = date.fromisoformat


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
        desk = Desk("2025-04-10").filed("2025-04-10").extended("2025-07-01", "C02", "2025-12-31", in_old_papers=True)

        reading = desk.reads("C02", today="2025-08-01")

        assert "Extended to 2025-12-31 (entry 3); 2025-08-19 at the latest by law." in reading.explained("en")

    def test_takes_no_notice_of_the_extension_of_another_clock(self) -> None:
        desk = Desk("2025-04-10").filed("2025-04-10").extended("2025-07-01", "C03", "2025-08-19", in_old_papers=True)

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


class TestAnsweringAReport:
    """A report and an inspection finding: 国令423 第十四条 says 及时, the office says how soon."""

    @pytest.mark.parametrize(
        "facts", [{"complainant_kind": "report"}, {"complainant_kind": "none", "channel": "inspection_find"}]
    )
    def test_takes_the_days_the_office_has_decided(self, facts: dict[str, str]) -> None:
        desk = Desk("2025-01-20", **facts)

        reading = desk.reads("C01r", today="2025-01-22", settings=decided(("C01r_days", "5", "2025-01-01")))

        assert dates(reading) == ("2025-01-20", "2025-01-26", "running")  # a Sunday that is worked
        assert (reading.setting, reading.unverified) == ("C01r_days", False)

    def test_is_read_once_for_a_report_found_on_an_inspection(self) -> None:
        desk = Desk(complainant_kind="report", channel="inspection_find")

        assert len(desk.read("C01r", today="2025-03-05")) == 1

    def test_is_met_by_filing(self) -> None:
        desk = Desk("2025-03-03", complainant_kind="report").filed("2025-03-10")

        assert desk.reads("C01r", today="2025-04-01", settings=PROPOSED).state == "met"

    def test_binds_nobody_for_a_complaint(self) -> None:
        assert Desk().read("C01r", today="2025-03-05") == []


class TestActingAtOnce:
    """The four firsts of the city (“四个第一”), in the days the office has decided."""

    def desk(self) -> Desk:
        return Desk("2025-05-12")

    @pytest.mark.parametrize(("clock", "due"), [("S1", "2025-05-13"), ("S2", "2025-05-13"), ("S3", "2025-05-15")])
    def test_accepts_assigns_and_handles_in_the_days_decided(self, clock: str, due: str) -> None:
        reading = self.desk().reads(clock, today="2025-05-12", settings=PROPOSED)

        assert dates(reading) == ("2025-05-12", due, "running")
        assert reading.law.startswith("天水市根治欠薪“六项机制”(2025-04-10)")

    def test_is_accepted_and_assigned_by_an_assignment(self) -> None:
        desk = self.desk()
        desk.on("2025-05-13").assign(kind="task", to_office="620502-hrss")

        found = [desk.reads(clock, today="2025-06-01", settings=PROPOSED).state for clock in ("S1", "S2", "S3")]

        assert found == ["met", "met", "late"]

    def test_is_handled_by_a_look_at_it_or_by_money(self) -> None:
        inspected, paid = self.desk().verified("2025-05-15"), self.desk().paid("2025-05-16", "100")

        assert inspected.reads("S3", today="2025-06-01", settings=PROPOSED).state == "met"
        assert paid.reads("S3", today="2025-06-01", settings=PROPOSED).state == "late"

    def test_asks_for_no_assignment_where_the_office_acts_itself(self) -> None:
        desk = self.desk().filed("2025-05-12")

        assert desk.reads("S2", today="2025-06-01", settings=PROPOSED).state == "met"

    def test_asks_nothing_before_the_city_promised_it(self) -> None:
        assert Desk("2025-04-09").read("S1", today="2025-06-01", settings=PROPOSED) == []


class TestBeingGivenATask:
    def desk(self) -> Desk:
        desk = Desk()
        desk.on("2025-03-04").assign(kind="task", to_office="620502-hrss", due_on=day("2025-03-21"))
        return desk

    def test_is_due_on_the_day_the_sheet_gives_and_done_when_the_case_is_closed(self) -> None:
        desk = self.desk()

        assert dates(desk.reads("T1", today="2025-03-10")) == ("2025-03-04", "2025-03-21", "running")
        assert desk.reads("T1", today="2025-03-22").state == "late"
        assert desk.closed("2025-03-21").reads("T1", today="2025-03-22").state == "met"

    def test_ends_when_it_is_given_back(self) -> None:
        desk = self.desk()
        desk.on("2025-03-05").return_(reason="wrong_addressee")

        assert desk.reads("T1", today="2025-04-22").state == "met"

    def test_has_no_term_where_none_was_given(self) -> None:
        desk = Desk()
        desk.on("2025-03-04").assign(kind="task", to_office="620502-hrss")

        assert desk.read("T1", today="2025-03-10") == []


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
