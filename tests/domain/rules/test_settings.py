"""What the office decides where the law leaves a number open: never silently, never backwards."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from domain.rules.settings import PROPOSED, SETTINGS, Decided, Setting, Settings, valid

day = date.fromisoformat

MONDAY = day("2026-03-02")
CHINESE = re.compile("[\u4e00-\u9fff]")


def decided(*rows: str) -> Settings:
    """The settings of an office that decided these: ``large_yuan 500000 2026-01-01``."""
    return Settings(Decided(name, value, day(since)) for name, value, since in map(str.split, rows))


class TestDeciding:
    def test_has_no_value_before_anything_was_decided(self) -> None:
        assert Settings().value("large_yuan", MONDAY) is None
        assert Settings().in_force(MONDAY) == {}

    def test_holds_from_the_day_since(self) -> None:
        settings = decided("large_yuan 500000 2026-03-02")

        assert settings.value("large_yuan", day("2026-03-01")) is None
        assert settings.value("large_yuan", MONDAY) == Decimal(500000)

    def test_keeps_what_was_in_force_before(self) -> None:
        settings = decided("large_yuan 500000 2025-01-01", "large_yuan 300000 2026-01-01")

        assert settings.value("large_yuan", day("2025-12-31")) == Decimal(500000)
        assert settings.value("large_yuan", MONDAY) == Decimal(300000)

    def test_takes_the_latest_day_since_in_whatever_order_it_was_decided(self) -> None:
        settings = decided("large_yuan 300000 2026-01-01", "large_yuan 500000 2025-01-01")

        assert settings.value("large_yuan", MONDAY) == Decimal(300000)

    def test_lets_a_later_decision_for_the_same_day_win(self) -> None:
        settings = decided("large_yuan 500000 2026-01-01", "large_yuan 300000 2026-01-01")

        assert settings.value("large_yuan", MONDAY) == Decimal(300000)

    def test_lists_only_what_is_in_force(self) -> None:
        settings = decided("large_yuan 500000 2026-01-01", "fast_persons 9 2026-04-01")

        assert settings.in_force(MONDAY) == {"large_yuan": Decimal(500000)}

    def test_reads_a_decision_on_a_setting_that_is_no_more(self) -> None:
        assert decided("retired 1 2026-01-01").in_force(MONDAY) == {}

    @pytest.mark.parametrize(("value", "allowed"), [("1", True), ("0", False)])
    def test_allows_what_a_flag_allows(self, value: str, allowed: bool) -> None:
        assert decided(f"suspension_allowed {value} 2026-01-01").flag("suspension_allowed", MONDAY) is allowed

    def test_allows_nothing_that_was_not_decided(self) -> None:
        assert not Settings().flag("suspension_allowed", MONDAY)

    def test_knows_no_other_setting(self) -> None:
        with pytest.raises(KeyError):
            Settings().value("larger_yuan", MONDAY)
        with pytest.raises(KeyError):
            Settings().flag("larger_yuan", MONDAY)
        with pytest.raises(KeyError):
            valid("larger_yuan", "1")


class TestChecking:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("C21_days", "15"), ("C22_days", "9999"), ("R02_months", "1"), ("repeat_count", "2"),
            ("large_yuan", "500000"), ("R05_yuan", "1890.50"), ("large_yuan", "0"), ("deposit_floor_percent", "0.5"),
            ("R03_percent", "0"), ("R03_percent", "100"), ("suspension_allowed", "0"), ("deposit_compounds", "1"),
        ],
    )  # fmt: skip
    def test_takes_a_number_that_fits_the_unit(self, name: str, value: str) -> None:
        assert valid(name, value)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("C21_days", "0"), ("C21_days", "-1"), ("C21_days", "1.5"), ("C21_days", ""), ("C21_days", "十五"),
            ("C21_days", "10000"), ("repeat_count", "0"), ("repeat_count", "2.0"), ("repeat_count", "1e3"),
            ("large_yuan", "-1"), ("large_yuan", "0.001"), ("large_yuan", "NaN"), ("large_yuan", "Infinity"),
            ("R03_percent", "100.1"), ("R03_percent", "-5"), ("R03_percent", "NaN"), ("R03_percent", "10%"),
            ("suspension_allowed", "2"), ("suspension_allowed", "yes"), ("deposit_compounds", ""),
        ],
    )  # fmt: skip
    def test_takes_no_other(self, name: str, value: str) -> None:
        assert not valid(name, value)


class TestTakingTheDigest:
    def test_is_the_same_for_the_same_decisions(self) -> None:
        one = decided("large_yuan 500000 2026-01-01", "fast_persons 9 2026-01-01")
        other = decided("fast_persons 9 2026-01-01", "large_yuan 500000 2026-01-01")

        assert one.digest == other.digest
        assert len(one.digest) == 64

    def test_changes_with_a_decision(self) -> None:
        assert decided("large_yuan 500000 2026-01-01").digest != Settings().digest
        assert decided("large_yuan 500000 2026-01-01").digest != decided("large_yuan 500000 2026-01-02").digest


class TestProposing:
    def test_puts_every_proposal_in_force_for_the_demo_city(self) -> None:
        proposed = {name for name, setting in SETTINGS.items() if setting.proposed is not None}

        assert set(PROPOSED.in_force(day("2004-12-01"))) == proposed
        assert PROPOSED.in_force(day("2004-11-30")) == {}

    def test_proposes_nothing_where_no_text_was_found(self) -> None:
        assert set(SETTINGS) - set(PROPOSED.in_force(MONDAY)) == {
            "criminal_one_yuan", "criminal_ten_yuan", "R05_yuan", "deposit_compounds",
        }  # fmt: skip

    @pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
    def test_proposes_only_what_could_be_decided(self, setting: Setting) -> None:
        assert setting.proposed is None or valid(setting.name, setting.proposed)

    @pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
    def test_says_what_it_is_in_both_languages_and_where_it_comes_from(self, setting: Setting) -> None:
        assert CHINESE.search(setting.zh)
        assert not CHINESE.search(setting.en.replace("陇明公", ""))
        assert setting.source

    @pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
    def test_names_its_unit(self, setting: Setting) -> None:
        suffixes = {"days": "days", "working_days": "days", "months": "months", "yuan": "yuan", "percent": "percent"}

        assert suffixes.get(setting.unit, "") in setting.name
