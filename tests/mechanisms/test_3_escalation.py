"""重大案件提级督办: rules as data, proposed to a person who decides, tried over the past before they take effect."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from application.office import today
from domain.rulebook import Rulebook
from tests.conftest import FACTS, Counter
from tests.mechanisms.conftest import CITY, COUNTY, Desks, days

SUPER = {"role": "supervisor", "office": CITY}
TEAM = ["620500-police", "620500-justice"]


@pytest.fixture
def case(counter: Counter, catch_up) -> Any:
    def make(**facts: Any) -> dict[str, Any]:
        found = counter.receive(**{"persons_claimed": 14, "amount_claimed": "120000.00", **facts})
        catch_up()
        return found

    return make


def verified(desks: Desks, case: dict[str, Any], **facts: Any) -> None:
    desks.act("cases", case, "inspect", **{**FACTS["verify"], "on": "2026-03-03", **facts})


def hits(desks: Desks, case: dict[str, Any]) -> dict[str, Any]:
    return {hit["rule"]: hit for hit in desks.get(f"cases/{case['id']}/escalation?on=2026-03-12", **SUPER)}


class TestTheRules:
    def test_a_and_b_a_large_case_that_comes_back_after_the_county_handled_it(self, desks: Desks, case, decided):
        decided()
        large = case(persons_claimed=60)
        verified(desks, large, persons_confirmed=60)
        assert "major" not in hits(desks, large)
        for _ in range(2):
            again = case(persons_claimed=60)
            desks.act("cases", again, "link", to=large["id"], reason="同一事项再次反映")

        found = hits(desks, large)["major"]

        assert found["conditions"] == ["mass_persons", "repeated"]
        assert found["thresholds"] == {"mass_persons": "50", "repeat_count": "2", "repeat_window_days": "60"}
        assert found["found"] == {"mass_persons": "60", "repeated": "2"}

    def test_a_without_b_is_no_hit_and_b_without_a_is_none(self, desks: Desks, case, decided):
        decided()
        from_above, small = case(channel="superior_transfer"), case()
        for each in (from_above, small):
            verified(desks, each)
        desks.act("cases", small, "flag", kind="public_opinion", level="major", text="网络舆情", **SUPER)

        assert "major" not in hits(desks, from_above)
        assert "major" not in hits(desks, small)
        desks.act("cases", from_above, "flag", kind="public_opinion", level="major", text="网络舆情", **SUPER)
        assert hits(desks, from_above)["major"]["conditions"] == ["from_above", "major_opinion"]

    def test_not_before_the_county_has_handled_it(self, desks: Desks, case, decided):
        decided()
        early = case(channel="superior_transfer")
        desks.act("cases", early, "flag", kind="public_opinion", level="major", **SUPER)

        assert "major" not in hits(desks, early)

    def test_an_extreme_act_counts_at_once(self, desks: Desks, case):
        found = case()
        desks.act("cases", found, "flag", kind="extreme_act", text="扬言极端行为", **SUPER)

        assert "extreme" in hits(desks, found)

    def test_the_lead_cadre_lane_needs_no_b_and_the_fast_lane_is_apart(self, desks: Desks, case, decided):
        decided()

        assert list(hits(desks, case(persons_claimed=30))) == ["cadre"]
        assert list(hits(desks, case(persons_claimed=2, amount_claimed="3000.00"))) == ["fast"]
        assert hits(desks, case(persons_claimed=12)) == {}

    def test_a_threshold_that_was_not_decided_is_never_assumed(self, desks: Desks, case):
        assert hits(desks, case(persons_claimed=500)) == {}
        rules = {rule["id"]: rule for rule in desks.get("escalation/rules", **SUPER)}
        assert rules["cadre"]["undecided"] == ["large_yuan", "many_persons"]


class TestAnInvestigation:
    """条例 第十七条: sixty working days, unless it was extended; a suspension stops the clock."""

    def filed(self, desks: Desks, case) -> dict[str, Any]:
        found = case(persons_claimed=12)
        desks.act("cases", found, "file", **FACTS["file"], on="2026-03-03")
        return found

    def suggested(self, desks: Desks, on: str) -> list[str]:
        return [row["id"] for row in desks.get(f"escalation?on={on}", **SUPER)["suggested"]]

    def test_that_ran_out_is_suggested_from_the_day_after(self, desks: Desks, case, decided):
        decided()
        found = self.filed(desks, case)
        last = next(
            clock["due"] for clock in desks.get(f"cases/{found['id']}/clocks?on=2026-03-12") if clock["clock"] == "C02"
        )

        assert self.suggested(desks, last) == []
        assert self.suggested(desks, days(last, 1)) == [found["id"]]

    def test_that_stood_still_is_suggested_so_much_later_and_never_while_it_stands(self, desks: Desks, case, decided):
        decided(suspension_allowed="1")
        stands, stood = self.filed(desks, case), self.filed(desks, case)
        for found in (stands, stood):
            desks.act(
                "cases", found, "suspend", clock="C02", reason="当事人逃匿", approved_by="head.1", on="2026-03-10"
            )
        desks.act("cases", stood, "resume", clock="C02", reason="当事人到案", on="2026-03-24")
        last = next(
            clock["due"] for clock in desks.get(f"cases/{stood['id']}/clocks?on=2026-03-25") if clock["clock"] == "C02"
        )

        assert self.suggested(desks, last) == []
        assert self.suggested(desks, days(last, 1)) == [stood["id"]]


class TestTheBoard:
    LANES = ("suggested", "lead_cadre", "fast")

    def test_counts_a_lane_whole_and_shows_as_many_as_asked_for_the_newest_first(self, desks: Desks, case, decided):
        decided()
        cases = [case(persons_claimed=30 + n) for n in range(3)]

        board = desks.get("escalation?limit=2", **SUPER)

        assert board["counts"] == {"escalated": 0, "proposed": 0, "suggested": 0, "lead_cadre": 3, "fast": 0}
        assert [row["id"] for row in board["lead_cadre"]] == [cases[2]["id"], cases[1]["id"]]
        assert [row["hits"][0]["found"]["many_persons"] for row in board["lead_cadre"]] == ["32", "31"]
        desks.get("escalation?limit=0", 422, **SUPER)

    def test_says_of_an_order_past_its_day_that_it_is_overdue(self, desks: Desks, case, decided):
        decided()
        found = case()
        for step in ("file", "inspect"):
            desks.act("cases", found, step, **FACTS[step], on="2026-03-10")
        desks.act("cases", found, "order", **{**FACTS["order"], "due_on": "2026-03-17"})

        [row] = desks.get("escalation?on=2026-11-24", **SUPER)["suggested"]

        assert (row["id"], row["status"]) == (found["id"], "overdue")

    def lane(self, found: dict[str, Any]) -> str | None:
        lanes = {
            "major": "suggested",
            "extreme": "suggested",
            "overdue": "suggested",
            "cadre": "lead_cadre",
            "fast": "fast",
        }
        return min((lanes[rule] for rule in found), key=self.LANES.index, default=None)

    def test_has_every_case_where_its_own_rules_put_it_at_and_beside_every_threshold(self, desks: Desks, case, decided):
        decided()
        persons, yuan = (
            (0, 9, 10, 29, 30, 31, 50),
            ("0.00", "50000.00", "50000.01", "499999.99", "500000.00"),
        )
        every = [case(persons_claimed=n, amount_claimed=m) for n in persons for m in yuan]
        desks.act("cases", every[5], "flag", kind="extreme_act", text="扬言极端行为", **SUPER)

        board = desks.get("escalation?on=2026-03-12", **SUPER)

        expected: dict[str, list[str]] = {lane: [] for lane in self.LANES}
        for each in reversed(every):
            if lane := self.lane(hits(desks, each)):
                expected[lane].append(each["id"])
        assert {lane: [row["id"] for row in board[lane]] for lane in self.LANES} == expected
        assert all(expected.values())


class TestDeciding:
    def test_keeps_every_hit_with_the_threshold_used(self, desks: Desks, case, decided):
        decided()
        found = case(persons_claimed=60)
        desks.act("cases", found, "propose", kind="escalation", reason="人数众多")
        assert found["may"]

        answer = desks.act("cases", found, "escalate", to_office=CITY, rules=["cadre"], plan="一案一策:市局牵头", team=TEAM,
                           demand="十日内办结", due_on="2026-03-30", **SUPER)  # fmt: skip

        [hit] = answer["event"]["data"]["hits"]
        assert (hit["rule"], hit["thresholds"]) == ("cadre", {"many_persons": "30"})
        assert answer["event"]["warnings"] == []
        clocks = {clock["clock"]: clock for clock in desks.get(f"cases/{found['id']}/clocks")}
        assert clocks["C01e"]["due"] == "2026-03-10"
        board = desks.get("escalation", **SUPER)
        assert [row["id"] for row in board["escalated"]] == [found["id"]]

    def test_is_for_somebody_else_than_who_proposed_it(self, desks: Desks, case):
        found = case()
        desks.act("cases", found, "propose", kind="escalation", reason="舆情", **SUPER)

        desks.act("cases", found, "escalate", 409, to_office=CITY, rules=["extreme"], plan="p", team=TEAM, **SUPER)
        desks.act(
            "cases",
            found,
            "keep",
            409,
            kind="escalation",
            reason="x",
            approved_by="supervisor.x",
            role="office_head",
            office=CITY,
        )

    def test_gives_the_case_to_the_joint_team(self, desks: Desks, case):
        found = case()
        desks.act("cases", found, "escalate", to_office=CITY, rules=["extreme"], plan="p", team=TEAM, **SUPER)

        desks.get(f"cases/{found['id']}", role="legal_reviewer", office="620500-police")
        desks.get(f"cases/{found['id']}", 404, role="legal_reviewer", office="620500-court")

    def test_warns_where_police_and_justice_or_the_plan_are_missing(self, desks: Desks, case):
        answer = desks.act("cases", case(), "escalate", to_office=CITY, rules=["extreme"], **SUPER)

        assert answer["event"]["warnings"] == ["no_joint_team", "no_plan"]

    def test_against_a_proposal_needs_another_head_and_a_reason(self, desks: Desks, case):
        found = case()
        desks.act(
            "cases",
            found,
            "keep",
            409,
            kind="escalation",
            reason="x",
            approved_by="office.2",
            role="office_head",
            office=CITY,
        )
        desks.act("cases", found, "propose", kind="escalation", reason="舆情")
        assert [row["id"] for row in desks.get("escalation", **SUPER)["proposed"]] == [found["id"]]
        desks.act("cases", found, "keep", 403, kind="escalation", reason="x", approved_by="office.2")
        desks.act(
            "cases",
            found,
            "keep",
            kind="escalation",
            reason="县区可自行办结",
            approved_by="office.2",
            role="office_head",
            office=CITY,
        )

        assert desks.get("escalation", **SUPER)["proposed"] == []

    def test_the_board_shows_a_county_only_its_own(self, desks: Desks, case):
        found = case()
        desks.act("cases", found, "propose", kind="escalation", reason="舆情")

        assert desks.get("escalation", office=COUNTY)["proposed"]
        assert desks.get("escalation", office="620503-hrss")["proposed"] == []


class TestAmending:
    RULE = {"id": "group", "lane": "escalated", "zh": "群体性欠薪", "en": "a group", "law": "专班〔2026〕8号", "since": "2026-03-10",
            "any": ["many_persons"]}  # fmt: skip

    def amend(self, desks: Desks, status: int, content: str, **facts: Any) -> Any:
        decision = {"rule": "group", "since": "2026-03-10", "basis": "b", "approved_by": "office.2", **facts}
        seen = desks.get("rulebook", role="auditor", office=CITY)["version"]
        return desks.post(
            "rulebook/amend", status, content=content, role="office_head", office=CITY, seen=seen, **decision
        )

    def test_takes_only_what_is_the_rule_it_says(self, desks: Desks):
        self.amend(desks, 422, "not json")
        self.amend(desks, 422, json.dumps({**self.RULE, "any": ["full_moon"]}))
        self.amend(desks, 422, json.dumps(self.RULE), rule="other")
        self.amend(desks, 422, json.dumps(self.RULE), since="2026-03-11")
        self.amend(desks, 201, json.dumps(self.RULE))

        assert "group" in {rule["id"] for rule in desks.get("escalation/rules", **SUPER)}

    def test_that_was_recorded_and_is_no_rule_stops_nobody(self):
        book = Rulebook(UUID(int=1), rules=["no rule", json.dumps(self.RULE)])

        assert [rule.id for rule in book.escalation][-1] == "group"


class TestDryRun:
    RULE = {"id": "group", "lane": "escalated", "zh": "群体性欠薪", "en": "a group", "law": "专班〔2026〕8号", "since": "2027-01-01",
            "any": ["many_persons"]}  # fmt: skip

    def test_says_how_many_and_which_and_records_nothing(self, desks: Desks, case, decided, office):
        decided()
        wanted, _ = case(persons_claimed=31), case(persons_claimed=29)
        before = office.recorder.max_notification_id()

        answer = desks.ask("POST", "escalation/dry-run", 200, body={"rule": self.RULE}, **SUPER)

        assert (answer["count"], answer["tried"]) == (1, 2)
        assert answer["cases"][0]["id"] == wanted["id"]
        assert office.recorder.max_notification_id() == before
        desks.ask("POST", "escalation/dry-run", 422, body={"rule": {**self.RULE, "any": ["full_moon"]}}, **SUPER)
        desks.ask("POST", "escalation/dry-run", 422, body={"rule": {**self.RULE, "any": []}}, **SUPER)

    def test_from_the_command_line_and_then_in_force_from_its_day(
        self, url, desks: Desks, case, decided, office, tmp_path, monkeypatch
    ):
        decided()
        case(persons_claimed=31)
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("QINGXIN_HOME", str(tmp_path))
        from interface.cli import main

        file = tmp_path / "rule.json"
        file.write_text(json.dumps({**self.RULE, "since": str(today())}), "utf-8")
        run = CliRunner()

        tried = run.invoke(main, ["rule", "dry-run", str(file), "--json"])
        signs = ["--basis", "专班〔2026〕8号", "--approved-by", "office.2", "--officer", "office.1", "--office", CITY]
        amended = run.invoke(main, ["rule", "amend", str(file), *signs])

        assert json.loads(tried.output)["count"] == 1, tried.output
        assert amended.exit_code == 0, amended.output
        office._rules = None
        assert "group" in {rule["id"] for rule in desks.get("escalation/rules", **SUPER)}
        assert "group" not in {
            h["rule"] for h in desks.get(f"cases/{desks.get('cases')[0]['id']}/escalation?on=2026-03-12", **SUPER)
        }
