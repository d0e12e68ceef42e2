"""The counter answers figures, closes periods and shows findings, to those who may see them and no further."""

from __future__ import annotations

import hashlib
import json

import pytest
from click.testing import CliRunner

from interface.cli import main
from tests.conftest import FACTS, Counter

WINDOW = "from=2026-01-01&to=2026-03-31"
CLOSING = {"on": "2026-11-23", "report": "closed-loop", "from": "2026-01-01", "to": "2026-03-31", "division": "620500"}
CITY = {"role": "office_head", "office": "620500-hrss"}


@pytest.fixture
def city(counter: Counter, catch_up):
    case = counter.receive()
    counter.act(case, "inspect", **{**FACTS["verify"], "inspectors": ["lead.1", "second.1"]})
    catch_up()
    return counter


class TestReports:
    def test_are_named_with_their_definitions(self, city):
        auditor = city.ask("GET", "/api/reports", "auditor", office="620500-discipline").json
        clerk = city.ask("GET", "/api/reports", "intake").json

        assert {"six-mechanisms", "closed-loop", "trainings", "oversight"} <= {each["name"] for each in auditor}
        assert "oversight" not in {each["name"] for each in clerk}
        assert "F20" in clerk[1]["definitions"]

    def test_answer_each_figure_with_what_it_is_made_of(self, city):
        answer = city.ask("GET", f"/api/reports/closed-loop?{WINDOW}", **CITY).json

        assert answer["values"]["F4"] == {"value": 100.0, "numerator": 1, "denominator": 1}
        assert answer["values"]["F9"] == {"value": 0.0, "numerator": "0.00", "denominator": "110000.00"}
        assert answer["undecided"]["F2"] == ["first_assign_days"]

    def test_go_by_division_with_all_seven_counties(self, city):
        answer = city.ask("GET", f"/api/reports/closed-loop?{WINDOW}&by=division", **CITY).json

        assert [group["by"] for group in answer["groups"]] == [
            "620502", "620503", "620521", "620522", "620523", "620524", "620525",
        ]  # fmt: skip
        assert [group["values"]["F7"]["denominator"] for group in answer["groups"]] == [1, 0, 0, 0, 0, 0, 0]

    def test_stand_beside_a_year_before(self, city):
        answer = city.ask("GET", f"/api/reports/six-mechanisms?{WINDOW}&yoy=true", **CITY).json

        assert answer["yoy"]["from"] == "2025-01-01"
        assert answer["yoy"]["change"]["clues_received"] is None

    @pytest.mark.parametrize(("query", "status"), [
        ("by=colour", 422), ("by=channel&from=2026-02-01&to=2026-01-01", 422), ("group=division", 422), ("yoy=1", 422),
        ("division=620000", 403),
    ])  # fmt: skip
    def test_refuse_what_cannot_be_asked(self, city, query, status):
        assert city.ask("GET", f"/api/reports/closed-loop?{query}", **CITY).status_code == status

    def test_refuse_a_grouping_that_is_not_the_reports_own(self, city):
        assert city.ask("GET", "/api/reports/trainings?by=channel", **CITY).status_code == 422

    def test_count_only_its_industry_for_a_regulator(self, city, catch_up):
        city.receive(industry="housing")
        catch_up()

        answer = city.ask(
            "GET", f"/api/reports/six-mechanisms?{WINDOW}", "project_keeper", office="620500-housing"
        ).json

        assert (answer["values"]["clues_received"], answer["stamp"]["industry"]) == (1, "housing")

    def test_of_oversight_are_for_those_who_oversee(self, city):
        assert city.ask("GET", "/api/reports/oversight", "inspector_lead").status_code == 403
        assert city.ask("GET", "/api/reports/oversight", **CITY).status_code == 200


class TestPeriods:
    def test_are_closed_once_and_kept_to_the_byte(self, city, catch_up):
        made = city.ask("POST", "/api/periods", body=CLOSING, **CITY)
        catch_up()
        again = city.ask("POST", "/api/periods", body=CLOSING, **CITY)
        kept = city.ask("GET", made.headers["Location"], **CITY)

        assert (made.status_code, again.status_code) == (201, 409)
        assert kept.headers["ETag"] == f'"{hashlib.sha256(kept.data).hexdigest()}"'
        stamp = kept.json["stamp"]
        live = city.ask("GET", f"/api/reports/closed-loop?{WINDOW}&known={stamp['known']}", **CITY)
        assert live.data == kept.data

    def test_are_listed_and_marked_on_the_live_report(self, city, catch_up):
        made = city.ask("POST", "/api/periods", body=CLOSING, **CITY).json
        catch_up()

        [row] = city.ask("GET", "/api/periods", **CITY).json
        live = city.ask("GET", f"/api/reports/closed-loop?{WINDOW}&division=620500", **CITY).json

        assert (row["id"], row["report"], row["from"], row["closed_by"]) == (
            made["id"],
            "closed-loop",
            "2026-01-01",
            "office_head.x",
        )
        assert live["closed"] == {"id": made["id"], "sha256": row["sha256"], "seq": row["seq"], "restated": False}

    def test_are_restated_beside(self, city, catch_up):
        made = city.ask("POST", "/api/periods", body=CLOSING, **CITY).json
        late = city.receive()
        catch_up()

        figures = city.ask("GET", f"/api/periods/{made['id']}/restatement", **CITY).json["figures"]

        moved = {each["figure"]: each for each in figures}
        assert (moved["F4"]["old"]["value"], moved["F4"]["new"]["value"]) == (100.0, 50.0)
        assert [event["number"] for event in moved["F4"]["events"]] == [late["number"]]

    @pytest.mark.parametrize(("role", "at", "status"), [
        ("inspector_lead", "620502-hrss", 403), ("body_head", "620502-hrss", 403), ("body_head", "620500-hrss", 201),
        ("auditor", "620500-discipline", 403), ("office_head", "620500-housing", 403),
    ])  # fmt: skip
    def test_are_closed_by_the_heads_for_their_own_division(self, city, role, at, status):
        assert city.ask("POST", "/api/periods", role, office=at, body=CLOSING).status_code == status

    def test_of_another_division_are_not_there(self, city, catch_up):
        made = city.ask("POST", "/api/periods", body=CLOSING, **CITY).json
        catch_up()

        assert city.ask("GET", f"/api/periods/{made['id']}", office="620502-hrss").status_code == 404
        assert city.ask("GET", "/api/periods/nothing", **CITY).status_code == 404

    @pytest.mark.parametrize("wrong", [{"report": "none"}, {"extra": 1}, {"from": "2026-04-01"}, {"by": "colour"}])
    def test_refuse_what_is_malformed(self, city, wrong):
        assert city.ask("POST", "/api/periods", body={**CLOSING, **wrong}, **CITY).status_code == 422


class TestOversight:
    def test_is_for_those_who_oversee(self, city):
        for role, office, status in (
            ("auditor", "620500-discipline", 200), ("office_head", "620500-hrss", 200), ("supervisor", "620500-rights_centre", 200),
            ("inspector_lead", "620502-hrss", 403),
        ):  # fmt: skip
            assert city.ask("GET", "/api/oversight", role, office=office).status_code == status

    def test_shows_findings_page_by_page_with_their_entries(self, city):
        first = city.ask("GET", "/api/oversight?kind=past_due&limit=1", **CITY)

        [finding] = first.json["findings"]
        assert finding["events"][0]["event"] == "CaseReceived"
        assert first.json["summary"][0]["counts"]["past_due"] >= 1
        seen, link = 1, first.headers.get("Link")
        while link:
            page = city.ask("GET", link[link.index("<") + 1 : link.index(">")], **CITY)
            seen, link = seen + len(page.json["findings"]), page.headers.get("Link")
        assert seen == sum(row["counts"].get("past_due", 0) for row in first.json["summary"])

    @pytest.mark.parametrize("query", ["kind=laziness", "limit=0", "cursor=xx", "who=me", "by=officer"])
    def test_refuses_what_cannot_be_asked(self, city, query):
        assert city.ask("GET", f"/api/oversight?{query}", **CITY).status_code == 422

    def test_of_another_division_is_refused(self, city):
        assert city.ask("GET", "/api/oversight?division=620000", **CITY).status_code == 403


class TestFromATerminal:
    @pytest.fixture
    def run(self, city, url, monkeypatch, tmp_path):
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("QINGXIN_HOME", str(tmp_path))

        def run(*arguments: str, code: int = 0) -> str:
            found = CliRunner().invoke(main, arguments)
            assert found.exit_code == code, found.output
            return found.output

        return run

    def test_the_same_figures_in_every_form(self, run):
        window = ("--from", "2026-01-01", "--to", "2026-03-31", "--division", "620500")
        answer = json.loads(run("report", "closed-loop", *window, "--by", "division", "--json"))

        assert answer["values"]["F4"]["value"] == 100.0
        assert len(answer["groups"]) == 7
        assert "F4" in run("report", "closed-loop", *window, "--by", "division", "--yoy", "--explain")
        assert "F4.numerator,1" in run("report", "closed-loop", *window, "--format", "csv")
        assert "620503,F4," in run("report", "closed-loop", *window, "--by", "division", "--format", "csv")
        run("report", "trainings", *window, "--by", "channel", code=2)

    def test_a_period_is_closed_shown_and_restated(self, run, city, catch_up):
        window = ("--from", "2026-01-01", "--to", "2026-03-31", "--division", "620500")
        signs = ("--officer", "office.1", "--office", "620500-hrss")
        id = run("period", "close", "six-mechanisms", *window, *signs).split()[0]
        body = run("period", "show", id)
        [row] = json.loads(run("period", "list", "--json"))
        city.receive()

        assert hashlib.sha256(body.encode()).hexdigest() == row["sha256"]
        assert "clues_received: 1 → 2" in run("period", "restate", id)
        run("period", "close", "six-mechanisms", *window, *signs, code=1)
        run(
            "period",
            "close",
            "six-mechanisms",
            *window,
            "--officer",
            "x",
            "--role",
            "intake",
            "--office",
            "620500-hrss",
            code=1,
        )

    def test_oversight_tells_what_an_auditor_looks_at(self, run):
        assert "past_due" in run("oversight", "--division", "620500", "--from", "2026-01-01")
        assert json.loads(run("oversight", "--division", "620500", "--json"))["summary"]
