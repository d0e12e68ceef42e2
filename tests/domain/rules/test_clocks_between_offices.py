"""The clocks of a case between offices: police, petition, hotline, platform, departments, levels."""

from __future__ import annotations

from datetime import date

import pytest

from domain.rules.settings import PROPOSED
from tests.domain.rules.desk import Desk, dates, decided

day = date.fromisoformat


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

    def test_is_not_stopped_by_the_receipt(self) -> None:
        desk = self.desk().answered("2025-03-10", "police", "received")

        assert desk.reads("C15", today="2025-03-20").state == "late"
        assert self.desk().answered("2025-03-13", "police", "accepted").reads("C15", today="2025-03-20").state == "met"

    def test_is_decided_in_three_calendar_days(self) -> None:
        desk = Desk()
        desk.on("2025-09-30").propose(kind="police", reason="数额较大,逾期未付")

        reading = desk.reads("C14", today="2025-10-02")

        assert dates(reading) == ("2025-09-30", "2025-10-03", "running")  # a holiday: 国令310 knows no working days
        assert reading.law == "行政执法机关移送涉嫌犯罪案件的规定(国令310)第五条"
        assert desk.reads("C14", today="2025-10-04").state == "late"

    def test_is_decided_either_way(self) -> None:
        referred, kept = Desk(), Desk()
        for desk in (referred, kept):
            desk.on("2025-03-10").propose(kind="police", reason="数额较大,逾期未付")
        referred.referred("2025-03-12", "police", "秦州区公安局")
        kept.on("2025-03-13").keep(kind="police", reason="已付清", approved_by="head")

        assert [desk.reads("C14", today="2025-04-01").state for desk in (referred, kept)] == ["met", "met"]

    def test_is_not_decided_by_what_is_decided_of_an_escalation(self) -> None:
        desk = Desk()
        for kind in ("police", "escalation"):
            desk.on("2025-03-10").propose(kind=kind, reason="数额较大,逾期未付")
        desk.on("2025-03-12").keep(kind="escalation", reason="县区可办", approved_by="head")

        assert desk.reads("C14", today="2025-04-01").state == "late"

    @pytest.mark.parametrize(("received", "state"), [("2025-03-11", "met"), ("2025-03-12", "late")])
    def test_is_handed_over_within_a_day(self, received: str, state: str) -> None:
        desk = self.desk().answered(received, "police", "received")

        reading = desk.reads("C14h", today="2025-04-01")

        assert (reading.due, reading.state) == (day("2025-03-11"), state)

    @pytest.mark.parametrize("outcome", ["refused", "not_filed"])
    @pytest.mark.parametrize("asked", ["refusal_review_asked", "procuratorate_asked"])
    def test_leaves_three_days_to_have_a_refusal_reviewed(self, outcome: str, asked: str) -> None:
        desk = self.desk().answered("2025-03-13", "police", outcome)

        assert dates(desk.reads("C16", today="2025-03-14")) == ("2025-03-13", "2025-03-16", "running")
        assert desk.reads("C16", today="2025-03-20").state == "met"  # the office may ask, and need not
        assert desk.pursued("2025-03-17", asked).reads("C16", today="2025-03-20").state == "late"

    def test_hands_the_materials_over_three_days_after_the_police_filed(self) -> None:
        desk = self.desk().answered("2025-03-12", "police", "accepted").answered("2025-03-20", "police", "filed")

        assert dates(desk.reads("C17", today="2025-03-21")) == ("2025-03-20", "2025-03-23", "running")
        assert desk.reads("C17", today="2025-03-24").state == "late"
        assert desk.pursued("2025-03-23", "materials_delivered").reads("C17", today="2025-04-01").state == "met"

    def test_takes_the_answer_of_another_for_no_answer_of_the_police(self) -> None:
        desk = self.desk().referred("2025-03-11", "arbitration", "仲裁委")
        desk.answered("2025-03-13", "仲裁委", "refused").answered("2025-03-14", "arbitration", "filed")

        assert desk.read("C16", today="2025-03-14") == desk.read("C17", today="2025-03-14") == []

    def test_lets_nobody_see_by_a_clock_that_discipline_inspection_answered(self) -> None:
        desk = self.desk().referred("2025-03-11", "discipline", "秦州区纪委")
        desk.answered("2025-03-12", "纪委监委", "refused")

        assert desk.reads("C15", today="2025-03-20").state == "late"
        assert desk.read("C16", today="2025-03-14") == []


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

    def test_is_told_by_telling_the_petitioner(self) -> None:
        assert self.desk().pursued("2025-08-19", "petitioner_told").reads("C18", today="2025-09-01").state == "met"

    def test_leaves_thirty_days_to_ask_for_a_review(self) -> None:
        desk = self.desk().pursued("2025-09-09", "petition_answered")

        reading = desk.reads("C20", today="2025-09-10")

        assert dates(reading) == ("2025-09-09", "2025-10-09", "running")
        assert reading.law == "信访工作条例(2022)第三十五条"
        assert desk.reads("C20", today="2025-10-10").state == "met"
        assert desk.pursued("2025-10-10", "petition_review_asked").reads("C20", today="2025-12-01").state == "late"

    def test_answers_each_review_in_thirty_days(self) -> None:
        desk = self.desk().pursued("2025-09-09", "petition_answered").pursued("2025-09-22", "petition_review_asked")
        desk.pursued("2025-10-22", "petition_review_answered").pursued("2025-11-03", "petition_review_asked")

        assert [dates(reading) for reading in desk.read("C20r", today="2025-12-04")] == [
            ("2025-09-22", "2025-10-22", "met"),
            ("2025-11-03", "2025-12-03", "late"),
        ]


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

    def test_judges_by_the_number_the_office_has_decided(self) -> None:
        desk = Desk(channel="hotline_12345")

        reading = desk.reads("C21", today="2025-03-05", settings=decided(("C21_days", "15", "2025-01-01")))

        assert dates(reading) == ("2025-03-03", "2025-03-24", "running")
        assert (reading.setting, reading.unverified) == ("C21_days", False)
        assert reading.explained("en")[1] == (
            "Under 本地12345热线考核办法(天数由本机关确定), as the office has decided: 15 working days (setting C21_days)."
        )

    def test_counts_calendar_days_for_the_platform(self) -> None:
        desk = Desk("2025-09-22", channel="national_platform")

        assert desk.reads("C22", today="2025-09-23", settings=PROPOSED).due == day("2025-10-09")

    def test_names_the_number_that_is_missing(self) -> None:
        reading = Desk(channel="hotline_12345").reads("C21", today="2026-03-05")

        assert reading.setting == "C21_days"
        assert (
            reading.explained()[1]
            == "本地12345热线考核办法(天数由本机关确定):时限未经本机关确认(设置C21_days),不作判断。"
        )

    def test_holds_an_old_case_to_the_number_of_its_day(self) -> None:
        settings = decided(("C21_days", "15", "2025-01-01"), ("C21_days", "5", "2025-03-04"))

        old, new = (Desk(on, channel="hotline_12345") for on in ("2025-03-03", "2025-03-04"))

        assert old.reads("C21", today="2025-03-20", settings=settings).due == day("2025-03-24")
        assert new.reads("C21", today="2025-03-20", settings=settings).due == day("2025-03-11")

    def test_does_not_judge_a_case_from_before_the_first_decision(self) -> None:
        reading = Desk("2024-12-31", channel="hotline_12345").reads(
            "C21", today="2025-03-20", settings=decided(("C21_days", "15", "2025-01-01"))
        )

        assert (reading.state, reading.unverified) == ("unknown", True)


class TestAwaitingAnAnswer:
    def test_waits_for_a_department_until_the_day_the_letter_gives(self) -> None:
        desk = Desk().referred("2025-03-10", "department", "620502-housing", due_on=day("2025-03-20"))

        assert dates(desk.reads("R1", today="2025-03-12")) == ("2025-03-10", "2025-03-20", "running")
        assert desk.answered("2025-03-11", "620502-housing", "received").reads("R1", today="2025-03-21").state == "late"
        assert desk.answered("2025-03-20", "620502-housing", "result").reads("R1", today="2025-03-21").state == "met"

    def test_tells_two_departments_apart(self) -> None:
        desk = Desk().referred("2025-03-10", "department", "620502-housing", due_on=day("2025-03-20"))
        desk.referred("2025-03-10", "jurisdiction", "620503-hrss", due_on=day("2025-03-25"))
        desk.answered("2025-03-24", "620503-hrss", "accepted")

        assert [reading.state for reading in desk.read("R1", today="2025-03-24")] == ["late", "met"]

    def test_waits_for_nothing_where_no_day_was_given(self) -> None:
        assert Desk().referred("2025-03-10", "department", "620502-housing").read("R1", today="2025-03-12") == []

    def test_waits_for_the_county_after_an_escalation(self) -> None:
        desk = Desk("2025-05-12")
        desk.on("2025-05-14").escalate(to_office="620500-hrss", rules=["amount"], due_on=day("2025-05-21"))

        assert dates(desk.reads("E1", today="2025-05-15")) == ("2025-05-14", "2025-05-21", "running")
        assert desk.reads("E1", today="2025-05-22").state == "late"
        assert desk.verified("2025-05-21").reads("E1", today="2025-05-22").state == "met"

    def test_leaves_a_year_for_arbitration(self) -> None:
        desk = Desk().referred("2025-03-10", "arbitration", "仲裁委")

        reading = desk.reads("C31", today="2025-03-11")

        assert dates(reading) == ("2025-03-10", "2026-03-10", "running")
        assert reading.law == "劳动争议调解仲裁法第二十七条"
        assert desk.reads("C31", today="2026-03-11").state == "met"
