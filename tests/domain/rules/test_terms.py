"""By when a clock is to be answered: as it was suspended and extended."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.rules.calendar import CALENDAR
from tests.domain.rules.desk import Desk, dates

day = date.fromisoformat


class TestSuspending:
    def desk(self) -> Desk:
        return Desk("2025-04-10").filed("2025-04-10")  # due on 2025-07-08, sixty working days on

    def test_moves_the_due_day_by_the_working_days_it_lasted(self) -> None:
        desk = self.desk().suspended("2025-05-12", "C02").resumed("2025-05-26", "C02")

        reading = desk.reads("C02", today="2025-06-03")

        assert dates(reading) == ("2025-04-10", "2025-07-22", "running")  # ten working days
        assert reading.days_left == CALENDAR.working_days_between(day("2025-06-03"), day("2025-07-22"))
        assert reading.law == "劳动保障监察条例(国令423)第十七条"

    def test_lets_nothing_be_late_and_no_day_pass_while_it_lasts(self) -> None:
        desk = self.desk().suspended("2025-07-01", "C02")

        found = [desk.reads("C02", today=today) for today in ("2025-07-01", "2025-07-05", "2025-08-29", "2026-02-16")]

        assert [(reading.state, reading.days_left) for reading in found] == [("running", 5)] * 4
        assert not any(reading.late_originally for reading in found)

    def test_runs_on_where_it_stood(self) -> None:
        desk = self.desk().suspended("2025-07-01", "C02").resumed("2025-08-29", "C02")

        assert desk.reads("C02", today="2025-08-29").days_left == 5
        assert dates(desk.reads("C02", today="2025-09-05"))[1:] == ("2025-09-05", "running")
        assert desk.reads("C02", today="2025-09-06").state == "late"

    def test_counts_every_pause(self) -> None:
        desk = self.desk().suspended("2025-05-12", "C02").resumed("2025-05-14", "C02")
        desk.suspended("2025-05-19", "C02").resumed("2025-05-22", "C02")

        reading = desk.reads("C02", today="2025-06-03")

        assert reading.due == CALENDAR.add_working_days(day("2025-04-10"), 60 + 2 + 3).day

    def test_does_not_revive_what_was_late_before(self) -> None:
        desk = self.desk().suspended("2025-07-09", "C02")

        reading = desk.reads("C02", today="2025-07-20")

        assert (reading.due, reading.state) == (day("2025-07-08"), "late")

    def test_ends_with_the_clock_itself(self) -> None:
        desk = self.desk().suspended("2025-07-01", "C02").inspected("2025-08-29", final=True)

        reading = desk.reads("C02", today="2026-01-05")

        assert (reading.state, reading.stopped) == ("met", day("2025-08-29"))
        assert reading.due == day("2025-09-05")

    def test_awaits_the_papers_asked_of_a_complainant(self) -> None:
        desk = Desk("2025-03-03").suspended("2025-03-05", "C01").resumed("2025-03-19", "C01").filed("2025-03-24")

        assert dates(desk.reads("C01", today="2025-04-01")) == ("2025-03-03", "2025-03-24", "met")

    def test_takes_no_notice_of_the_suspension_of_another_clock(self) -> None:
        desk = self.desk().suspended("2025-05-12", "C01")

        assert desk.reads("C02", today="2025-07-09").state == "late"

    def test_cannot_stop_a_clock_that_runs_on(self) -> None:
        desk = Desk("2025-08-01").filed("2025-08-01").inspected("2025-09-01", final=True).suspended("2025-09-02", "C03")

        assert dates(desk.reads("C03", today="2025-09-23"))[1:] == ("2025-09-22", "late")

    def test_judges_nothing_when_its_days_are_not_known(self) -> None:
        for since, until in [("2025-05", "2025-06-03"), ("2025-05-12", "2025-06"), ("2025-05-12", None)]:
            desk = self.desk().suspended(since, "C02").resumed(until, "C02")

            reading = desk.reads("C02", today="2025-07-20")

            assert (reading.state, reading.due, reading.days_left) == ("unknown", None, None)
            assert "The days of the suspension (entry 3) are not known to the day" in reading.explained("en")[-1]

    def test_starts_anew_without_the_pause_of_an_earlier_filing(self) -> None:
        desk = self.desk().suspended("2025-05-12", "C02")
        desk.on("2025-05-20").withdraw(reason="已改正", approved_by="head")
        desk.on("2025-06-03").reopen(reason="反弹")
        desk.filed("2025-06-03")

        assert [reading.state for reading in desk.read("C02", today="2025-12-31")] == ["met", "late"]

    @given(st.integers(0, 59), st.integers(0, 400), st.integers(0, 90))
    def test_costs_the_office_no_working_day(self, before: int, lasted: int, after: int) -> None:
        suspended = CALENDAR.add_working_days(day("2024-01-10"), before).day
        resumed = suspended + timedelta(lasted)
        today = resumed + timedelta(after)
        desk = Desk("2024-01-10").filed("2024-01-10").suspended(str(suspended), "C02").resumed(str(resumed), "C02")

        used = before + CALENDAR.working_days_between(resumed, today)

        assert desk.reads("C02", today=str(today)).days_left == 60 - used


class TestExtendingASuspendedClock:
    def test_keeps_the_day_of_the_law_and_the_day_that_was_given(self) -> None:
        desk = Desk("2025-04-10").filed("2025-04-10").extended("2025-05-06", "C02", "2025-08-19")
        desk.suspended("2025-05-12", "C02").resumed("2025-05-26", "C02")

        reading = desk.reads("C02", today="2025-06-03")

        assert (reading.due, reading.extended) == (day("2025-07-22"), day("2025-09-02"))  # ten working days each
        assert reading.explained("en")[-4:] == [
            "Extended to 2025-08-19 (entry 3); 2025-08-19 at the latest by law.",
            "Suspended from 2025-05-12 to 2025-05-26 (entry 4): not counting 10 working days.",
            "The due day moves to 2025-07-22.",
            "The extended day moves to 2025-09-02.",
        ]

    def test_leaves_a_day_given_after_the_pause_as_it_is(self) -> None:
        desk = Desk("2025-04-10").filed("2025-04-10").suspended("2025-05-12", "C02").resumed("2025-05-26", "C02")

        reading = desk.extended("2025-07-01", "C02", "2025-09-02").reads("C02", today="2025-09-02")

        assert (reading.extended, reading.state, reading.days_left) == (day("2025-09-02"), "running", 0)


class TestTellingAPause:
    def test_says_how_long_each_lasted(self) -> None:
        desk = (
            Desk("2025-03-03")
            .suspended("2025-03-05", "C01")
            .resumed("2025-03-06", "C01")
            .suspended("2025-03-10", "C01")
        )

        assert desk.reads("C01", today="2025-03-12").explained() == [
            "自2025-03-03起算(受理,第1条记录)。",
            "依据关于实施《劳动保障监察条例》若干规定第十八条(2005-02-01起):5个工作日。",
            "周末不计:2025-03-08、2025-03-09。",
            "期满日2025-03-10。",
            "2025-03-05至2025-03-06中止1个工作日(第2条记录),不计入。",
            "2025-03-10起中止(第4条记录),尚未恢复;至2025-03-12已中止2个工作日,不计入。",
            "期满日顺延至2025-03-13。",
        ]

    def test_is_provisional_when_it_leads_into_a_year_not_yet_published(self) -> None:
        desk = Desk("2026-09-01").filed("2026-09-01").suspended("2026-10-12", "C02").resumed("2026-11-23", "C02")

        reading = desk.reads("C02", today="2026-11-24")

        assert (reading.state, reading.provisional) == ("provisional", True)
        assert "provisionally" in reading.explained("en")[-1]
