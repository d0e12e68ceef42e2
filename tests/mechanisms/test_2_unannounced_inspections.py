"""四不两直抽查督查: the campaign, the draw that anyone can repeat, screening, findings and the ladder of disposal."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from tests.conftest import Counter
from tests.mechanisms.conftest import AUDIT, CITY, COUNTY, HOUSING, PROJECT, Desks

SUPER = {"role": "supervisor", "office": CITY}
FIRM = {"name": "渭河建筑有限公司", "uscc": "91110000600037341L"}
INSPECTION = {
    "kind": "four_no_two_direct", "employer": FIRM, "division": "620502", "industry": "housing",
    "inspectors": ["lead.1", "second.1"], "team": [HOUSING],
}  # fmt: skip


def failing(*items: str, owing: bool = False) -> list[dict[str, Any]]:
    return [{"item": item, "result": "fail", "owing": owing} for item in items]


def inspected(desks: Desks, **facts: Any) -> dict[str, Any]:
    return desks.post("inspections", **{**INSPECTION, **facts})


class TestTheDraw:
    @pytest.fixture
    def sites(self, desks: Desks, decided) -> list[dict[str, Any]]:
        decided()
        return [desks.post("projects", **{**PROJECT, "name": f"项目{n}"}) for n in range(8)]

    def frozen(self, desks: Desks, size: int = 3, **more: Any) -> dict[str, Any]:
        found = desks.get("draws/candidates?purpose=inspection", **SUPER)
        facts = {"purpose": "inspection", "division": "620500", "size": size, "candidates": found["candidates"],
                 "exclusions": found["exclusions"], **more}  # fmt: skip
        return desks.post("draws", **facts, **SUPER)

    def test_is_drawn_again_by_ten_lines_that_know_nothing_of_us(self, desks: Desks, sites):
        draw = self.frozen(
            desks, exclusions=[{"key": sites[0]["id"], "reason": "conflict_of_interest", "text": "监察员亲属承建"}]
        )
        desks.act("draws", draw, "make", beacon="0384", **SUPER)

        history = json.dumps(desks.get(f"draws/{draw['id']}/history", **SUPER))

        frozen, made = (event["data"] for event in json.loads(history))
        keys = [candidate["key"] for candidate in frozen["candidates"]]
        assert hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest() == frozen["list_sha256"]
        left = set(keys) - {excluded["key"] for excluded in frozen["exclusions"]}
        order = sorted(left, key=lambda key: hashlib.sha256(f"{made['seed']}:{key}".encode()).hexdigest())
        assert order[: frozen["size"]] == made["drawn"]

        assert sites[0]["id"] not in made["drawn"]
        assert len(set(made["drawn"])) == 3
        assert made["seed"].endswith("-0384")

    def test_is_seeded_by_the_frozen_list_and_made_once(self, desks: Desks, sites, office):
        draw = self.frozen(desks)
        desks.act("draws", draw, "make", **SUPER)

        assert draw["seed"] == f"{office.link(draw['id'], 1).hex()}-{draw['secret']}"
        desks.act("draws", draw, "make", 409, **SUPER)

    def test_cannot_be_worked_out_before_it_is_made(self, desks: Desks, sites, vault):
        """The seed holds a secret of the office's key; with the list only its SHA-256 is known, and it is shown with the draw."""
        draw = self.frozen(desks)
        assert draw["secret"] is None
        assert vault.secret(UUID(draw["id"])).hex() not in str(draw)

        desks.act("draws", draw, "make", **SUPER)

        assert hashlib.sha256(bytes.fromhex(draw["secret"])).hexdigest() == draw["commitment"]

    def test_leaves_out_what_was_inspected_recently_and_says_so(self, desks: Desks, sites):
        desks.act("projects", sites[3], "supervise", tier=1, inspectors=["a", "b"], on="2026-11-20")

        found = desks.get("draws/candidates?purpose=inspection", **SUPER)

        assert found["exclusions"] == [{"key": sites[3]["id"], "reason": "recently_inspected"}]

    def test_refuses_a_list_it_cannot_draw_from(self, desks: Desks, sites):
        one = [{"key": "a"}]
        for facts in (
            {"candidates": one, "size": 2},
            {"candidates": one * 2, "size": 1},
            {"candidates": one, "size": 1, "exclusions": [{"key": "b", "reason": "other"}]},
            {"candidates": one, "size": 0},
        ):
            desks.post("draws", 422, **{"purpose": "inspection", "division": "620500", **facts}, **SUPER)

    def test_that_went_wrong_is_voided_and_stays(self, desks: Desks, sites):
        draw = self.frozen(desks)
        desks.act("draws", draw, "void", reason="名单遗漏", approved_by="office.1", **SUPER)

        assert draw["status"] == "voided"
        desks.act("draws", draw, "make", 409, **SUPER)
        assert len(desks.get("draws", **SUPER)) == 1

    def test_from_the_command_line(self, url, office, catch_up, desks: Desks, sites, tmp_path, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("QINGXIN_HOME", str(tmp_path))
        from interface.cli import main

        catch_up()
        signs = ["--officer", "super.1", "--role", "supervisor", "--office", CITY, "--json"]
        run = CliRunner()

        frozen = json.loads(
            run.invoke(main, ["draw", "freeze", "--purpose", "inspection", "--size", "4", *signs]).output
        )
        number = frozen["draw"]["number"]
        made = json.loads(run.invoke(main, ["draw", "make", number, *signs]).output)
        verified = run.invoke(main, ["draw", "verify", number])

        assert len(made["draw"]["drawn"]) == 4
        assert (verified.exit_code, "8 → 4" in verified.output) == (0, True), verified.output


class TestTheVisitAndTheLadder:
    def test_counts_employers_visits_orders_and_divisions(self, desks: Desks):
        inspection = inspected(desks, results=failing("ACC-1"))
        inspected(desks)
        inspected(desks, employer={"name": "卦台水利"}, division="620502")
        desks.act(
            "inspections", inspection, "order", document_no="令〔2026〕9号", due_on="2026-03-17", basis="条例第五十五条"
        )

        values = desks.report()

        assert (values["employers_inspected"], values["inspection_visits"], values["divisions_inspected"]) == (2, 3, 1)
        assert values["rectification_orders"] == 1

    @pytest.mark.parametrize(
        ("results", "severity", "disposal"),
        [
            ([], None, None),
            (failing("BRD-1"), "G", "warn"),
            (failing("BRD-1", "RNM-3", "AGT-4"), "S", "summon"),
            (failing("ACC-1"), "S", "summon"),
            (failing("ARR-2"), "M", "punish"),
            (failing("ACC-4", owing=True), "M", "punish"),
        ],
    )
    def test_judges_how_grave_the_findings_are(self, desks: Desks, results, severity, disposal):
        found = inspected(desks, results=results)

        assert (found["severity"], found["disposal"]) == (severity, disposal)

    def test_climbs_from_a_warning_to_a_summons_to_joint_punishment(self, desks: Desks):
        found = inspected(desks, results=failing("BRD-1"))
        desks.act("inspections", found, "summon", 409, who="项目经理", minutes="约谈", **SUPER)
        desks.act("inspections", found, "warn", text="限期补设告示牌", owner="项目部", due_on="2026-03-17")
        desks.act(
            "inspections", found, "punish", 403, measures=["sanction_list"], team=[HOUSING], approved_by="office.2"
        )
        [row] = desks.get("inspections?overdue=true")
        assert row["due_on"] == "2026-03-17"
        desks.act("inspections", found, "summon", who="项目经理", minutes="要求十日内整改", promise="十日内整改", due_on="2026-03-30",
                  on="2026-03-18", **SUPER)  # fmt: skip
        head = {"role": "office_head", "office": CITY}
        desks.act(
            "inspections",
            found,
            "punish",
            409,
            measures=["publication"],
            team=[HOUSING],
            approved_by="office.2",
            on="2026-03-20",
            **head,
        )
        desks.act("inspections", found, "punish", measures=["publication", "restrict_projects"], team=[HOUSING],
                  approved_by="office.2", on="2026-04-01", **head)  # fmt: skip
        desks.act("inspections", found, "mend", finding="已全部整改", on="2026-04-20")

        assert found["status"] == "mended"
        assert desks.get("inspections?overdue=true") == []
        warned, *_ = [clock for clock in desks.get(f"inspections/{found['id']}/clocks") if clock["clock"] == "I1"]
        assert (warned["due"], warned["state"]) == ("2026-03-17", "late")

    def test_opens_a_case_on_what_was_found(self, desks: Desks, counter: Counter):
        found = inspected(desks, results=failing("ARR-1"), arrears_persons=12, arrears_amount="96000.00")
        case = counter.receive(channel="inspection_find", complainant_kind="none")
        desks.catch_up()

        desks.act("inspections", found, "link", to=case["number"], reason="检查发现欠薪")

        assert found["cases"] == [case["id"]]
        desks.act("inspections", found, "link", 404, to="620599-2026-999999", reason="x")

    def test_refuses_what_the_law_would(self, desks: Desks):
        desks.post("inspections", 409, **{**INSPECTION, "inspectors": ["lead.1"]})
        desks.post("inspections", 422, **{**INSPECTION, "employer": {"name": "甲", "uscc": "1234"}})
        desks.post("inspections", 422, **{**INSPECTION, "on": "2099-01-01"})
        found = inspected(desks)
        desks.act("inspections", found, "warn", 409, text="x", owner="y", due_on="2026-03-17")
        desks.act("inspections", found, "mend", 409, finding="x")

    def test_a_visit_recorded_by_mistake_is_revoked_and_counts_no_more(self, desks: Desks):
        found = inspected(desks)
        desks.act("inspections", found, "revoke", version=1, reason="重复录入", approved_by="head.1")

        assert desks.report()["employers_inspected"] == 0
        assert len(desks.get(f"inspections/{found['id']}/history")) == 2


class TestCampaigns:
    def test_bring_the_joint_team_and_hold_its_inspections_together(self, desks: Desks):
        plan = {
            "name": "春季攻坚",
            "division": "620500",
            "team": [HOUSING, "620500-transport"],
            "since": "2026-03-01",
            "until": "2026-04-30",
        }
        campaign = desks.post("campaigns", **plan, **SUPER)
        inspected(desks, campaign=campaign["id"])
        inspected(desks)

        assert len(desks.get(f"inspections?campaign={campaign['id']}")) == 1
        assert desks.get("campaigns", role="project_keeper", office=HOUSING)[0]["title"] == "春季攻坚"
        assert desks.get("campaigns", role="project_keeper", office="620500-water") == []
        desks.act("campaigns", campaign, "end", summary="检查二家", **SUPER)
        desks.post("campaigns", 422, **{**plan, "until": "2026-02-01"}, **SUPER)
        desks.post("campaigns", 422, **{**plan, "team": ["somewhere"]}, **SUPER)


class TestScreening:
    ATTENDANCE = "项目编号,工人编号,月份,出勤天数\n{key},W1,2026-01,22\n{key},W2,2026-01,20\n"
    PAYROLL = "项目编号,工人编号,月份,实发金额,发放日期\n{key},W1,2026-01,5000.00,2026-02-10\n"

    def screened(self, counter: Counter, project: dict[str, Any], **files: str) -> Any:
        sent = {kind: (io.BytesIO(text.encode()), f"{kind}.csv") for kind, text in files.items()}
        headers = {
            "Authorization": f"Bearer {counter.token('inspector_lead', COUNTY)}",
            "If-Match": f'"{project["version"]}"',
        }
        return counter.client.post(
            f"/api/projects/{project['id']}/screen", headers=headers, content_type="multipart/form-data",
            data={"on": "2026-03-15", "source_platform": "陇明公", **sent},
        )  # fmt: skip

    def test_raises_signals_with_their_thresholds_and_their_lines(self, desks: Desks, counter: Counter, decided):
        decided()
        project = desks.post("projects", **PROJECT)
        key = project["number"]

        answer = self.screened(
            counter, project, attendance=self.ATTENDANCE.format(key=key), payroll=self.PAYROLL.format(key=key)
        )

        assert answer.status_code == 201, answer.text
        signals = {signal["signal"]: signal for signal in answer.json["project"]["open_signals"]}
        assert signals["R03"]["level"] == "red"
        assert signals["R03"]["thresholds"] == {"R02_months": "1", "R03_percent": "10"}
        assert signals["R03"]["rows"]
        assert desks.get("projects?signals=true")[0]["signals_open"] == len(signals)

    def test_is_cleared_by_a_field_check_and_by_nothing_else(self, desks: Desks, counter: Counter, decided):
        decided()
        project = desks.post("projects", **PROJECT)
        desks.act("projects", project, "supervise", tier=1, inspectors=["a", "b"])
        answer = self.screened(counter, project, attendance=self.ATTENDANCE.format(key=project["number"]))
        project.update(answer.json["project"])
        before = project["version"]

        desks.act("projects", project, "clear", 409, signal="R03", visit=2, finding="不是之后的核验", on="2026-03-16")
        desks.act("projects", project, "supervise", tier=1, inspectors=["a", "b"], on="2026-03-18")
        desks.act(
            "projects",
            project,
            "clear",
            signal="R03",
            visit=before + 1,
            finding="工资已现金结清,有签字",
            on="2026-03-18",
        )

        assert "R03" not in {signal["signal"] for signal in project["open_signals"]}
        desks.act("projects", project, "clear", 409, signal="R99", visit=before + 1, finding="x", on="2026-03-18")

    def test_says_which_thresholds_the_office_has_not_decided(self, desks: Desks, counter: Counter):
        project = desks.post("projects", **PROJECT)

        answer = self.screened(counter, project, attendance=self.ATTENDANCE.format(key=project["number"]))

        assert "R03" in answer.json["event"]["data"]["undecided"]

    def test_refuses_bad_lines_strange_files_and_names_of_workers(self, desks: Desks, counter: Counter, decided):
        decided()
        project = desks.post("projects", **PROJECT)
        key = project["number"]

        for files in (
            {"attendance": self.ATTENDANCE.format(key="another")},
            {"attendance": f"项目编号,工人编号,月份,出勤天数\n{key},W1,2026-13,22\n"},
            {"attendance": f"项目编号,工人编号,月份,出勤天数\n{key},张三,2026-01,22\n"},
            {"gossip": "a,b\n1,2\n"},
        ):
            answer = self.screened(counter, project, **files)
            assert answer.status_code == 422, (files, answer.text)
            assert "张三" not in answer.text
        assert desks.get(f"projects/{project['id']}")["version"] == 1


def test_sight_is_by_division_industry_and_team(desks: Desks):
    found = inspected(desks)

    for office, role, status in (
        (COUNTY, "inspector_lead", 200), (CITY, "supervisor", 200), (HOUSING, "project_keeper", 200), (AUDIT, "auditor", 200),
        ("620503-hrss", "inspector_lead", 404), ("620500-transport", "project_keeper", 404),
    ):  # fmt: skip
        desks.get(f"inspections/{found['id']}", status, office=office, role=role)
