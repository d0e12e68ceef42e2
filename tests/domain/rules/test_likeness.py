"""Which clues may repeat one another: by who, by whom, where and when; names as they are heard at a counter."""

from __future__ import annotations

import pytest

from domain.rules.likeness import POINTS, SHOWN_FROM, Clue, alike, score
from domain.words import word


class TestNames:
    @pytest.mark.parametrize(
        ("heard", "written"),
        [
            ("陇上起重吊装公司", "麦积区陇上起重吊装有限公司"), ("陇上起重吊装(集团)有限责任公司", "陇上起重吊装"), ("渭河建筑", "渭河建筑股份有限公司"),
            ("三阳川安置房", "麦积三阳川安置房项目部"), ("ＡＢＣ 劳务", "abc劳务有限公司"),
        ],
    )  # fmt: skip
    def test_are_alike_but_for_what_many_are_called_by(self, heard, written):
        assert alike(heard, written)
        assert alike(written, heard)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("天水市第一建筑工程有限公司", "天水市第二建筑工程有限公司"), ("建筑公司", "渭河建筑有限公司"), ("有限公司", "股份有限公司"), ("", ""),
            (None, "渭河建筑"), ("渭河路桥", "渭河建筑"),
        ],
    )  # fmt: skip
    def test_that_only_have_something_in_common_are_not(self, one, other):
        assert not alike(one, other)


class TestTheScore:
    def test_of_the_same_employer_or_one_called_alike_is_worth_a_look_by_itself(self):
        assert score(Clue("x"), Clue("x"))[0] >= SHOWN_FROM
        assert score(Clue("陇上吊装公司", "陇上吊装公司"), Clue("9162", "陇上吊装有限公司")) == (25, ["employer_alike"])

    def test_counts_a_likeness_once(self):
        clue = Clue("x", "渭河建筑", "安置房二期", "2026-01", "2026-03", "拖欠三个月工资")

        assert score(clue, clue, ["phone", "id_number"]) == (
            100,
            ["id_number", "employer", "project", "period", "text"],
        )
        assert score(clue, clue) == (70, ["employer", "project", "period", "text"])

    def test_says_each_reason_in_words(self):
        assert all(word(f"alike_{reason}") != f"alike_{reason}" for reason in POINTS)
