"""重点项目三级包抓: from the ledger to the sites supervised."""

from __future__ import annotations

import csv
import io

import pytest
from click.testing import CliRunner

from tests.conftest import Counter
from tests.mechanisms.conftest import AUDIT, CITY, COUNTY, HOUSING, PROJECT, Desks

VISIT = {
    "tier": 1, "inspectors": ["lead.1", "second.1"], "unannounced": True, "workers_interviewed": 12,
    "results": [{"item": "ACC-1", "result": "pass"}, {"item": "BRD-1", "result": "fail", "evidence": "未见公示牌"}],
}  # fmt: skip
PROBLEM = {"item": "BRD-1", "text": "维权告示牌缺失", "owner": "项目部", "due_on": "2026-03-20"}


def registered(desks: Desks, **facts) -> dict:
    return desks.post("projects", **{**PROJECT, **facts})


class TestTheLedger:
    def test_registers_changes_and_finishes_a_project(self, desks: Desks):
        project = registered(desks)

        assert (project["status"], project["number"][:13], project["version"]) == ("registered", "620502-2026-P", 1)
        desks.act("projects", project, "change", reason="补充合同", contract_amount="46000000.00")
        assert project["contract_amount"] == "46000000.00"
        assert project["workers"] == 120
        desks.act("projects", project, "finish", reason="竣工验收")
        assert project["status"] == "finished"
        desks.act("projects", project, "supervise", 409, **VISIT)

    def test_refuses_what_it_cannot_be(self, desks: Desks):
        for facts in (
            {"contractor": {"name": "甲", "uscc": "91110000600037342L"}},
            {"contract_amount": "-1"},
            {"industry": "space"},
            {"account_tail": "62220000"},
            {"unheard_of": 1},
            {"name": "联系人13812345678"},
        ):
            desks.post("projects", 422, **{**PROJECT, **facts})
        desks.post("projects", 403, **{**PROJECT, "division": "620503"})

    def test_shows_who_answers_for_it_on_each_tier_and_who_did_before(self, desks: Desks):
        project = registered(desks)
        assert [p["id"] for p in desks.get("projects?unattended=true")] == [project["id"]]

        keeper = {"role": "project_keeper", "office": COUNTY}
        desks.act("projects", project, "entrust", tier=1, office_of=COUNTY, officer="keeper.1", **keeper)
        desks.act("projects", project, "entrust", tier=2, office_of=HOUSING, officer="keeper.2", **keeper)
        desks.act("projects", project, "entrust", tier=3, office_of=CITY, officer="super.1", **keeper)
        desks.act("projects", project, "entrust", tier=1, office_of=COUNTY, officer="keeper.9", reason="轮岗", **keeper)
        desks.act("projects", project, "entrust", 409, tier=2, office_of=COUNTY, officer="keeper.1", **keeper)

        assert desks.get("projects?unattended=true") == []
        assert project["tiers"]["1"]["officer"] == "keeper.9"
        told = [entry["sentence"] for entry in desks.get(f"projects/{project['id']}/history")]
        assert any("keeper.1" in sentence for sentence in told)
        assert any("keeper.9" in sentence and "轮岗" in sentence for sentence in told)

    def test_comes_in_and_goes_out_as_a_sheet(self, url, office, desks: Desks, tmp_path, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("QINGXIN_HOME", str(tmp_path))
        from interface.cli import main

        sheet = tmp_path / "ledger.csv"
        with sheet.open("w", encoding="utf-8-sig", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(
                [
                    "项目编号",
                    "项目名称",
                    "区划代码",
                    "行业",
                    "施工总承包单位",
                    "统一社会信用代码",
                    "合同价",
                    "施工许可日期",
                ]
            )
            rows.writerow(
                ["XM-1", "引水支渠", "620503", "水利", "卦台水利", "91110000600037341L", "3,000,000.00", "2026-03-02"]
            )
            rows.writerow(["XM-2", "坏行", "620503", "水利", "卦台水利", "911100006000373410", "1", "2026-03-02"])
        run = CliRunner()
        signs = ["--officer", "keeper.1", "--role", "project_keeper", "--office", "620503-hrss"]

        first = run.invoke(main, ["project", "import", str(sheet), *signs])
        again = run.invoke(main, ["project", "import", str(sheet), *signs])
        sheet.write_text(sheet.read_text("utf-8-sig").replace("3,000,000.00", "3,500,000.00"), "utf-8-sig")
        changed = run.invoke(main, ["project", "import", str(sheet), *signs])
        out = run.invoke(main, ["export", "projects"])

        assert (first.exit_code, "imported 1" in first.output, "refused 1" in first.output) == (1, True, True), (
            first.output
        )
        assert "unchanged 1" in again.output
        assert "changed 1" in changed.output
        [row] = csv.DictReader(io.StringIO(out.output.lstrip("\ufeff")))
        assert (row["source"], row["title"], row["amount"]) == ("XM-1", "引水支渠", "3500000.00")


class TestTheTiers:
    """一级属地人社, 二级行业主管, 三级市级人社."""

    def test_are_held_by_the_office_of_the_place_of_the_industry_and_of_the_city(self, desks: Desks):
        project = registered(desks)
        keeper = {"role": "project_keeper", "officer": "keeper.1"}
        for tier, wrong in (
            (1, "620503-hrss"), (1, CITY), (1, "620502-housing"), (2, "620500-transport"), (2, "620503-housing"), (2, CITY),
            (3, COUNTY), (3, "620300-hrss"), (3, HOUSING),
        ):  # fmt: skip
            desks.act("projects", project, "entrust", 409, tier=tier, office_of=wrong, **keeper)
        for tier, right in ((1, COUNTY), (2, HOUSING), (2, "620502-housing"), (3, CITY), (3, "620500-rights_centre")):
            desks.act("projects", project, "entrust", tier=tier, office_of=right, **keeper)

    def test_are_visited_by_the_office_that_holds_them(self, desks: Desks):
        project = registered(desks)

        desks.act("projects", project, "supervise", 409, **{**VISIT, "tier": 3})
        desks.act("projects", project, "supervise", 409, **VISIT, role="supervisor", office=CITY)
        desks.act("projects", project, "supervise", 409, **VISIT, role="project_keeper", office=HOUSING)
        desks.act("projects", project, "supervise", **{**VISIT, "tier": 2}, role="project_keeper", office=HOUSING)

    def test_that_are_handed_over_are_out_of_the_former_offices_sight(self, desks: Desks):
        project = registered(desks)
        keeper = {"role": "project_keeper", "officer": "keeper.1", "tier": 2}
        desks.act("projects", project, "entrust", office_of="620502-housing", **keeper)
        assert "620502-housing" in project["offices"]

        desks.act("projects", project, "entrust", office_of=HOUSING, reason="移交", **keeper)

        assert project["offices"] == sorted([HOUSING, COUNTY])

    def test_that_are_handed_over_leave_who_took_part_in_a_visit(self, desks: Desks):
        project = registered(desks)
        keeper = {"role": "project_keeper", "officer": "keeper.1", "tier": 2}
        desks.act("projects", project, "entrust", office_of="620502-housing", **keeper)
        desks.act("projects", project, "supervise", **VISIT, team=["620502-housing"])
        desks.act("projects", project, "entrust", office_of=HOUSING, **keeper)

        assert "620502-housing" in project["offices"]


class TestTheVisit:
    def test_counts_the_site_once_and_the_visits_apart(self, desks: Desks):
        project = registered(desks)
        assert desks.report()["sites_supervised"] == 0

        desks.act("projects", project, "supervise", **VISIT)
        desks.act("projects", project, "supervise", **{**VISIT, "tier": 3}, role="supervisor", office=CITY)

        assert (project["visits"], desks.report()["sites_supervised"]) == (2, 1)
        assert project["severity"] == "S"  # the same item failed twice

    def test_names_the_projects_not_visited_for_so_long(self, desks: Desks):
        seen, unseen = registered(desks, on="2026-01-05"), registered(desks, on="2026-01-05")
        desks.act("projects", seen, "supervise", **VISIT)

        listed = desks.get("projects?not_visited_days=30&on=2026-03-12")

        assert [p["id"] for p in listed] == [unseen["id"]]

    def test_finds_problems_that_are_followed_until_they_are_mended(self, desks: Desks):
        project = registered(desks)
        desks.act(
            "projects",
            project,
            "supervise",
            **VISIT,
            problems=[PROBLEM, {**PROBLEM, "item": "RNM-3", "text": "无劳资专管员"}],
        )

        assert [p["problem"] for p in project["open_problems"]] == ["P001", "P002"]
        [row] = desks.get("projects?overdue=true&problems=true")
        assert (row["problems_open"], row["problem_due_on"]) == (2, "2026-03-20")
        desks.act("projects", project, "finish", 409, reason="竣工")
        desks.act(
            "projects",
            project,
            "follow",
            problem="P001",
            mended=False,
            finding="仍未安装",
            due_on="2026-04-10",
            on="2026-03-21",
        )
        desks.act("projects", project, "follow", problem="P001", mended=True, finding="已安装", on="2026-04-02")
        desks.act("projects", project, "follow", 409, problem="P001", mended=True, finding="已安装", on="2026-04-02")
        desks.act("projects", project, "follow", problem="P002", mended=True, finding="已配备", on="2026-03-19")

        assert project["open_problems"] == []
        assert desks.get("projects?problems=true") == []
        desks.act("projects", project, "finish", reason="竣工", on="2026-05-01")

    def test_refuses_an_item_that_is_not_on_the_checklist(self, desks: Desks):
        project = registered(desks)

        desks.act("projects", project, "supervise", 422, **{**VISIT, "results": [{"item": "XYZ-9", "result": "fail"}]})
        desks.act("projects", project, "supervise", 409, **{**VISIT, "inspectors": ["lead.1"]})
        assert desks.get(f"projects/{project['id']}")["version"] == 1


class TestTheProblem:
    @pytest.fixture
    def visited(self, desks: Desks) -> dict:
        project = registered(desks)
        desks.act("projects", project, "supervise", **VISIT, problems=[PROBLEM, {**PROBLEM, "item": "RNM-3"}])
        return project

    def test_is_never_given_the_number_of_one_that_was_revoked(self, desks: Desks, visited):
        revoked = {"version": 3, "reason": "登记有误", "approved_by": "office.2", "role": "office_head", "office": CITY}
        desks.act("projects", visited, "revoke", **revoked)
        desks.act("projects", visited, "fault", **PROBLEM)

        assert [p["problem"] for p in visited["open_problems"]] == ["P002", "P003"]

    def test_is_as_grave_as_its_item_whoever_writes_it_down(self, desks: Desks, visited):
        desks.act("projects", visited, "fault", 422, **{**PROBLEM, "item": "ACC-1", "severity": "G"})
        desks.act("projects", visited, "fault", **{**PROBLEM, "item": "ACC-1"})

        assert [p["severity"] for p in visited["open_problems"]] == ["G", "G", "S"]

    def test_is_not_mended_before_it_was_found(self, desks: Desks):
        project = registered(desks, on="2026-03-02")
        desks.act("projects", project, "supervise", **VISIT, problems=[PROBLEM])

        desks.act("projects", project, "follow", 409, problem="P001", mended=True, finding="已安装", on="2026-03-09")
        desks.act("projects", project, "follow", problem="P001", mended=True, finding="已安装", on="2026-03-10")

    def test_is_given_a_new_day_that_lies_ahead(self, desks: Desks, visited):
        again = {"problem": "P001", "mended": False, "finding": "仍未安装", "on": "2026-03-21"}
        for due_on in ("2026-03-21", "2026-03-01"):
            desks.act("projects", visited, "follow", 409, **again, due_on=due_on)
        desks.act("projects", visited, "follow", **again, due_on="2026-03-22")


def test_nothing_happened_on_a_project_before_it_was_on_the_ledger(desks: Desks):
    project = registered(desks, on="2026-03-10")

    answer = desks.act("projects", project, "supervise", 409, **VISIT, on="2026-03-09")

    assert answer["type"] == "urn:qingxin:out-of-order"
    desks.act("projects", project, "note", 409, text="x", on="2026-03-09")
    desks.act("projects", project, "supervise", **VISIT, on="2026-03-10")


class TestSight:
    def test_is_the_countys_the_citys_and_the_regulators(self, desks: Desks):
        project = registered(desks)

        for office, role, status in (
            (COUNTY, "inspector_lead", 200), (CITY, "supervisor", 200), (HOUSING, "project_keeper", 200), (AUDIT, "auditor", 200),
            ("620503-hrss", "inspector_lead", 404), ("620500-transport", "project_keeper", 404),
        ):  # fmt: skip
            desks.get(f"projects/{project['id']}", status, office=office, role=role)
            assert bool(desks.get("projects", office=office, role=role)) == (status == 200)


def test_as_it_was_on_a_day_and_known_at_a_moment(desks: Desks):
    project = registered(desks, on="2026-02-02")
    desks.act("projects", project, "supervise", **VISIT)

    assert desks.get(f"projects/{project['id']}?on=2026-03-01")["visits"] == 0
    assert desks.get(f"projects/{project['id']}?version=2")["visits"] == 1
    assert desks.get(f"projects/{project['id']}?version=2")["may"] == []
    desks.get(f"projects/{project['id']}?on=2026-01-01", 404)


def test_a_write_sent_again_is_answered_again_and_a_stale_one_refused(counter: Counter, desks: Desks):
    body = {"on": "2026-03-10", **PROJECT}
    first = counter.ask("POST", "/api/projects", body=body, Idempotency_Key="once")
    again = counter.ask("POST", "/api/projects", body=body, Idempotency_Key="once")
    other = counter.ask("POST", "/api/projects", body={**body, "workers": 1}, Idempotency_Key="once")

    assert (first.status_code, first.data, other.status_code) == (201, again.data, 422)
    desks.post(f"projects/{first.json['id']}/note", 428, text="x")
    desks.post(f"projects/{first.json['id']}/note", 412, text="x", seen=7)


def test_photographs_of_the_site_come_back_by_their_fingerprint(counter: Counter, desks: Desks):
    project = registered(desks)
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 64
    headers = {"Authorization": f"Bearer {counter.token('inspector_lead', COUNTY)}", "If-Match": '"1"'}
    form = {"on": "2026-03-10", "title": "工地现场", "file": (io.BytesIO(png), "site.png", "image/png")}

    answer = counter.client.post(
        f"/api/projects/{project['id']}/attach", headers=headers, data=form, content_type="multipart/form-data"
    )

    assert answer.status_code == 201, answer.text
    sha256 = answer.json["event"]["data"]["sha256"]
    path = f"/api/projects/{project['id']}/attachments/{sha256}"
    assert counter.ask("GET", path, "auditor", office=AUDIT).data == png
    assert counter.ask("GET", path, "inspector_lead", office="620503-hrss").status_code == 404


class TestWhatCannotBe:
    def test_a_project_is_not_finished_before_it_begins(self, desks: Desks):
        dates = {"start_on": "2026-03-10", "finish_on": "2026-03-09"}
        desks.post("projects", 409, **{**PROJECT, **dates})
        project = registered(desks, **{**dates, "finish_on": "2027-03-09"})

        refused = desks.act("projects", project, "change", 409, finish_on="2026-03-01", reason="工期调整")

        assert "2026-03-01" in refused["detail"]
        assert [error["pointer"] for error in refused["errors"]] == ["/finish_on"]

    def test_a_deposit_that_was_never_made_is_not_used_refilled_or_refunded_and_nothing_is_no_deposit(
        self, desks: Desks
    ):
        project = registered(desks)

        for kind in ("used", "refilled", "refunded"):
            assert (
                "没有存储或担保" in desks.act("projects", project, "deposit", 409, kind=kind, amount="1.00")["detail"]
            )
        desks.act("projects", project, "deposit", 422, kind="stored", amount="0.00")
        desks.act("projects", project, "deposit", kind="guaranteed", amount="600000.00")
        desks.act("projects", project, "deposit", kind="used", amount="100000.00")


class TestTheDeposit:
    def due(self, desks: Desks, project: dict, status: int = 200):
        return desks.get(f"projects/{project['id']}/deposit", status)

    def test_is_worked_out_by_the_offices_numbers_and_not_before_they_are_decided(self, desks: Desks, decided):
        project = registered(desks)
        self.due(desks, project, 409)
        decided()

        found = self.due(desks, project)

        assert (found["amount"], found["percent"], found["exempt"], found["short"]) == (
            "900000.00",
            "2",
            False,
            "900000.00",
        )
        desks.act("projects", project, "deposit", kind="stored", amount="600000.00")
        assert self.due(desks, project)["short"] == "300000.00"

    def test_falls_with_a_further_project_and_rises_for_the_listed(self, desks: Desks, decided):
        decided()
        registered(desks, on="2026-03-01")
        second = registered(desks, name="二标段")

        assert self.due(desks, second)["percent"] == "1.50"

    def test_is_capped_and_waived_for_small_clean_contracts(self, desks: Desks, decided):
        decided()
        large = registered(desks, contract_amount="1000000000.00", division="620502")
        small = registered(desks, contract_amount="2999999.99", contractor={"name": "小公司"})

        assert (self.due(desks, large)["amount"], self.due(desks, large)["capped"]) == ("15000000.00", True)
        assert self.due(desks, small)["exempt"] is True
        self.due(desks, registered(desks, contract_amount=None, contractor={"name": "无价"}), 409)
