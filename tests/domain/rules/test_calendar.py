"""The working-day calendar, against the vectors of the reference and a library nobody else may import."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta

import chinese_calendar  # type: ignore[import-untyped]
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.rules.calendar import CALENDAR, Calendar, DayOutOfPlace, Due, Year

day = date.fromisoformat

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)  # what chinesecalendar knows
WORKED = [d for n in range((LAST - FIRST).days + 1) if chinese_calendar.is_workday(d := FIRST + timedelta(n))]
KNOWN = st.dates(FIRST, LAST)


def year_2027(**changes: object) -> Year:
    """A made-up arrangement for 2027, with one day in the December before it."""
    facts: dict[str, object] = {
        "year": 2027,
        "holidays": tuple(map(day, ("2026-12-31", "2027-01-01"))),
        "make_up_days": (day("2026-12-27"),),
        "notice": "国办发明电〔2026〕1号",
    }
    return Year(**{**facts, **changes})  # type: ignore[arg-type]


class TestKnowingWorkingDays:
    @given(KNOWN)
    def test_agrees_with_chinesecalendar_on_every_day_it_knows(self, any_day: date) -> None:
        assert CALENDAR.is_working_day(any_day) == chinese_calendar.is_workday(any_day)

    def test_agrees_on_the_whole_of_the_years_published(self) -> None:
        days = [date(2004, 1, 1) + timedelta(n) for n in range((date(2027, 1, 1) - date(2004, 1, 1)).days)]

        assert [d for d in days if CALENDAR.is_working_day(d) != chinese_calendar.is_workday(d)] == []

    @pytest.mark.parametrize(("year", "working_days"), [(2024, 251), (2025, 248), (2026, 248)])
    def test_counts_the_working_days_of_a_year(self, year: int, working_days: int) -> None:
        assert CALENDAR.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == working_days

    @pytest.mark.parametrize(
        "make_up_days",
        [
            "2024: 02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
            "2025: 01-26 02-08 04-27 09-28 10-11",
            "2026: 01-04 02-14 02-28 05-09 09-20 10-10",
        ],
    )
    def test_knows_the_weekend_days_that_are_worked(self, make_up_days: str) -> None:
        year, days = make_up_days.split(": ")
        [published] = [known for known in CALENDAR.years if known.year == int(year)]

        assert [f"{d:%m-%d}" for d in published.make_up_days] == days.split()
        assert all(CALENDAR.is_working_day(d) for d in published.make_up_days)

    @pytest.mark.parametrize("acted", ["2018-02-11", "2021-02-07", "2021-02-20"])
    def test_finds_that_offices_really_acted_on_make_up_days(self, acted: str) -> None:
        assert day(acted).weekday() >= 5
        assert CALENDAR.is_working_day(day(acted))

    def test_keeps_the_last_day_of_2005_off_where_libraries_disagree(self) -> None:
        assert not CALENDAR.is_working_day(day("2005-12-31"))

    @pytest.mark.parametrize(("any_day", "known"), [("2003-12-31", False), ("2004-01-01", True), ("2027-01-01", False)])
    def test_says_which_years_are_published(self, any_day: str, known: bool) -> None:
        assert CALENDAR.is_known(day(any_day)) is known


class TestCountingWorkingDays:
    @pytest.mark.parametrize(
        ("start", "n", "due"),
        [
            ("2025-01-20", 5, "2025-01-26"),  # a Sunday that is worked
            ("2025-01-23", 5, "2025-02-06"),
            ("2025-04-28", 5, "2025-05-08"),
            ("2025-09-26", 5, "2025-10-10"),
            ("2025-12-30", 5, "2026-01-07"),
            ("2026-02-13", 5, "2026-02-27"),
            ("2026-04-30", 5, "2026-05-11"),
            ("2026-09-18", 5, "2026-09-24"),
            ("2026-09-30", 5, "2026-10-13"),
            ("2017-12-21", 5, "2017-12-28"),  # a real case, filed on the last lawful day
            ("2025-04-10", 60, "2025-07-08"),
            ("2025-08-01", 60, "2025-10-30"),
            ("2026-09-01", 60, "2026-11-30"),
            ("2018-01-30", 60, "2018-04-28"),  # a Saturday that is worked
            ("2025-04-10", 90, "2025-08-19"),
            ("2025-09-01", 15, "2025-09-22"),
            ("2026-01-28", 15, "2026-02-25"),
        ],
    )
    def test_leaves_the_starting_day_and_the_days_off_out(self, start: str, n: int, due: str) -> None:
        found = CALENDAR.add_working_days(day(start), n)

        assert (found.day, found.provisional) == (day(due), False)
        assert CALENDAR.working_days_between(day(start), found.day) == n

    def test_explains_itself_day_by_day(self) -> None:
        assert CALENDAR.add_working_days(day("2025-01-23"), 5) == Due(
            day("2025-02-06"),
            skipped=(
                (day("2025-01-25"), "weekend"),
                *((day("2025-01-28") + timedelta(n), "holiday") for n in range(8)),
            ),
            make_up_days=(day("2025-01-26"),),
        )

    @given(st.dates(date(2004, 1, 1), date(2030, 1, 1)), st.integers(0, 120))
    def test_accounts_for_every_day_it_passes(self, start: date, n: int) -> None:
        due = CALENDAR.add_working_days(start, n)

        assert (due.day - start).days == n + len(due.skipped)
        assert CALENDAR.working_days_between(start, due.day) == n

    def test_counts_backwards_when_the_day_is_past(self) -> None:
        assert CALENDAR.working_days_between(day("2025-01-27"), day("2025-01-24")) == -2  # Sunday 26 was worked

    def test_finds_the_31_working_days_of_the_zhongshan_listing(self) -> None:
        assert CALENDAR.working_days_between(day("2025-12-18"), day("2026-02-02")) == 31


class TestAgreeingWithAnotherCalendar:
    """Every count, on the working days that chinesecalendar finds."""

    @pytest.mark.parametrize("n", [1, 5, 15, 60])
    def test_counts_the_same_working_days_from_every_day(self, n: int) -> None:
        starts = [FIRST + timedelta(d) for d in range((WORKED[-n] - FIRST).days)]

        assert [
            s for s in starts if CALENDAR.add_working_days(s, n).day != WORKED[bisect_right(WORKED, s) + n - 1]
        ] == []

    @pytest.mark.parametrize("n", [7, 30])
    def test_rolls_from_every_day_to_the_same_day(self, n: int) -> None:
        lasts = [FIRST + timedelta(d) for d in range(n, (WORKED[-1] - FIRST).days)]
        rolled = [WORKED[bisect_right(WORKED, last - timedelta(1))] for last in lasts]

        found = [CALENDAR.add_calendar_days(last - timedelta(n), n).day for last in lasts]

        assert found == rolled

    @given(KNOWN, st.integers(0, 400))
    def test_counts_any_number_of_working_days(self, start: date, n: int) -> None:
        place = bisect_right(WORKED, start) + n - 1
        assume(place < len(WORKED))

        due = CALENDAR.add_working_days(start, n)

        assert due.day == (WORKED[place] if n else start)
        assert not due.provisional

    @given(KNOWN, st.integers(0, 800))
    def test_rolls_any_number_of_days(self, start: date, n: int) -> None:
        last = start + timedelta(n)
        assume(last <= WORKED[-1])

        due = CALENDAR.add_calendar_days(start, n)

        assert (due.day, due.provisional) == (WORKED[bisect_right(WORKED, last - timedelta(1))], False)

    @given(KNOWN, KNOWN)
    def test_counts_the_working_days_between_any_two(self, a: date, b: date) -> None:
        assert CALENDAR.working_days_between(a, b) == bisect_right(WORKED, b) - bisect_right(WORKED, a)


class TestCountingCalendarDays:
    @pytest.mark.parametrize(
        ("start", "n", "due"),
        [
            ("2025-08-07", 60, "2025-10-09"),
            ("2025-09-22", 15, "2025-10-09"),
            ("2025-04-05", 30, "2025-05-06"),
            ("2026-01-31", 15, "2026-02-24"),
            ("2025-07-03", 90, "2025-10-09"),
            ("2026-02-01", 13, "2026-02-14"),  # a Saturday that is worked does not roll
        ],
    )
    def test_rolls_from_a_day_off_to_the_next_working_day(self, start: str, n: int, due: str) -> None:
        assert CALENDAR.add_calendar_days(day(start), n).day == day(due)

    def test_says_why_it_rolled(self) -> None:
        due = CALENDAR.add_calendar_days(day("2025-08-07"), 60)

        assert due.skipped == tuple((date(2025, 10, d), "holiday") for d in (6, 7, 8))

    def test_says_why_it_did_not(self) -> None:
        due = CALENDAR.add_calendar_days(day("2026-02-01"), 13)

        assert (due.skipped, due.make_up_days) == ((), (day("2026-02-14"),))

    def test_ends_where_it_ends_when_told_not_to_roll(self) -> None:
        assert CALENDAR.add_calendar_days(day("2025-08-07"), 60, roll=False) == Due(day("2025-10-06"))


class TestCountingMonths:
    def test_ends_on_the_last_day_of_a_month_without_the_corresponding_one(self) -> None:
        assert CALENDAR.add_months(day("2025-08-31"), 6, roll=False).day == day("2026-02-28")
        assert CALENDAR.add_months(day("2025-08-31"), 6).day == day("2026-02-28")  # a Saturday that is worked

    def test_rolls_as_days_do(self) -> None:
        assert CALENDAR.add_months(day("2025-04-01"), 6).day == day("2025-10-09")


class TestCountingBeyondThePublishedYears:
    @pytest.mark.parametrize(("n", "last_sure"), [(60, "2026-10-09"), (90, "2026-08-23")])
    def test_is_provisional_from_the_first_day_that_reaches_2027(self, n: int, last_sure: str) -> None:
        assert not CALENDAR.add_working_days(day(last_sure), n).provisional
        assert CALENDAR.add_working_days(day(last_sure) + timedelta(1), n).provisional

    def test_leaves_out_the_statutory_days_known_by_rule(self) -> None:
        due = CALENDAR.add_working_days(day("2026-11-23"), 60)

        assert (due.day, due.provisional) == (day("2027-02-22"), True)
        holidays = [skipped for skipped, reason in due.skipped if reason == "holiday"]
        assert holidays == [day("2027-01-01"), *(date(2027, 2, d) for d in range(5, 11))]

    def test_is_provisional_when_the_last_day_is_and_may_roll(self) -> None:
        assert CALENDAR.add_calendar_days(day("2026-12-02"), 30).provisional
        assert not CALENDAR.add_calendar_days(day("2026-12-02"), 30, roll=False).provisional

    def test_counts_on_a_year_as_soon_as_it_is_added(self) -> None:
        calendar = CALENDAR.with_year(year_2027())

        due = calendar.add_working_days(day("2026-12-25"), 5)

        assert (due.day, due.provisional) == (day("2027-01-04"), False)
        assert [f"{skipped} {reason}" for skipped, reason in due.skipped] == [
            "2026-12-26 weekend", "2026-12-31 holiday", "2027-01-01 holiday", "2027-01-02 weekend", "2027-01-03 weekend",
        ]  # fmt: skip
        assert due.make_up_days == (day("2026-12-27"),)

    def test_leaves_the_calendar_it_started_from_alone(self) -> None:
        CALENDAR.with_year(year_2027())

        assert not CALENDAR.is_known(day("2027-01-01"))

    def test_takes_a_year_published_anew_in_place_of_the_old(self) -> None:
        calendar = CALENDAR.with_year(year_2027()).with_year(year_2027(holidays=(), make_up_days=()))

        assert calendar.is_working_day(day("2027-01-01"))
        assert len(calendar.years) == len(CALENDAR.years) + 1

    def test_knows_only_the_week_without_any_year_or_rule(self) -> None:
        assert Calendar().add_working_days(day("2025-09-30"), 1) == Due(day("2025-10-01"), provisional=True)


ARRANGEMENTS = st.builds(
    lambda holidays, worked: Year(2027, tuple(sorted(holidays)), tuple(sorted(worked - holidays))),
    st.sets(st.dates(date(2026, 12, 1), date(2027, 12, 31)), max_size=30),
    st.sets(st.dates(date(2026, 12, 1), date(2027, 12, 31)).filter(lambda d: d.weekday() >= 5), max_size=10),
)


class TestLoadingAYear:
    @given(ARRANGEMENTS, st.dates(date(2025, 1, 1), date(2027, 6, 1)), st.integers(0, 120))
    def test_changes_only_the_due_days_that_reached_it(self, year: Year, start: date, n: int) -> None:
        touched = min((date(2027, 1, 1), *year.holidays, *year.make_up_days))

        for count in (Calendar.add_working_days, Calendar.add_calendar_days):
            before, after = count(CALENDAR, start, n), count(CALENDAR.with_year(year), start, n)

            assert before == after or max(before.day, after.day) >= touched
            assert not after.provisional or after.day.year > 2027

    @given(ARRANGEMENTS, st.dates(date(2026, 6, 1), date(2027, 6, 1)), st.integers(1, 120))
    def test_makes_a_provisional_day_sure(self, year: Year, start: date, n: int) -> None:
        before, after = (calendar.add_working_days(start, n) for calendar in (CALENDAR, CALENDAR.with_year(year)))
        assume(after.day.year == 2027)

        assert not after.provisional
        assert before.provisional == (before.day.year == 2027)

    @given(ARRANGEMENTS, KNOWN, KNOWN)
    def test_changes_no_count_of_days_before_it(self, year: Year, a: date, b: date) -> None:
        assume(max(a, b) < date(2026, 12, 1))

        assert CALENDAR.with_year(year).working_days_between(a, b) == CALENDAR.working_days_between(a, b)


class TestRefusingAYear:
    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({"holidays": (day("2028-01-01"),)}, "it is not in that year"),
            ({"holidays": (day("2026-11-30"),)}, "it is not in that year"),
            ({"make_up_days": (day("2027-02-01"),)}, "a make-up day falls on a weekend"),
            ({"holidays": (day("2027-02-06"),), "make_up_days": (day("2027-02-06"),)}, "it is both off and worked"),
        ],
    )
    def test_says_which_day_is_out_of_place(self, changes: dict[str, object], problem: str) -> None:
        with pytest.raises(DayOutOfPlace, match=f"the arrangement for 2027: {problem}"):
            year_2027(**changes)


class TestTakingTheDigest:
    def test_is_the_same_for_the_same_days(self) -> None:
        again = Calendar(CALENDAR.years, CALENDAR.statutory)

        assert again.digest == CALENDAR.digest
        assert len(CALENDAR.digest) == 64

    def test_changes_with_a_year(self) -> None:
        assert CALENDAR.with_year(year_2027()).digest != CALENDAR.digest


class TestTheEndOfTime:
    def test_is_the_last_day_of_any_term_and_provisional(self) -> None:
        for due in (
            CALENDAR.add_working_days(day("9999-12-20"), 60),
            CALENDAR.add_calendar_days(day("9999-12-20"), 60),
            CALENDAR.add_calendar_days(day("9999-12-20"), 60, roll=False),
            CALENDAR.add_months(day("9999-12-20"), 36, roll=False),
        ):
            assert (due.day, due.provisional) == (date.max, True)
