"""How a due day is told: step by step, in two languages."""

from __future__ import annotations

from datetime import date

import msgspec

from domain.rules.derivation import SENTENCES
from tests.domain.rules.desk import Desk

day = date.fromisoformat


class TestExplaining:
    def test_tells_each_step_as_facts(self) -> None:
        reading = Desk("2025-01-23").filed("2025-02-06").reads("C01", today="2025-02-07")

        assert [(s["step"], s["reason"]) for s in reading.derivation] == [
            ("started", ""), ("rule", ""), ("skipped", "weekend"), ("counted", "make_up_day"),
            *[("skipped", "holiday")] * 8, ("due", ""), ("stopped", ""),
        ]  # fmt: skip
        assert reading.derivation[0]["version"] == 1
        assert reading.derivation[3]["day"] == day("2025-01-26")

    def test_tells_them_in_chinese_and_english(self) -> None:
        reading = Desk("2025-01-24").filed("2025-02-06").reads("C01", today="2025-02-07")

        assert reading.explained() == [
            "自2025-01-24起算(受理,第1条记录)。",
            "依据关于实施《劳动保障监察条例》若干规定第十八条(2005-02-01起):5个工作日。",
            "周末不计:2025-01-25。",
            "调休上班日计入:2025-01-26。",
            "节假日不计:2025-01-28、2025-01-29、2025-01-30、2025-01-31、2025-02-01、2025-02-02、2025-02-03、2025-02-04。",
            "期满日2025-02-07。",
            "2025-02-06停止(立案,第2条记录)。",
        ]
        assert reading.explained("en")[:3] == [
            "Counted from 2025-01-24 (received, entry 1).",
            "Under 关于实施《劳动保障监察条例》若干规定第十八条, since 2005-02-01: 5 working days.",
            "Weekends do not count: 2025-01-25.",
        ]

    def test_says_why_a_day_moved(self) -> None:
        desk = Desk("2025-08-01").filed("2025-08-01").ordered("2025-08-05", "penalty_decision").served("2025-08-07")

        said = desk.reads("C10", today="2025-09-01").explained("en")

        assert said[2:] == [
            "It may not end on a holiday: 2025-10-06, 2025-10-07, 2025-10-08.",
            "Due on 2025-10-09.",
        ]

    def test_can_be_sent_as_json(self) -> None:
        reading = Desk("2025-04-10").filed("2025-04-10").reads("C02", today="2025-04-11")

        assert msgspec.json.decode(msgspec.json.encode(reading))["due"] == "2025-07-08"

    def test_has_a_sentence_in_two_languages_for_every_step(self) -> None:
        assert all(len(pair) == 2 and all(pair) for pair in SENTENCES.values())

    def test_counts_one_day_as_one(self) -> None:
        desk = Desk().referred("2025-03-10", "police", "秦州区公安局")

        assert desk.reads("C14h", today="2025-03-10").explained("en")[1].endswith("since 2001-07-09: 1 day.")
