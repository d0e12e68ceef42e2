"""警示教育: sessions, leaflets, consultations, and who was reached."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mechanisms.conftest import AUDIT, CITY, COUNTY, HOUSING, PROJECT, Desks

SESSION = {
    "kind": "first_lesson", "topic": "开工第一课", "division": "620502", "attendance": 40, "leaflets": 160, "consultations": 55,
    "materials": ["保障农民工工资支付条例"], "place": "项目部会议室",
}  # fmt: skip


def held(desks: Desks, status: int = 201, **facts: Any) -> dict[str, Any]:
    return desks.post("trainings", status, **{**SESSION, **facts})


class TestSessions:
    def test_are_counted_with_their_leaflets_and_consultations(self, desks: Desks):
        project = desks.post("projects", **PROJECT)
        held(desks, projects=[project["id"]])
        held(desks, kind="typical_cases", topic="以案释法", leaflets=970, consultations=335, attendance=200)

        values = desks.report()

        assert (values["trainings"], values["leaflets"], values["consultations"]) == (2, 1130, 390)

    def test_a_session_corrected_counts_as_it_should_have_been(self, desks: Desks):
        session = held(desks, kind="policy")
        desks.act(
            "trainings",
            session,
            "correct",
            field="leaflets",
            value=16,
            version=1,
            reason="录入错误",
            approved_by="head.1",
        )

        assert desks.report()["leaflets"] == 16
        assert desks.get(f"trainings/{session['id']}")["leaflets"] == 16
        assert desks.get(f"trainings/{session['id']}?version=1")["leaflets"] == 160

    def test_cover_the_projects_newly_started(self, desks: Desks):
        trained, _ = desks.post("projects", **PROJECT), desks.post("projects", **{**PROJECT, "name": "引水支渠"})
        held(desks, projects=[trained["id"]])

        values = desks.report("trainings")

        assert values["projects_started"] == 2
        assert values["projects_trained"] == 1

    @pytest.mark.parametrize(
        ("facts", "status"),
        [
            ({"attendance": -1}, 422), ({"kind": "party"}, 422), ({"kind": "first_lesson"}, 409), ({"employers": [{"name": "x", "uscc": "1"}]}, 422),
            ({"division": "620503"}, 403), ({"on": "2099-01-01"}, 422), ({"leaflets": "many"}, 422), ({"projects": ["no-uuid"]}, 422),
        ],
    )  # fmt: skip
    def test_refuse_what_makes_no_sense(self, desks: Desks, facts, status):
        held(desks, status, **facts)
        assert desks.report()["trainings"] == 0

    def test_name_a_project_once(self, desks: Desks):
        project = desks.post("projects", **PROJECT)["id"]

        held(desks, 422, projects=[project, project])
        held(desks, projects=[project])

    def test_are_seen_by_the_county_the_city_and_the_auditor(self, desks: Desks):
        session = held(desks, kind="policy", industry="housing")

        for office, role, status in (
            (COUNTY, "inspector_lead", 200), (CITY, "office_head", 200), (HOUSING, "project_keeper", 200), (AUDIT, "auditor", 200),
            ("620503-hrss", "inspector_lead", 404), ("620500-water", "project_keeper", 404),
        ):  # fmt: skip
            desks.get(f"trainings/{session['id']}", status, office=office, role=role)

    def test_are_exported(self, desks: Desks, url, office, tmp_path, monkeypatch):
        from click.testing import CliRunner

        from interface.cli import main

        held(desks, kind="policy", topic="=HYPERLINK(1)")
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("QINGXIN_HOME", str(tmp_path))

        out = CliRunner().invoke(main, ["export", "trainings", "--format", "csv"])

        assert "'=HYPERLINK" in out.output
