"""What was printed of whole seasons and years comes out of the formulas, from cases recorded one by one.

The counts are those that were published (tests/data/published_aggregates.yaml; where a test gives them, the source prints them); the
cases behind them are invented.
"""

from __future__ import annotations

from datetime import date
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from domain.case import Case
from domain.rules.settings import PROPOSED
from projections.reports import REPORTS, Asked, run
from tests.conftest import FACTS, RECEIVED, signed

PUBLISHED = {
    each["id"]: each
    for each in yaml.safe_load((Path(__file__).parents[1] / "data" / "published_aggregates.yaml").read_text("utf-8"))["aggregates"]
}  # fmt: skip
RECEIVED_ON, DONE_ON = date(2026, 1, 5), date(2026, 2, 2)
ASKED = Asked(date(2026, 1, 1), date(2026, 12, 31), "620500")


class City:
    """Records invented cases by the hundred, and asks the reports."""

    def __init__(self, office: Any, views: Any, catch_up: Any):
        self.office, self.views, self.catch_up, self.numbers = office, views, catch_up, count(1)

    def cases(
        self,
        number: int,
        *steps: tuple[str, dict[str, Any]],
        on: date = RECEIVED_ON,
        done: date = DONE_ON,
        **facts: Any,
    ) -> None:
        """So many cases on which the same was done."""
        pending = []
        for _ in range(number):
            case = Case(uuid4()).signed(signed("intake.1", "intake", on))
            case.receive(**{**RECEIVED, "number": f"620502-2026-{next(self.numbers):06d}", **facts})
            for step, its in steps:
                case.signed(signed("revisit.1" if step == "revisit" else "lead.1", on=done))
                getattr(case, step)(**{**FACTS[step], **its})
            pending += case.pending
        for at in range(0, len(pending), 2000):
            self.office.save(*pending[at : at + 2000])

    def values(self, name: str = "closed-loop", asked: Asked = ASKED) -> dict[str, Any]:
        return self.answer(name, asked)["values"]

    def answer(self, name: str, asked: Asked) -> dict[str, Any]:
        self.catch_up()
        return run(self.views, REPORTS[name], asked, self.office.rulebook)


@pytest.fixture
def city(office, views, catch_up) -> City:
    return City(office, views, catch_up)


FOUND = ("inspect", {"kind": "verification", "amount_confirmed": "1000.00", "persons_confirmed": 2})
NOT_TRUE = (
    "inspect",
    {"kind": "verification", "finding": "not_true", "amount_confirmed": None, "persons_confirmed": None},
)
PAID = ("pay", {"amount": "1000.00", "persons": 2})
CLOSED = ("close", {})
POLICE = ("refer", {"fled": True})
FILED_BY_POLICE = ("answer", {"outcome": "filed"})


class TestRatesThatWerePrinted:
    def test_gansu_2018_closed_99_1_percent_and_the_police_filed_97_1(self, city):
        told = PUBLISHED["GANSU-2018"]
        referred, filed = told["police_referrals"], told["police_filed"]
        city.cases(filed, POLICE, FILED_BY_POLICE, ("close", {}))
        city.cases(
            referred - filed, POLICE, ("answer", {"result": "决定不予立案", "outcome": "not_filed"}), ("close", {})
        )
        city.cases(told["closed"] - referred, CLOSED)
        city.cases(told["accepted"] - told["closed"])

        values = city.values()

        assert values["F7"] == {"value": 99.1, "numerator": told["closed"], "denominator": told["accepted"]}
        assert str(values["F7"]["value"]) == told["closure_rate_pct"]
        assert values["F15_filed"] == {"value": 97.1, "numerator": 68, "denominator": 70}

    def test_kaifeng_2021_closed_92_3_percent_where_92_was_printed(self, city):
        told = PUBLISHED["KAIFENG-2021"]
        city.cases(told["closed"], CLOSED)
        city.cases(told["clues"] - told["closed"])

        value = city.values()["F7"]["value"]

        assert value == 92.3
        assert f"{value:.0f}" == told["closure_rate_pct"]

    def test_qinghai_in_winter_2020_closed_54_9_percent(self, city):
        told = PUBLISHED["QINGHAI-WINTER-2020"]
        city.cases(told["closed"], CLOSED)
        city.cases(told["clues"] - told["closed"])

        assert city.values()["F7"]["value"] == 54.9

    def test_jinxiang_2022_closed_all_by_either_channel(self, city):
        told = PUBLISHED["JINXIANG-2022"]
        city.cases(told["platform_clues"], CLOSED, channel="national_platform")
        city.cases(told["hotline_clues"], CLOSED, channel="hotline_12345")

        groups = city.answer("closed-loop", Asked(date(2026, 1, 1), date(2026, 12, 31), "620500", by="channel"))[
            "groups"
        ]

        assert {group["by"]: group["values"]["F7"]["value"] for group in groups} == {
            "hotline_12345": 100.0,
            "national_platform": 100.0,
        }

    def test_xingtai_2022_verified_98_5_found_7_3_and_settled_98_0_percent(self, city):
        """2080 clues, 2048 verified, 150 true, 147 settled."""
        city.cases(147, FOUND, PAID, CLOSED)
        city.cases(3, FOUND)
        city.cases(2048 - 150, NOT_TRUE)
        city.cases(2080 - 2048)

        values = city.values()

        assert [values[name]["value"] for name in ("F4", "F5", "F6")] == [98.5, 7.3, 98.0]

    def test_gansu_2013_recovered_95_8_percent_of_the_rounded_sums_where_95_7_was_printed(self, city):
        """1.66 yi confirmed and 1.59 yi paid; the press rounded from sums it did not print."""
        whole = ("inspect", {"kind": "verification", "amount_confirmed": "1660000.00", "persons_confirmed": 20})
        city.cases(99, whole, ("pay", {"amount": "1590000.00", "persons": 20}))
        city.cases(1, whole, ("pay", {"amount": "1590000.00", "persons": 19}))

        values = city.values()

        assert values["F9"] == {"value": 95.8, "numerator": "159000000.00", "denominator": "166000000.00"}
        assert values["F9_persons"]["value"] == 100.0


class TestAgainstAYearBefore:
    def test_the_change_is_in_percent_of_the_year_before(self, city):
        """连云港 printed persons -50.8 and amount -58.1 percent; the sums behind them were not printed."""
        last = {"on": date(2025, 1, 6), "done": date(2025, 2, 3)}
        city.cases(1, ("inspect", {**FOUND[1], "amount_confirmed": "100000.00", "persons_confirmed": 1000}),
                   ("pay", {"amount": "100000.00", "persons": 1000}), **last)  # fmt: skip
        city.cases(1, ("inspect", {**FOUND[1], "amount_confirmed": "41900.00", "persons_confirmed": 492}),
                   ("pay", {"amount": "41900.00", "persons": 492}))  # fmt: skip
        asked = Asked(date(2026, 1, 1), date(2026, 3, 31), "620500", yoy=True)

        yoy = city.answer("six-mechanisms", asked)["yoy"]

        assert (str(yoy["from"]), str(yoy["to"])) == ("2025-01-01", "2025-03-31")
        assert (yoy["change"]["persons_paid"], yoy["change"]["arrears_recovered"]) == (-50.8, -58.1)

    def test_is_null_where_there_was_nothing(self, city):
        city.cases(1, FOUND, PAID)
        asked = Asked(date(2026, 1, 1), date(2026, 3, 31), "620500", yoy=True)

        change = city.answer("six-mechanisms", asked)["yoy"]["change"]

        assert change["arrears_recovered"] is None
        assert city.answer("closed-loop", asked)["yoy"]["change"]["F9"] is None


def test_the_settings_proposed_are_complete_enough_for_every_report():
    for report in REPORTS.values():
        for figure in report.figures.values():
            assert all(PROPOSED.value(name, date(2026, 1, 1)) is not None for name in figure.setting)
