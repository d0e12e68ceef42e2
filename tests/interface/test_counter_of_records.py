"""The counter of projects, employers, draws, trainings and the rulebook: what a reviewer found, each complaint as a test."""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from click.testing import CliRunner

from tests.conftest import RECEIVED, ROOT, Counter
from tests.mechanisms.conftest import CITY, COUNTY, HOUSING, PROJECT, Desks

BANK, POLICE, NEXT = "620502-bank", "620502-police", "620503-hrss"
FIRM = {"name": "渭河建筑有限公司", "uscc": "91110000600037341L"}
HEAD = {"role": "office_head", "office": CITY}
SESSION = {
    "kind": "policy",
    "topic": "条例宣讲",
    "attendance": 9,
    "leaflets": 9,
    "consultations": 1,
    "division": "620502",
}
VISIT = {"tier": 1, "inspectors": ["a", "b"], "results": [{"item": "ACC-1", "result": "pass"}]}
SETTING = {"name": "C21_days", "value": "15", "since": "2026-03-10", "basis": "会议纪要", "approved_by": "office.2"}
OFFICES = (COUNTY, NEXT, CITY, HOUSING, "620500-transport", "620500-discipline", BANK, POLICE)


@pytest.fixture
def desks(counter: Counter, catch_up: Callable[[], int]) -> Desks:
    return Desks(counter, catch_up)


def answered(
    desks: Desks, method: str, path: str, *, role: str = "inspector_lead", office: str = COUNTY, **more: Any
) -> Any:
    return desks.counter.ask(method, f"/api/{path}", role, office=office, **more)


class TestOpening:
    def test_is_for_labour_offices_and_regulators_not_for_a_bank_or_the_police(self, desks: Desks):
        bodies = {
            "projects": PROJECT, "employers": {"employer": FIRM, "division": "620502"}, "trainings": SESSION,
            "draws": {"purpose": "inspection", "division": "620502", "size": 1, "candidates": [{"key": "a"}]},
        }  # fmt: skip
        for office in (BANK, POLICE):
            for path, body in bodies.items():
                refused = desks.post(path, 403, **body, role="office_head", office=office)
                assert office in refused["detail"]

        for office in (COUNTY, HOUSING, "620500-discipline"):
            desks.post("projects", **PROJECT, role="office_head", office=office)

    def test_of_the_same_employer_at_once_is_done_by_one_and_refused_the_others_as_done(self, counter: Counter):
        body, together = {"on": "2026-03-10", "division": "620502", "employer": FIRM}, Barrier(4)
        counter.token("inspector_lead")

        def open_(_: int) -> tuple[int, str]:
            client = counter.client.application.test_client()
            together.wait()
            sent = {"Authorization": f"Bearer {counter.token('inspector_lead')}"}
            answer = client.post("/api/employers", json=body, headers=sent)
            return answer.status_code, answer.json.get("type", "")

        with ThreadPoolExecutor(4) as pool:
            statuses = sorted(pool.map(open_, range(4)))

        assert statuses == [(201, ""), *[(409, "urn:qingxin:already-done")] * 3]


class TestARegulator:
    def test_does_not_move_a_project_out_of_its_own_industry(self, desks: Desks):
        project = desks.post("projects", **PROJECT)
        there = {"role": "project_keeper", "office": HOUSING, "reason": "更正行业"}

        desks.act("projects", project, "change", 403, industry="transport", **there)
        desks.act(
            "projects", project, "correct", 403, version=1, field="industry", value="water", approved_by="x", **there
        )
        desks.act("projects", project, "change", industry="housing", workers=130, **there)
        desks.act("projects", project, "change", industry="transport", reason="更正行业")

        desks.get(f"projects/{project['id']}", 404, role="project_keeper", office=HOUSING)


class TestWhatAListShows:
    def seen(self, desks: Desks, path: str, id: str) -> dict[str, tuple[bool, bool]]:
        """By office: whether the list shows a record, and whether it can be read."""
        found = {}
        for office in OFFICES:
            listed = desks.get(f"{path}?limit=500", role="office_head", office=office)
            read = answered(desks, "GET", f"{path}/{id}", role="office_head", office=office)
            found[office] = (id in {row["id"] for row in listed}, read.status_code == 200)
        return found

    def test_can_be_read_by_the_same_offices(self, desks: Desks):
        project = desks.post("projects", **PROJECT)
        desks.act("projects", project, "supervise", **VISIT, team=[NEXT, POLICE])
        draw = desks.post("draws", purpose="inspection", division="620502", size=1, candidates=[{"key": "a"}],
                          role="supervisor", office=HOUSING)  # fmt: skip
        employer = desks.post("employers", employer=FIRM, division="620502")
        training = desks.post("trainings", **SESSION, team=[BANK])

        sights = [
            self.seen(desks, "projects", project["id"]), self.seen(desks, "draws", draw["id"]),
            self.seen(desks, "employers", employer["id"]), self.seen(desks, "trainings", training["id"]),
        ]  # fmt: skip

        for sight in sights:
            assert all(listed == read for listed, read in sight.values()), sight
        assert [office for office, (_, read) in sights[0].items() if read] == [
            COUNTY, NEXT, CITY, HOUSING, "620500-discipline", POLICE,
        ]  # fmt: skip
        assert sights[1][HOUSING] == sights[3][BANK] == (True, True)
        assert sights[1][BANK] == (False, False)

    def test_of_a_day_before_it_was_opened_is_nothing(self, desks: Desks):
        project = desks.post("projects", **PROJECT, on="2026-03-10")

        assert desks.get("projects?on=2026-03-05") == []
        desks.get(f"projects/{project['id']}?on=2026-03-05", 404)

    def test_of_a_training_that_was_revoked_says_so_under_its_old_name(self, desks: Desks):
        training = desks.post("trainings", **SESSION)
        taken = {"version": 1, "reason": "未举办", "approved_by": "head.9", "role": "office_head"}
        desks.act("trainings", training, "revoke", **taken)

        [row] = desks.get("trainings")

        assert (row["status"], row["title"], row["kind"]) == ("revoked", "条例宣讲", "policy")
        assert row["number"] == training["event"]["data"]["number"]
        shown = desks.get(f"trainings/{training['id']}")
        assert (shown["status"], shown["status_word"]) == ("revoked", row["status_word"])
        assert desks.get("trainings?on=2026-11-01") == []

    def test_is_named_as_the_record_is_whatever_was_attached_to_it(self, desks: Desks):
        import io

        project = desks.post("projects", **PROJECT)
        sent = {"Authorization": f"Bearer {desks.counter.token('inspector_lead')}", "If-Match": '"1"'}
        form = {
            "on": "2026-03-10",
            "title": "现场",
            "file": (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "a.pdf", "application/pdf"),
        }
        attached = desks.counter.client.post(f"/api/projects/{project['id']}/attach", data=form, headers=sent)
        assert attached.status_code == 201, attached.text

        assert [row["title"] for row in desks.get("projects")] == [PROJECT["name"]]


class TestClues:
    def test_that_name_a_project_count_in_its_own_division_only(self, desks: Desks, counter: Counter, views):
        for _ in range(2):
            counter.receive(project=PROJECT["name"])
        elsewhere = {**RECEIVED, "on": "2026-03-02", "division": "620503", "project": PROJECT["name"]}
        desks.ask("POST", "cases", 201, role="intake", office=NEXT, body=elsewhere)
        desks.catch_up()

        counted = {
            d: views.complaints(PROJECT["name"], d, date(2026, 3, 10), 30) for d in ("620502", "620503", "620504")
        }

        assert counted == {"620502": 2, "620503": 1, "620504": 0}


class TestAList:
    def test_to_draw_from_may_hold_a_whole_city(self, desks: Desks):
        draw = {"purpose": "inspection", "division": "620502", "size": 1, "role": "body_head"}
        keys = [{"key": f"k{number}"} for number in range(10_001)]
        left_out = [{"key": f"k{number}", "reason": "recently_inspected"} for number in range(300)]

        frozen = desks.post("draws", **draw, candidates=keys[:10_000], exclusions=left_out)
        many = desks.post("draws", 422, **draw, candidates=keys)
        none = desks.post("draws", 422, **draw, candidates=[])

        assert len(frozen["candidates"]) == 10_000
        assert many["errors"] == [{"pointer": "/candidates", "detail": "最多 10000 项"}]
        assert none["errors"] == [{"pointer": "/candidates", "detail": "应有 1 项以上"}]

    def test_of_anything_else_holds_two_hundred_and_says_so(self, desks: Desks):
        refused = desks.post("trainings", 422, **SESSION, team=["620502-union"] * 201)

        assert refused["errors"] == [{"pointer": "/team", "detail": "最多 200 项"}]


class TestText:
    def test_with_a_line_break_after_it_does_not_have_the_form(self, desks: Desks):
        for wrong in ({"division": "620502\n"}, {"account_tail": "0001\n"}):
            refused = desks.post("projects", 422, **{**PROJECT, **wrong})
            assert [error["detail"] for error in refused["errors"]] == ["格式不符"]
        desks.get("projects?division=620502%0A", 422)
        desks.ask("POST", "cases", 422, role="intake", body={**RECEIVED, "on": "2026-03-02", "division": "620502\n"})

    def test_of_blanks_alone_is_no_name(self, desks: Desks):
        for blank in ("   ", "\u3000", "\n"):
            refused = desks.post("projects", 422, **{**PROJECT, "name": blank})
            assert refused["errors"] == [{"pointer": "/name", "detail": "不能只是空白"}]
        desks.post("employers", 422, employer={"name": " "}, division="620502")


class TestAQuery:
    def test_with_a_field_that_is_none_is_refused_wherever_it_is_asked(self, desks: Desks):
        project, case = desks.post("projects", **PROJECT), desks.counter.receive()
        for path in (
            "projects", f"projects/{project['id']}", f"projects/{project['id']}/history", f"projects/{project['id']}/clocks",
            f"projects/{project['id']}/deposit", f"projects/{project['id']}/attachments/0", f"cases/{case['id']}/duplicates",
            "draws/candidates", "rulebook", "rulebook/history", "periods", f"periods/{project['id']}",
            f"periods/{project['id']}/restatement", "revisits",
        ):  # fmt: skip
            refused = desks.get(f"{path}?moon=full", 422)
            assert {"pointer": "/moon", "detail": "没有这个字段"} in refused["errors"], path

    def test_for_a_history_stops_at_a_version_a_day_or_what_was_known(self, desks: Desks):
        project = desks.post("projects", **PROJECT)
        desks.act("projects", project, "change", workers=130, reason="增员", on="2026-04-01")
        history = f"projects/{project['id']}/history"

        assert [entry["version"] for entry in desks.get(history)] == [1, 2]
        assert [entry["version"] for entry in desks.get(f"{history}?version=1")] == [1]
        assert [entry["version"] for entry in desks.get(f"{history}?on=2026-03-31")] == [1]
        for before in ("version=3", "on=2026-03-01", "known=2026-03-01"):
            desks.get(f"{history}?{before}", 404)


class TestTheRulebook:
    def test_is_written_in_by_who_saw_what_stands_in_it(self, desks: Desks):
        empty = answered(desks, "GET", "rulebook", **HEAD)
        assert empty.headers["ETag"] == '"0"'
        desks.post("rulebook/decide", 428, **SETTING, **HEAD)
        desks.post("rulebook/decide", 412, **SETTING, **HEAD, seen=1)

        first = desks.post("rulebook/decide", **SETTING, **HEAD, seen=0)
        desks.post("rulebook/decide", 412, **{**SETTING, "value": "10"}, **HEAD, seen=0)
        desks.post("rulebook/note", text="x", **HEAD, seen=first["rulebook"]["version"])

        assert answered(desks, "GET", "rulebook", **HEAD).headers["ETag"] == '"2"'

    def test_answers_a_decision_sent_again_whatever_was_written_since(self, desks: Desks):
        body = {"on": "2026-03-10", **SETTING}
        sent = {**HEAD, "body": body, "version": 0, "Idempotency_Key": "a"}
        first = answered(desks, "POST", "rulebook/decide", **sent)
        desks.post("rulebook/note", text="x", **HEAD, seen=1)

        again = answered(desks, "POST", "rulebook/decide", **sent)

        assert (first.status_code, again.status_code) == (201, 201)
        assert again.json == first.json


class TestAnEmployersFile:
    @pytest.fixture
    def file(self, desks: Desks) -> dict[str, Any]:
        return desks.post("employers", employer=FIRM, division="620502", on="2026-03-02")

    def test_shows_the_employer_at_the_top_and_the_file_beside_the_event(self, desks: Desks, file):
        assert file["employer"] == FIRM
        assert file["employer_file"] == {name: file[name] for name in file["employer_file"]}

        noted = desks.act("employers", file, "note", text="x")

        assert set(noted) == {"event", "employer_file"}
        assert noted["employer_file"]["employer"] == FIRM

    def test_is_acted_on_by_any_labour_office_that_enforces(self, desks: Desks, file, counter: Counter):
        there = {"office": NEXT, "role": "body_head"}
        desks.act("employers", file, "notify", **self.notice(), **there)
        desks.act("employers", file, "list", **self.listing(), **there)

        history = desks.get(f"employers/{file['id']}/history")
        assert [entry["office"] for entry in history] == [COUNTY, NEXT, NEXT]

    def notice(self) -> dict[str, Any]:
        return {
            "ground": "mass_incident",
            "document_no": "告〔2026〕1号",
            "subjects": ["unit"],
            "order_due_on": "2026-02-20",
        }

    def listing(self) -> dict[str, Any]:
        return {
            "document_no": "列〔2026〕1号",
            "subjects": ["unit"],
            "basis": "令45号",
            "approved_by": "head.9",
            "on": "2026-04-01",
        }

    def test_is_taken_off_the_list_by_the_office_that_listed_or_the_city(self, desks: Desks, file):
        there = {"office": NEXT, "role": "body_head"}
        desks.act("employers", file, "notify", **self.notice(), **there)
        desks.act("employers", file, "list", **self.listing(), **there)
        off = {
            "kind": "revoked",
            "reason": "决定被撤销",
            "approved_by": "head.9",
            "on": "2026-05-06",
            "role": "body_head",
        }

        assert "delist" not in desks.get(f"employers/{file['id']}", role="body_head")["may"]
        desks.act("employers", file, "delist", 403, **off)
        desks.act("employers", file, "revoke", 403, version=3, reason="x", approved_by="head.9", role="body_head")
        assert "delist" in desks.get(f"employers/{file['id']}", role="body_head", office=CITY)["may"]
        desks.act("employers", file, "delist", **off | there)

    def test_that_may_be_read_is_never_said_not_to_be_there(self, desks: Desks, file):
        for office in (BANK, POLICE, "620500-transport"):
            desks.get(f"employers/{file['id']}", role="office_head", office=office)
            desks.act("employers", file, "note", 403, text="x", role="office_head", office=office)


class TestTheLedger:
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_that_was_exported_comes_in_again_and_changes_nothing(self, url, desks: Desks, tmp_path, monkeypatch, form):
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("QINGXIN_HOME", str(tmp_path))
        from interface.cli import main

        desks.post("projects", **{**PROJECT, "name": "=一号桥"})
        changed = desks.post("projects", **{**PROJECT, "contractor": {"name": "卦台水利"}})
        desks.act("projects", changed, "change", workers=130, contract_amount="46000000.50", reason="增员")
        sheet, signs = tmp_path / f"out.{form}", ("--officer", "keeper.1", "--office", COUNTY, "--json")
        exported = CliRunner().invoke(main, ["export", "projects", "--format", form, "--out", str(sheet)])
        assert exported.exit_code == 0, exported.output

        again = CliRunner().invoke(main, ["project", "import", str(sheet), *signs])

        assert '"unchanged": 2' in again.output, again.output

    def test_that_was_exported_and_edited_changes_just_that(self, url, desks: Desks, tmp_path, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("QINGXIN_HOME", str(tmp_path))
        from interface.cli import main

        project = desks.post("projects", **PROJECT)
        sheet, signs = tmp_path / "out.csv", ("--officer", "keeper.1", "--office", COUNTY)
        CliRunner().invoke(main, ["export", "projects", "--out", str(sheet)])
        [row] = csv.DictReader(sheet.read_text("utf-8-sig").splitlines())
        sheet.write_text(",".join(row) + "\n" + ",".join({**row, "persons": "99"}.values()) + "\n", "utf-8")

        again = CliRunner().invoke(main, ["project", "import", str(sheet), *signs])

        assert "changed 1" in again.output, again.output
        assert desks.get(f"projects/{project['id']}")["workers"] == 99


class TestThePageOfTheMechanisms:
    def test_has_commands_that_work_when_copied(self, url, desks: Desks, tmp_path, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("QINGXIN_HOME", str(tmp_path))
        monkeypatch.chdir(tmp_path)
        from interface.cli import main

        desks.post("projects", **PROJECT)
        text = (ROOT / "docs" / "mechanisms.md").read_text("utf-8")
        blocks = [body for lang, body in re.findall(r"^```(\w*)\n(.*?)^```", text, re.S | re.M) if not lang]
        ran = []
        for block in blocks:
            for name, content in re.findall(r"^cat > (\S+) <<'END'\n(.*?)^END\n", block, re.S | re.M):
                (tmp_path / name).write_text(content, "utf-8")
            for command in re.findall(r"^qingxin (.+)$", block.replace("\\\n", ""), re.M):
                outcome = CliRunner().invoke(main, shlex.split(command))
                assert outcome.exit_code == 0, (command, outcome.output)
                ran.append(command.split()[0])

        assert {"setting", "export", "project", "rule", "calendar"} <= set(ran)
