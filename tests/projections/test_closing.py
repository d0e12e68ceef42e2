"""Closed figures stay as they were signed, and later knowledge shows beside them with the entries that moved them."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

import pytest

from application.office import Command, today
from domain.period import Period
from domain.record import Refused, Signature
from interface.api.periods import signed_off
from interface.api.reading import answered
from interface.api.showing import dumped
from projections.closing import closed_of, found, periods, restatement
from projections.reports import REPORTS, Asked, run
from projections.views import Views
from tests.conftest import Desk
from tests.projections.test_reports import Statistician

FIRST_QUARTER = {"since": date(2026, 1, 1), "until": date(2026, 3, 31), "division": "620500"}


class Clerk(Statistician):
    """Closes periods."""

    def close(self, name: str, **asked: Any) -> Any:
        self.catch_up()
        facts = signed_off(self.views, self.office, name, Asked(**{**FIRST_QUARTER, **asked}))
        signature = Signature("office.1", "office_head", "620500-hrss", str(today()), today())
        period = self.office.open(Period, facts, signature, Command.new()).record
        self.catch_up()
        return found(self.views, period.id)

    def restated(self, closed: Any, **options: Any) -> dict[str, Any]:
        self.catch_up()
        return restatement(self.views, closed, self.office.rulebook, **options)


@pytest.fixture
def city(desk: Desk, views: Views, catch_up) -> Clerk:
    return Clerk(desk, views, catch_up)


class TestClosing:
    def test_keeps_the_figures_to_the_byte(self, city):
        city.desk.story("file", "inspect", "pay")
        closed = city.close("closed-loop")

        known = datetime.fromisoformat(json.loads(closed.body)["stamp"]["known"])
        again = run(city.views, REPORTS["closed-loop"], Asked(**FIRST_QUARTER, known=known), city.office.rulebook)

        assert dumped(again) == closed.body.encode()
        assert hashlib.sha256(closed.body.encode()).hexdigest() == closed.sha256

    def test_is_done_once(self, city):
        city.desk.story("file")
        city.close("six-mechanisms")
        city.close("closed-loop")
        city.close("six-mechanisms", by="division")

        with pytest.raises(Refused):
            city.close("six-mechanisms")
        assert [closed_of(row).report for row in periods(city.views)] == [
            "six-mechanisms",
            "closed-loop",
            "six-mechanisms",
        ]

    def test_the_same_bytes_come_out_whatever_was_recorded_since(self, city):
        case = city.desk.story("file", "inspect", "order", "serve", "pay")
        for name, report in REPORTS.items():
            for by in (None, report.by[0]):
                closed = city.close(name, by=by)
                case = city.desk.act(case, "pay", kind="arrears", amount="100.00")
                case = city.desk.act(
                    case, "correct", version=6, field="amount", value=f"{50_000 + case.version}.00", reason="录入错误", approved_by="head.1"
                )  # fmt: skip
                city.decide("idle_days", str(case.version), since=str(today()))
                city.catch_up()

                again = run(city.views, report, Asked(**FIRST_QUARTER, by=by, known=closed.known), city.office.rulebook)

                assert dumped(again) == closed.body.encode(), name


class TestRestating:
    def test_says_nothing_where_nothing_moved(self, city):
        city.desk.story("file", "inspect")
        closed = city.close("closed-loop")
        city.desk.receive(on=today())

        assert city.restated(closed)["figures"] == []

    def test_names_the_late_entry_that_moved_a_figure(self, city):
        city.desk.story("file", "inspect", "pay")
        closed = city.close("six-mechanisms")
        other = city.desk.story("file", division="620503")
        late = city.desk.story("file", "inspect", "pay")

        figures = {each["figure"]: each for each in city.restated(closed)["figures"]}

        assert set(figures) == {"inspection_visits", "clues_received", "arrears_recovered", "persons_paid"}
        money = figures["arrears_recovered"]
        assert (money["old"], money["new"]) == ("60000.00", "120000.00")
        assert {event["record"] for event in money["events"]} == {late.id}
        assert {event["record"] for event in figures["clues_received"]["events"]} == {late.id, other.id}
        told = money["events"][-1]
        assert (told["event"], told["number"], told["officer"]) == ("CasePaid", late.number, "lead.1")
        assert "60,000.00" in told["sentence"]

    def test_names_the_correction_and_leaves_the_signed_figures(self, city):
        case = city.desk.story("file", "inspect", "pay")
        closed = city.close("closed-loop")
        city.desk.act(
            case, "correct", version=4, field="amount", value="10000.00", reason="录入错误", approved_by="head.1"
        )

        figures = {each["figure"]: each for each in city.restated(closed)["figures"]}

        assert (figures["F9"]["old"]["numerator"], figures["F9"]["new"]["numerator"]) == ("60000.00", "10000.00")
        assert [event["event"] for event in figures["F9"]["events"]] == ["CaseCorrected"]
        assert json.loads(found(city.views, closed.id).body)["values"]["F9"]["numerator"] == "60000.00"

    def test_is_for_the_same_day_and_so_moves_nothing_by_time_alone(self, city):
        city.desk.story("file", "inspect", "order", on=date(2026, 3, 2))
        closed = city.close("closed-loop")

        assert city.restated(closed)["figures"] == []

    def test_tells_which_group_it_moved(self, city):
        city.desk.story("file", "inspect")
        closed = city.close("six-mechanisms", by="division")
        city.desk.story(division="620503")

        moved = [(each["by"], each["figure"]) for each in city.restated(closed)["figures"]]

        assert moved == [(None, "clues_received"), ("620503", "clues_received")]

    def test_does_not_tell_of_a_referral_about_an_official(self, city):
        case = city.desk.story("file")
        closed = city.close("six-mechanisms")
        city.desk.act(case, "refer", kind="discipline", to="市纪委监委", reason="推诿扯皮", on=date(2026, 3, 16))

        [open_, confided] = [city.restated(closed, confidant=confidant)["figures"] for confidant in (False, True)]

        assert [each["figure"] for each in confided] == ["discipline_referrals"]
        assert confided[0]["events"]
        assert [(each["figure"], each["events"]) for each in open_] == [("discipline_referrals", [])]
        assert all("纪委" not in event["sentence"] for each in open_ for event in each["events"])


class TestAReportOfAClosedWindow:
    def test_says_that_it_is_closed_and_whether_it_was_restated(self, city):
        city.desk.story("file", "inspect")
        before = answered(city.views, city.office, "six-mechanisms", Asked(**FIRST_QUARTER))
        closed = city.close("six-mechanisms")

        live = answered(city.views, city.office, "six-mechanisms", Asked(**FIRST_QUARTER))
        city.desk.story("file")
        city.catch_up()
        later = answered(city.views, city.office, "six-mechanisms", Asked(**FIRST_QUARTER))

        assert "closed" not in before
        assert live["closed"] == {"id": closed.id, "sha256": closed.sha256, "seq": closed.seq, "restated": False}
        assert later["closed"]["restated"] is True
        assert later["values"]["clues_received"] == 2

    def test_is_silent_where_it_was_not_closed_when_it_was_known(self, city):
        city.desk.story("file", "inspect")
        closed = city.close("six-mechanisms")
        asked = Asked(**FIRST_QUARTER, known=closed.known)

        assert dumped(answered(city.views, city.office, "six-mechanisms", asked)) == closed.body.encode()
