"""The site checklist: what is looked at, how grave what it shows is, and what the office does about it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rules.checklist import DISPOSAL, ITEMS, LADDER, Item, Result, severity

CHINESE = re.compile("[\u4e00-\u9fff]")
CODES = [
    "ACC-1", "ACC-2", "ACC-3", "ACC-4", "ACC-5", "AGT-1", "AGT-2", "AGT-3", "AGT-4", "RNM-1", "RNM-2", "RNM-3", "RNM-4",
    "DEP-1", "DEP-2", "BRD-1", "GUA-1", "FUN-1", "SET-1", "SUB-1", "ARR-1", "ARR-2",
]  # fmt: skip
RANK = [None, "G", "S", "M"]

results = st.lists(
    st.builds(
        Result,
        item=st.sampled_from(CODES),
        result=st.sampled_from(["pass", "fail", "not_applicable", "not_checked"]),
        owing=st.booleans(),
    ),
    max_size=30,
)


def failed(*items: str, owing: bool = False) -> list[Result]:
    return [Result(item, "fail", owing=owing) for item in items]


class TestLooking:
    def test_goes_through_the_twenty_two_items(self) -> None:
        assert list(ITEMS) == CODES

    def test_knows_how_grave_each_failure_is(self) -> None:
        minor = {code for code, item in ITEMS.items() if item.severity == "G"}

        assert minor == {"ACC-2", "ACC-5", "AGT-4", "RNM-2", "RNM-3", "RNM-4", "BRD-1"}
        assert [code for code, item in ITEMS.items() if item.severity == "M"] == ["ARR-2"]
        assert {code: item.escalates for code, item in ITEMS.items() if item.escalates} == {"ACC-4": "M", "SUB-1": "M"}

    @pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
    def test_says_each_in_both_languages_and_on_what_basis(self, item: Item) -> None:
        assert CHINESE.search(item.zh)
        assert CHINESE.search(item.pass_when_zh)
        assert not CHINESE.search(item.en + item.pass_when_en)
        assert item.basis

    def test_keeps_the_evidence_where_personal_data_is_looked_for(self) -> None:
        assert [*Result("ACC-1", "fail", evidence="照片").texts()] == ["照片"]
        assert [*Result("ACC-1", "pass").texts()] == [""]


class TestJudging:
    @pytest.mark.parametrize(
        ("items", "grave"),
        [
            ([], None),
            (["RNM-2"], "G"),
            (["RNM-2", "BRD-1"], "G"),
            (["RNM-2", "BRD-1", "RNM-3"], "S"),
            (["ACC-1"], "S"),
            (["ACC-4"], "S"),
            (["SUB-1"], "S"),
            (["ARR-1"], "S"),
            (["ARR-2"], "M"),
            (["BRD-1", "ACC-1", "ARR-2"], "M"),
        ],
    )
    def test_takes_the_gravest_and_three_minor_ones_for_a_system_failing(
        self, items: list[str], grave: str | None
    ) -> None:
        assert severity(failed(*items)) == grave

    @pytest.mark.parametrize("item", ["ACC-4", "SUB-1"])
    def test_takes_diverting_or_unlawful_subcontracting_while_owing_for_malice(self, item: str) -> None:
        assert severity(failed(item, owing=True)) == "M"

    def test_takes_nothing_else_for_malice_because_of_what_is_owed(self) -> None:
        assert severity(failed("ACC-1", "BRD-1", owing=True)) == "S"

    def test_takes_a_minor_item_that_fails_again_for_a_system_failing(self) -> None:
        assert severity(failed("BRD-1"), failed_before={"BRD-1"}) == "S"
        assert severity(failed("BRD-1"), failed_before={"RNM-2"}) == "G"

    def test_does_not_count_an_item_twice(self) -> None:
        assert severity(failed("BRD-1", "BRD-1", "RNM-2")) == "G"

    @pytest.mark.parametrize("result", ["pass", "not_applicable", "not_checked"])
    def test_holds_nothing_against_what_did_not_fail(self, result: str) -> None:
        assert severity([Result("ARR-2", result)], failed_before={"ARR-2"}) is None  # type: ignore[arg-type]

    def test_knows_no_other_item(self) -> None:
        with pytest.raises(KeyError):
            severity([Result("ACC-9", "pass")])

    @given(results, results, st.sets(st.sampled_from(CODES)))
    def test_never_judges_more_mildly_for_a_further_failure(
        self, found: list[Result], more: list[Result], before: set[str]
    ) -> None:
        assert RANK.index(severity(found + more, before)) >= RANK.index(severity(found, before))

    @given(results, st.sets(st.sampled_from(CODES)), st.sampled_from(CODES))
    def test_never_judges_more_mildly_for_an_earlier_failure(
        self, found: list[Result], before: set[str], one: str
    ) -> None:
        assert RANK.index(severity(found, before | {one})) >= RANK.index(severity(found, before))


class TestDisposing:
    def test_warns_summons_or_punishes(self) -> None:
        assert DISPOSAL == {"G": "warn", "S": "summon", "M": "punish"}

    def test_calls_each_rung_as_the_city_does(self) -> None:
        assert [rung.zh for rung in LADDER.values()] == ["预警跟踪督办", "专项约谈", "联合惩戒"]
        assert not any(CHINESE.search(rung.en) for rung in LADDER.values())
