"""Clocks and calendar: what the office decides, years loaded later, suspension, and what presses first."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from application.office import today
from domain.rules.calendar import CALENDAR
from tests.conftest import FACTS, Counter
from tests.mechanisms.conftest import AUDIT, CITY, COUNTY, Desks

YEAR = {
    "year": 2027, "notice": "国办发明电〔2026〕9号",
    "holidays": ["2027-01-01", *(f"2027-02-{day:02d}" for day in range(5, 13))], "make_up_days": ["2027-02-14", "2027-01-30"],
}  # fmt: skip
SIGNS = ["--officer", "office.1", "--office", CITY]
APPROVED = ["--approved-by", "office.2", *SIGNS]


def clocks(desks: Desks, case: dict[str, Any], **asked: str) -> dict[str, Any]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return {clock["clock"]: clock for clock in desks.get(f"cases/{case['id']}/clocks?{query}")}


@pytest.fixture
def run(url, office, tmp_path, monkeypatch) -> Any:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("QINGXIN_HOME", str(tmp_path))
    from interface.cli import main

    def invoke(*arguments: str) -> Any:
        office._rules = None
        result = CliRunner().invoke(main, [*arguments])
        office._rules = None
        return result

    return invoke


class TestAYearLoadedLater:
    @pytest.fixture
    def filed(self, desks: Desks, counter: Counter) -> dict[str, Any]:
        case = counter.receive()
        desks.act("cases", case, "file", **FACTS["file"], on="2026-11-02")
        return case

    def test_makes_provisional_due_days_final_and_notes_each_that_moved(self, desks: Desks, filed, run, tmp_path):
        before = clocks(desks, filed)["C02"]
        assert (before["state"], before["provisional"]) == ("provisional", True)
        file = tmp_path / "2027.json"
        file.write_text(json.dumps(YEAR), "utf-8")

        loaded = run("calendar", "load", str(file), *APPROVED, "--json")

        assert loaded.exit_code == 0, loaded.output
        after = clocks(desks, filed)["C02"]
        assert (after["provisional"], after["state"]) == (False, "running")
        [moved] = [row for row in json.loads(loaded.output)["moved"] if row["clock"] == "C02"]
        assert (moved["case"], moved["old"], moved["new"]) == (filed["number"], before["due"], after["due"])
        note = desks.get(f"cases/{filed['id']}/history")[-1]["sentence"]
        assert before["due"] in note
        assert after["due"] in note

    def test_is_noted_on_the_case_when_it_is_loaded_over_the_counter_as_well(self, desks: Desks, filed):
        desks.catch_up()
        before = clocks(desks, filed)["C02"]["due"]

        desks.post(
            "rulebook/load", **YEAR, approved_by="office.2", role="office_head", office=CITY, seen=0, on="2026-11-20"
        )

        note = desks.get(f"cases/{filed['id']}/history")[-1]["sentence"]
        assert "calendar_updated" in note
        assert before in note

    def test_never_changes_what_was_known_before(self, desks: Desks, filed, run, tmp_path, counter: Counter):
        before = clocks(desks, filed)["C02"]
        moment = desks.get(f"cases/{filed['id']}/history")[-1]["recorded_at"]
        file = tmp_path / "2027.toml"
        days = "\n".join(f"{name} = {json.dumps(YEAR[name])}" for name in ("holidays", "make_up_days"))
        file.write_text(f'year = 2027\nnotice = "n"\n{days}\n', "utf-8")
        run("calendar", "load", str(file), *APPROVED)

        assert clocks(desks, filed, known=moment)["C02"]["due"] == before["due"]
        assert clocks(desks, filed, known=moment)["C02"]["provisional"]

    def test_tells_of_a_due_day_that_was_thought_final(self, desks: Desks, counter: Counter, run, tmp_path):
        case = counter.receive()
        desks.act("cases", case, "file", **FACTS["file"], on="2026-03-02")
        before = clocks(desks, case)["C02"]
        assert before["provisional"] is False
        [year] = [year for year in CALENDAR.years if year.year == 2026]
        content = {**msgspec.to_builtins(year), "holidays": [*map(str, year.holidays), "2026-05-25"]}
        file = tmp_path / "2026.json"
        file.write_text(json.dumps(content), "utf-8")

        assert "公布" in run("calendar", "load", str(file), *APPROVED).output
        loaded = run("calendar", "load", str(file), "--replaces", *APPROVED, "--json")

        assert loaded.exit_code == 0, loaded.output
        assert {"case": case["number"], "clock": "C02", "old": before["due"], "new": "2026-05-29"} in json.loads(
            loaded.output
        )["moved"]
        assert "2026-05-29" in desks.get(f"cases/{case['id']}/history")[-1]["sentence"]

    def test_is_approved_by_another_and_loaded_once(self, desks: Desks):
        def load(status: int, **facts: Any) -> None:
            seen = desks.get("rulebook", role="auditor", office=AUDIT)["version"]
            year = {**YEAR, "make_up_days": [], "approved_by": "office.2", **facts}
            desks.post("rulebook/load", status, role="office_head", office=CITY, seen=seen, **year)

        load(409, approved_by="office_head.x")
        for year in (1, 2003, 2101, 9999):
            load(422, year=year, holidays=[f"{year:04d}-05-01"])
        load(422, holidays=["2027-01-01", "2027-01-01"])
        load(409, year=2026, holidays=["2026-05-01"])
        load(201)
        load(409)
        load(201, replaces=True)

    def test_is_refused_when_it_is_no_such_year(self, run, tmp_path):
        for content in (
            {"year": 2027, "holidays": ["2026-05-01"], "make_up_days": []},
            {"holidays": []},
            {**YEAR, "make_up_days": ["2027-02-15"]},
        ):
            file = tmp_path / "bad.json"
            file.write_text(json.dumps(content), "utf-8")
            assert run("calendar", "load", str(file), *APPROVED).exit_code == 1
        assert (
            run(
                "calendar",
                "load",
                str(file),
                "--approved-by",
                "y",
                "--officer",
                "x",
                "--role",
                "intake",
                "--office",
                CITY,
            ).exit_code
            == 1
        )


class TestASettingDecided:
    def test_from_the_command_line_holds_from_its_day_on(self, desks: Desks, counter: Counter, run):
        old = counter.receive(channel="hotline_12345")
        assert clocks(desks, old)["C21"]["state"] == "unknown"

        decided = run("setting", "decide", "C21_days", "15", "--since", "2026-03-01", "--basis", "热线办〔2026〕3号", "--approved-by", "office.2",
                      "--on", "2026-03-01", *SIGNS)  # fmt: skip
        listed = json.loads(run("setting", "list", "--json").output)

        assert decided.exit_code == 0, decided.output
        assert {row["name"]: row["value"] for row in listed}["C21_days"] == "15"
        assert clocks(desks, old)["C21"]["due"] == "2026-03-23"

    def test_a_change_never_touches_an_old_case(self, desks: Desks, counter: Counter, run):
        for value, since in (("15", "2026-03-01"), ("5", "2026-04-01")):
            run(
                "setting",
                "decide",
                "C21_days",
                value,
                "--since",
                since,
                "--basis",
                "b",
                "--approved-by",
                "office.2",
                "--on",
                since,
                *SIGNS,
            )
        old = counter.receive(channel="hotline_12345")
        new = desks.post("cases", **{**_received(), "channel": "hotline_12345"}, on="2026-04-07", role="intake")

        assert clocks(desks, old)["C21"]["due"] == "2026-03-23"
        assert clocks(desks, new)["C21"]["due"] == "2026-04-14"

    def test_is_the_citys_to_decide_with_another_heads_approval(self, desks: Desks):
        decision = {"name": "C21_days", "value": "15", "since": "2026-03-10", "basis": "b", "approved_by": "office.2"}
        head = {"role": "office_head", "office": CITY, "seen": 0}
        desks.post("rulebook/decide", 403, **decision, role="office_head", office=COUNTY)
        desks.post("rulebook/decide", 403, **decision)
        desks.post("rulebook/decide", 409, **{**decision, "approved_by": "office_head.x"}, **head)
        desks.post("rulebook/decide", 409, **{**decision, "since": "2020-01-01"}, **head)
        desks.post("rulebook/decide", 422, **{**decision, "name": "moon_phase"}, **head)
        desks.post("rulebook/decide", 422, **{**decision, "value": "soon"}, **head)
        desks.post("rulebook/decide", **decision, **head)

        book = desks.get("rulebook", role="auditor", office=AUDIT)
        assert {s["name"]: s["value"] for s in book["settings"]}["C21_days"] == "15"
        assert [e["event"] for e in desks.get("rulebook/history", role="auditor", office=AUDIT)] == ["RulebookDecided"]

    def test_reaches_back_before_its_own_day_never_and_before_today_for_the_auditors_to_see(self, desks: Desks):
        head = {
            "role": "office_head",
            "office": CITY,
            "basis": "b",
            "approved_by": "lead_cadre.x",
            "name": "C21_days",
            "value": "15",
        }
        desks.get("cases", role="lead_cadre", office=CITY)  # somebody who is known here

        desks.post("rulebook/decide", 409, since="2026-03-09", on="2026-03-10", seen=0, **head)
        past = desks.post("rulebook/decide", since="2026-03-10", on="2026-03-10", seen=0, **head)
        now = desks.post("rulebook/decide", since=str(today()), on="2026-03-10", seen=1, **head)

        assert (past["event"]["warnings"], now["event"]["warnings"]) == (["backdated_rule"], [])


class TestSuspension:
    def test_needs_the_offices_decision_that_it_may_be(self, desks: Desks, counter: Counter, decided):
        case = counter.receive()
        desks.act("cases", case, "file", **FACTS["file"], on="2026-03-02")
        pause = {"clock": "C02", "reason": "当事人逃匿", "approved_by": "head.1", "on": "2026-03-09"}
        desks.act("cases", case, "suspend", 409, **pause)
        before = clocks(desks, case)["C02"]["due"]

        decided(suspension_allowed="1")
        desks.act("cases", case, "suspend", **pause)
        desks.act("cases", case, "suspend", 409, **pause)
        desks.act("cases", case, "resume", clock="C02", reason="当事人到案", on="2026-03-23")
        desks.act("cases", case, "resume", 409, clock="C02", reason="x", on="2026-03-24")

        reading = clocks(desks, case)["C02"]
        assert (reading["extended"] or reading["due"]) > before
        assert any("中止" in step for step in reading["derivation"])


class TestReplay:
    """Whoever replays a case judges each entry by its own day, not by today."""

    def test_of_a_version_is_judged_on_the_day_of_its_last_entry(self, desks: Desks, counter: Counter):
        case = counter.receive()
        desks.act("cases", case, "note", text="先登记、后发生", on="2026-05-06")
        for step in ("file", "inspect"):
            desks.act("cases", case, step, **FACTS[step])
        desks.act("cases", case, "order", **{**FACTS["order"], "due_on": "2026-03-20"})
        desks.act("cases", case, "note", text="回头看:工资未发到本人", on="2026-05-06")

        def then(query: str) -> tuple[str, list[str]]:
            clocks = desks.get(f"cases/{case['id']}/clocks?{query}")
            late = [clock["clock"] for clock in clocks if clock["state"] == "late"]
            return desks.get(f"cases/{case['id']}?{query}")["status"], late

        assert then("version=5") == ("ordered", ["C01"])  # filed on the sixth working day
        assert then("version=6") == ("overdue", ["C01", "C05", "C07"])
        assert then("version=5&on=2026-11-24")[0] == "overdue"


class TestTheQueue:
    def test_brings_what_is_late_before_what_runs_and_the_nearer_day_first(self, desks: Desks, counter: Counter):
        running = desks.post("cases", **_received(), on=str(today()), role="intake")
        late = counter.receive()
        later = desks.post("cases", **_received(), on="2026-03-20", role="intake")

        queue = desks.get("queue")

        assert [case["id"] for case in queue] == [late["id"], later["id"], running["id"]]
        assert [case["clock"]["state"] for case in queue] == ["late", "late", "running"]

    def test_extension_keeps_both_days(self, desks: Desks, counter: Counter):
        case = counter.receive()
        desks.act("cases", case, "file", **FACTS["file"], on="2026-03-02")
        desks.act("cases", case, "extend", **{**FACTS["extend"], "due_on": "2026-07-10"}, on="2026-05-20")

        reading = clocks(desks, case, on="2026-06-01")["C02"]

        assert (reading["due"], reading["extended"]) == ("2026-05-28", "2026-07-10")
        assert reading["state"] == "running"
        assert reading["late_originally"]


def _received() -> dict[str, Any]:
    from tests.conftest import RECEIVED

    return {**RECEIVED}


def test_the_calendar_ends_where_it_was_last_published():
    assert max(year.year for year in CALENDAR.years) == 2026
    assert not CALENDAR.is_known(date(2027, 1, 4))
