"""What an auditor looks at comes from the entries alone, under the officer it falls to, with the entries it rests on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from application.office import Command, today
from domain.rules.calendar import CALENDAR
from domain.rules.settings import Decided, Settings
from projections.reports import Asked
from projections.reports.oversight import FIGURES, Wanted, findings
from projections.views import Views
from tests.conftest import Desk, signed
from tests.projections.test_reports import Statistician

YEAR = {"since": date(2026, 1, 1), "until": date(2026, 12, 31), "division": "620500"}


def before(working_days: int) -> date:
    """So many working days before today."""
    return next(
        day for n in range(400) if CALENDAR.working_days_between(day := today() - timedelta(days=n), today()) == working_days
    )  # fmt: skip


class Auditor(Statistician):
    """Looks at what there is."""

    def look(self, kind: str | None = None, *, limit: int = 100, cursor: str | None = None, wanted: Wanted | None = None,
             **asked: Any) -> list[dict[str, Any]]:  # fmt: skip
        return list(self.answer(kind, limit=limit, cursor=cursor, wanted=wanted, **asked)[0]["findings"])

    def answer(self, kind: str | None = None, *, limit: int = 100, cursor: str | None = None, wanted: Wanted | None = None,
               **asked: Any) -> tuple[dict[str, Any], str | None]:  # fmt: skip
        self.catch_up()
        return findings(
            self.views,
            Asked(**{**YEAR, **asked}),
            self.office.rulebook,
            wanted or Wanted(kind=kind),
            limit=limit,
            cursor=cursor,
        )


@pytest.fixture
def city(desk: Desk, views: Views, catch_up) -> Auditor:
    return Auditor(desk, views, catch_up)


class TestStepsPastTheirDay:
    def test_show_with_the_entry_that_began_the_clock_and_the_one_that_came_too_late(self, city):
        case = city.desk.receive()
        city.desk.act(case, "file", on=date(2026, 3, 12))

        [found] = [each for each in city.look("past_due") if each["clock"] == "C01"]

        assert (found["officer"], found["office"], found["days"], str(found["due"])) == (
            "lead.1",
            "620502-hrss",
            3,
            "2026-03-09",
        )
        assert [event["event"] for event in found["events"]] == ["CaseReceived", "CaseFiled"]
        assert found["number"] == case.number

    def test_fall_to_the_handler_while_nothing_was_done(self, city):
        city.desk.story("assign")

        found = {each["clock"]: each for each in city.look("past_due", on=date(2026, 3, 12))}

        assert found["C01"]["officer"] == "lead.1"
        assert found["C01"]["days"] == 3
        assert city.look("past_due", on=date(2026, 3, 9)) == []


class TestIdleCases:
    def test_are_not_named_while_the_office_has_not_decided_what_idle_is(self, city):
        city.desk.story("assign")

        answer, _ = city.answer("idle")

        assert answer["findings"] == []
        assert answer["undecided"]["idle"] == ["idle_days"]

    def test_are_named_between_two_entries_and_since_the_last(self, city):
        case = city.desk.receive(on=before(40))
        city.desk.act(case, "file", on=before(25))
        decided_for_all(city)

        found = city.look("idle")

        assert [each["days"] for each in found] == [25, 15]
        assert [event["event"] for event in found[1]["events"]] == ["CaseReceived", "CaseFiled"]

    def test_are_not_those_that_have_ended(self, city):
        case = city.desk.receive(on=before(40))
        case = city.desk.act(case, "close", on=before(39))
        city.desk.act(case, "revisit", on=before(5))
        decided_for_all(city)

        assert city.look("idle") == []


def decided_for_all(city: Auditor) -> None:
    """As if the office had decided before anything happened."""
    book = city.office.rulebook()
    book.decided = [
        Decided(name, value, date(2020, 1, 1)) for name, value in (("idle_days", "10"), ("late_recording_days", "1"))
    ]
    city.office.rulebook = lambda known=None: book  # type: ignore[method-assign]


class TestEntriesMadeLate:
    def test_show_how_many_working_days_after(self, city):
        city.desk.receive(on=before(7))
        city.desk.receive(on=before(1))
        decided_for_all(city)

        [found] = city.look("late_recording")

        assert (found["days"], found["officer"]) == (7, "intake.1")

    def test_are_backdated_where_they_lie_before_an_earlier_entry(self, city):
        case = city.desk.receive(on=before(9))
        case = city.desk.act(case, "verify", on=before(2))
        city.desk.act(case, "note", on=before(6))
        decided_for_all(city)

        [found] = [each for each in city.look("backdated") if each["clock"] is None]

        assert (found["days"], [event["event"] for event in found["events"]]) == (6, ["CaseInspected", "CaseNoted"])

    def test_are_backdated_where_they_are_dated_within_a_term_that_had_run_out(self, city):
        city.desk.act(city.desk.receive(on=before(20)), "file", on=before(16))
        decided_for_all(city)

        [found] = [each for each in city.look("backdated") if each["clock"] == "C01"]

        assert (found["days"], found["events"][-1]["event"]) == (15, "CaseFiled")


class TestWhatWasTakenBack:
    def test_returns_reopenings_and_late_extensions_show(self, city):
        case = city.desk.story("assign", "return")
        case = city.desk.act(case, "file")
        case = city.desk.act(case, "extend", clock="C02", due_on=date(2026, 7, 8), on=date(2026, 7, 1))
        case = city.desk.act(case, "close", on=date(2026, 7, 2), reason="settled_by_agreement")
        city.desk.act(case, "reopen", by="super.1", on=date(2026, 7, 6))

        found = {
            each["kind"]: each for each in city.look() if each["kind"] in ("returned", "reopened", "late_extension")
        }

        assert [event["event"] for event in found["returned"]["events"]] == ["CaseAssigned", "CaseReturned"]
        assert [event["event"] for event in found["reopened"]["events"]] == ["CaseClosed", "CaseReopened"]
        assert (found["reopened"]["officer"], found["reopened"]["days"]) == ("lead.1", 2)
        assert (found["late_extension"]["clock"], str(found["late_extension"]["due"])) == ("C02", "2026-05-28")

    def test_a_suspension_just_before_the_due_day_shows(self, city):
        allowed = Settings([Decided("suspension_allowed", "1", date(2026, 1, 1))])
        for on in (date(2026, 5, 26), date(2026, 4, 1)):
            case = city.desk.story("file")
            facts = {"clock": "C02", "reason": "证据无法取得", "approved_by": "head.1"}
            city.office.act(
                case, "suspend", facts, signed("lead.1", on=on, today=today(), settings=allowed), Command.new()
            )

        [found] = city.look("suspended_before_due")

        assert (found["days"], [event["event"] for event in found["events"]]) == (2, ["CaseFiled", "CaseSuspended"])


class TestASummary:
    def test_counts_by_officer_office_and_kind(self, city):
        for _ in range(2):
            city.desk.story("assign", "return", "file")

        answer, _ = city.answer(on=date(2026, 3, 3))
        [row] = [row for row in answer["summary"] if row["officer"] == "lead.1"]

        assert (row["office"], row["counts"], row["total"]) == ("620502-hrss", {"returned": 2, "backdated": 2}, 4)
        assert city.values("oversight", **{**YEAR, "on": date(2026, 3, 3)})["returned"] == 2

    def test_is_of_what_was_asked_for(self, city):
        city.desk.story("assign", "return")

        assert city.look(wanted=Wanted(officer="somebody.else")) == []
        assert city.look("returned", division="620503") == []
        assert city.look("returned", since=date(2026, 3, 3)) == []

    def test_pages_go_through_all_of_them_once(self, city):
        for _ in range(5):
            city.desk.story("assign", "return", "file")
        seen, cursor = [], None
        for _ in range(20):
            answer, cursor = city.answer(limit=2, cursor=cursor)
            seen += [(each["record"], each["kind"], each["clock"]) for each in answer["findings"]]
            if cursor is None:
                break

        assert len(seen) == len(set(seen)) == len(city.look(limit=500))

    def test_every_kind_has_a_definition(self):
        assert len(FIGURES) == 8


class TestWhatIsAboutAnOfficial:
    def test_shows_to_confidants_only(self, city):
        case = city.desk.story("file", "inspect", on=before(3))
        city.desk.act(case, "refer", on=before(3), kind="discipline", to="市纪委监委", reason="推诿扯皮")
        decided_for_all(city)

        told = [event["sentence"] for each in city.look(confidant=True) for event in each["events"]]
        hidden = [event["sentence"] for each in city.look() for event in each["events"]]

        assert any("推诿扯皮" in sentence for sentence in told)
        assert not any("推诿扯皮" in sentence for sentence in hidden)
