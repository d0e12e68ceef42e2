"""The figures say what their definitions say, alike however they are asked for, and never more than may be seen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from application.office import Command, today
from domain.codes import COUNTRY
from domain.inspection import Inspection
from domain.powers import Actor
from domain.project import Project
from domain.record import Signature
from domain.training import Training
from interface.api.showing import dumped
from projections.reports import REPORTS, Asked, run
from projections.views import Views
from tests.conftest import MONDAY, Desk, signed

WINDOW = {"since": date(2026, 1, 1), "until": date(2026, 6, 30)}
PROJECT = {
    "name": "安置房二期", "division": "620502", "industry": "housing", "contract_amount": "5000000.00",
    "contractor": {"name": "渭河建筑有限公司", "uscc": "91110000600037341L"},
}  # fmt: skip
INSPECTION = {
    "kind": "routine", "employer": {"name": "陇右市政有限公司"}, "division": "620503", "inspectors": ("lead.1", "second.1"),
    "industry": "transport",
}  # fmt: skip


class Statistician:
    """Asks the reports of an office whose read models have caught up."""

    def __init__(self, desk: Desk, views: Views, catch_up: Any):
        self.desk, self.office, self.views, self.catch_up = desk, desk.office, views, catch_up

    def ask(self, name: str, **asked: Any) -> dict[str, Any]:
        self.catch_up()
        return run(self.views, REPORTS[name], Asked(**{**WINDOW, "division": "620500", **asked}), self.office.rulebook)

    def values(self, name: str = "closed-loop", **asked: Any) -> dict[str, Any]:
        return dict(self.ask(name, **asked)["values"])

    def open(self, sort: Any, facts: dict[str, Any], on: date = MONDAY) -> Any:
        return self.office.open(sort, facts, signed("lead.1", on=on, today=today()), Command.new()).record

    def decide(self, name: str, value: str, since: str = "2026-11-01") -> None:
        facts = {
            "name": name,
            "value": value,
            "since": date.fromisoformat(since),
            "basis": "纪要",
            "approved_by": "head.2",
        }
        signature = Signature("office.1", "office_head", "620500-hrss", since, today())
        self.office.decide("decide", facts, signature, Command.new())


@pytest.fixture
def city(desk: Desk, views: Views, catch_up) -> Statistician:
    return Statistician(desk, views, catch_up)


class TestTheSixMechanisms:
    def test_count_inspections_in_cases_and_outside_them(self, city):
        city.desk.story("file", "inspect", "order")
        inspection = city.open(Inspection, INSPECTION)
        city.office.act(inspection, "order", {"document_no": "令〔2026〕9号", "due_on": date(2026, 3, 20), "basis": "第五十三条"},
                        signed("lead.1", today=today()), Command.new())  # fmt: skip

        values = city.values("six-mechanisms")

        assert {name: values[name] for name in ("divisions_inspected", "employers_inspected", "inspection_visits")} == {
            "divisions_inspected": 2, "employers_inspected": 2, "inspection_visits": 2,
        }  # fmt: skip
        assert values["rectification_orders"] == 2

    def test_do_not_count_what_was_revoked(self, city):
        case = city.desk.story("file", "inspect", "order")
        city.desk.act(case, "revoke", version=4, reason="复议撤销", approved_by="head.1")

        assert city.values("six-mechanisms")["rectification_orders"] == 0

    def test_count_employers_once_however_often_they_were_inspected(self, city):
        for _ in range(2):
            city.desk.story("file", "inspect", "inspect")

        values = city.values("six-mechanisms")

        assert (values["employers_inspected"], values["inspection_visits"]) == (1, 4)

    def test_count_the_money_of_arrears_alone(self, city):
        case = city.desk.story("file", "inspect", "pay")
        city.desk.act(case, "pay", kind="current", amount="9000.00")

        values = city.values("six-mechanisms")

        assert (values["arrears_recovered"], values["persons_paid"]) == ("60000.00", 7)

    def test_go_by_division_with_a_line_for_every_county(self, city):
        city.desk.story("file", "inspect")

        groups = city.ask("six-mechanisms", by="division", groups=("620502", "620503", "620521"))["groups"]

        assert [(group["by"], group["values"]["inspection_visits"]) for group in groups] == [
            ("620502", 1), ("620503", 0), ("620521", 0),
        ]  # fmt: skip

    def test_have_a_definition_for_every_figure(self, city):
        for name, report in REPORTS.items():
            answer = city.ask(name)
            assert set(answer["values"]) == set(report.figures)
            assert all(figure.zh and figure.en for figure in report.figures.values())


class TestTrainings:
    def test_reach_the_projects_that_started(self, city):
        projects = [city.open(Project, {**PROJECT, "name": f"项目{n}"}) for n in range(3)]
        city.open(Training, {"kind": "first_lesson", "topic": "开工第一课", "division": "620502", "attendance": 40, "leaflets": 60,
                             "consultations": 5, "projects": (projects[0].id, projects[1].id)})  # fmt: skip

        values = city.values("trainings")

        assert (values["projects_started"], values["projects_trained"], values["coverage"]) == (3, 2, 66.7)
        assert (values["sessions"], values["attendance"], values["leaflets"], values["consultations"]) == (1, 40, 60, 5)
        assert city.values("six-mechanisms")["trainings"] == 1


class TestTheClosedLoop:
    def test_a_rate_over_nothing_is_null(self, city):
        values = city.values()

        assert values["F7"] == {"value": None, "numerator": 0, "denominator": 0}
        assert values["F17"]["received_to_filed"]["median"] is None

    def test_a_cohort_is_what_was_received_in_the_window_and_is_followed_on(self, city):
        case = city.desk.receive()
        city.desk.act(case, "close", on=date(2026, 7, 20), reason="settled_by_agreement")

        assert city.values(until=date(2026, 3, 31))["F7"]["numerator"] == 1
        assert city.values(since=date(2026, 3, 3))["F7"]["denominator"] == 0
        assert city.values(on=date(2026, 7, 19))["F7"]["numerator"] == 0

    def test_complaints_are_decided_within_five_working_days_or_late(self, city):
        for on in (date(2026, 3, 9), date(2026, 3, 10)):
            city.desk.act(city.desk.receive(), "file", on=on)
        city.desk.receive()

        assert city.values()["F3"] == {"value": 33.3, "numerator": 1, "denominator": 3}

    def test_arrears_recovered_are_of_what_was_confirmed(self, city):
        city.desk.story("file", "inspect", "pay")

        values = city.values()

        assert values["F9"] == {"value": 54.5, "numerator": "60000.00", "denominator": "110000.00"}
        assert values["F9_persons"] == {"value": 50.0, "numerator": 7, "denominator": 14}
        assert (values["F16"]["cases"], values["F16"]["persons"], values["F16"]["yuan"]) == (1, 14, "50000.00")

    def test_a_repeat_is_one_that_follows_a_handled_case(self, city):
        city.decide("repeat_rate_window_days", "180", since=str(today()))
        first = city.desk.receive(on=today())
        city.desk.act(first, "verify", on=today())
        again = city.desk.receive(on=today())
        city.desk.act(again, "link", on=today(), to=first.id, reason="重复投诉")

        assert city.values(until=today())["F12"] == {"value": 50.0, "numerator": 1, "denominator": 2}

    def test_rebounds_and_the_satisfied_are_counted(self, city):
        case = city.desk.story("file", "inspect", "pay", "pay_rest", "close", "revisit")
        city.desk.act(case, "reopen")

        values = city.values()

        assert values["F13"]["value"] == 100.0
        assert (values["F10"]["value"], values["F10b"]["value"], values["F11"]["value"]) == (100.0, 100.0, 100.0)
        assert values["F7"]["numerator"] == 0

    def test_spans_are_in_working_days(self, city):
        case = city.desk.receive(on=date(2026, 2, 13))
        city.desk.act(case, "file", on=date(2026, 2, 27))

        assert city.values()["F17"]["received_to_filed"] == {
            "median": 5.0, "p90": 5.0, "max": 5, "count": 1, "at_least": {"count": 0, "max": None},
        }  # fmt: skip

    def test_what_is_past_due_shows_by_clock_and_age(self, city):
        city.desk.receive()

        overdue = city.values(on=date(2026, 3, 19))["F18"]

        assert (overdue["clocks"], overdue["by_clock"]["C01"], overdue["by_age"]["8-30"]) == (1, 1, 1)

    def test_systems_in_place_are_of_the_projects_checked(self, city):
        for n, result in enumerate(("pass", "fail")):
            project = city.open(Project, {**PROJECT, "name": f"项目{n}"})
            results = [
                {"item": "ACC-1", "result": result},
                {"item": "BRD-1", "result": "pass"},
                {"item": "GUA-1", "result": "not_checked"},
            ]
            visit = {"tier": 1, "inspectors": ("lead.1", "second.1"), "results": results}
            city.office.act(project, "supervise", visit, signed("lead.1", today=today()), Command.new())

        systems = city.values()["F20"]

        assert systems["ACC"] == {"value": 50.0, "numerator": 1, "denominator": 2}
        assert (systems["BRD"]["value"], systems["GUA"]["value"]) == (100.0, None)


class TestWhatTheOfficeHasNotDecided:
    def test_is_null_and_said(self, city):
        city.desk.story("assign")

        answer = city.ask("closed-loop")

        assert answer["values"]["F2"]["value"] is None
        assert answer["undecided"]["F2"] == ["first_assign_days"]
        assert answer["undecided"]["F8"] == ["C21_days", "C22_days"]

    def test_is_judged_from_the_day_it_was_decided_for(self, city):
        city.decide("first_assign_days", "1", since=str(today()))
        case = city.desk.receive(on=today())
        city.desk.act(case, "assign", on=today())

        assert city.values(until=today())["F2"] == {"value": 100.0, "numerator": 1, "denominator": 1}


class TestHoweverItIsAsked:
    def test_as_it_stands_and_as_known_now_are_the_same_bytes(self, city):
        case = city.desk.story("assign", "file", "inspect", "order", "serve", "pay", "close_owing", "revisit")
        city.desk.act(
            case, "correct", version=7, field="amount", value="50000.00", reason="录入错误", approved_by="head.1"
        )
        city.desk.story("file", channel="hotline_12345")
        for name, report in REPORTS.items():
            for by in (None, *report.by):
                now = city.ask(name, by=by)

                again = city.ask(name, by=by, known=now["stamp"]["known"])

                assert dumped(now) == dumped(again), (name, by)

    def test_the_groups_of_a_count_add_up_to_it(self, city):
        for division in ("620502", "620503"):
            city.desk.story("file", "inspect", division=division)
        for by in REPORTS["closed-loop"].by:
            answer = city.ask("closed-loop", by=by)

            assert sum(group["values"]["F7"]["denominator"] for group in answer["groups"]) == 2, by

    def test_a_stamp_says_what_it_hangs_on(self, city):
        before = city.ask("closed-loop")["stamp"]
        city.decide("idle_days", "10", since=str(today()))
        after = city.ask("closed-loop")["stamp"]

        assert set(before) == {"from", "to", "division", "on", "known", "seq", "rules", "calendar", "settings"}
        assert before["settings"] != after["settings"]
        assert (before["rules"], before["calendar"]) == (after["rules"], after["calendar"])


class TestWhatMayBeSeen:
    def test_a_regulator_counts_only_its_industry(self, city):
        city.desk.receive(industry="housing")
        city.desk.receive(industry="transport")
        scope = Actor("x", "project_keeper", "620500-housing", "620500").scope

        asked = Asked.within(scope, **WINDOW, division="620500")
        city.catch_up()
        for name in ("six-mechanisms", "closed-loop"):
            answer = run(city.views, REPORTS[name], asked, city.office.rulebook)
            assert answer["stamp"]["industry"] == "housing"
            assert answer["values"].get("clues_received", answer["values"].get("F7", {}).get("denominator")) == 1

    def test_an_office_without_a_division_counts_what_it_was_given(self, city):
        city.desk.receive()
        city.desk.story("assign")
        scope = Actor("x", "inspector_lead", "620502-court", "620502").scope
        case = city.desk.receive()
        city.desk.act(case, "assign", kind="task", to_office="620502-court", officers=())

        asked = Asked.within(scope, **WINDOW, division="620502")
        city.catch_up()
        answer = run(city.views, REPORTS["six-mechanisms"], asked, city.office.rulebook)

        assert (answer["stamp"]["office"], answer["values"]["clues_received"]) == ("620502-court", 1)

    def test_another_division_counts_nothing_of_this_one(self, city):
        city.desk.receive()

        assert city.values("six-mechanisms", division="620503")["clues_received"] == 0
        assert city.values("six-mechanisms", division=COUNTRY)["clues_received"] == 1
