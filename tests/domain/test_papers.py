"""The table of papers, the numbers on them, and amounts in capitals."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from domain.case import Case
from domain.codes import PaperKind
from domain.event import facts_of
from domain.money import DIGITS, in_capitals
from domain.number import NotTaken, Number
from domain.rules.clock_rows import ROWS
from domain.rules.papers import PAPERS, PUT_IN_WRITING, document_no, papers_for, papers_of, series
from domain.vocabulary import EVENTS
from domain.words import word
from tests.conftest import given, signed

PLACES = {"拾": 10, "佰": 100, "仟": 1000, "万": 10**4, "亿": 10**8}


def read(text: str) -> Decimal:
    """An amount in capitals as a reader takes it, by another way than it was written."""
    whole, _, parts = text.partition("元") if "元" in text else ("", "", text)
    total = group = digit = 0
    for sign in whole:
        if sign in DIGITS:
            digit = DIGITS.index(sign)
        elif PLACES[sign] < 10**4:
            group, digit = group + digit * PLACES[sign], 0
        else:
            total, group, digit = total + (group + digit) * PLACES[sign], 0, 0
    jiao = DIGITS.index(parts[parts.index("角") - 1]) if "角" in parts else 0
    fen = DIGITS.index(parts[parts.index("分") - 1]) if "分" in parts else 0
    return Decimal(total + group + digit) + Decimal(jiao) / 10 + Decimal(fen) / 100


class TestAmountsInCapitals:
    @pytest.mark.parametrize(
        ("amount", "text"),
        [
            ("186400.00", "壹拾捌万陆仟肆佰元整"), ("0.00", "零元整"), ("0.05", "伍分"), ("0.50", "伍角整"),
            ("10.05", "壹拾元零伍分"), ("100.10", "壹佰元壹角整"), ("1008.00", "壹仟零捌元整"), ("100000.00", "壹拾万元整"),
            ("20000005.00", "贰仟万零伍元整"), ("100000000.00", "壹亿元整"), ("10010001.01", "壹仟零壹万零壹元零壹分"),
        ],
    )  # fmt: skip
    def test_are_as_banks_write_them(self, amount, text):
        assert in_capitals(Decimal(amount)) == text

    @for_any(st.decimals(0, Decimal("9999999999.99"), places=2))
    def test_mean_the_amount(self, amount):
        assert read(in_capitals(amount)) == amount

    @for_any(st.decimals(0, Decimal("9999999999.99"), places=2))
    def test_say_no_zero_twice_and_end_where_they_end(self, amount):
        text = in_capitals(amount)

        assert "零零" not in text
        assert "零万" not in text
        assert "零亿" not in text
        assert text.endswith(("整", "分"))


class TestTheTable:
    def test_has_a_row_for_every_code(self):
        assert set(PAPERS) == set(get_args(PaperKind))

    @pytest.mark.parametrize("sheet", PAPERS.values(), ids=PAPERS)
    def test_names_entries_and_kinds_that_there_are(self, sheet):
        for put in sheet.puts:
            event = EVENTS[put.event]
            told_by = event.kind_fact()
            [kinds] = [get_args(fact.type) for fact in facts_of(event) if fact.name == told_by] or [()]
            assert set(put.kind) <= ({row.id for row in ROWS} if told_by == "clock" else set(kinds))

    @pytest.mark.parametrize("sheet", PAPERS.values(), ids=PAPERS)
    def test_cites_the_law_and_says_something(self, sheet):
        assert sheet.law
        assert sheet.text or sheet.rows
        assert all(len(row) in (2, 4) for row in sheet.rows)

    def test_gives_each_numbered_paper_a_mark_of_its_own(self):
        marks = [sheet.mark for sheet in PAPERS.values() if sheet.mark]

        assert len(marks) == len(set(marks)) == 21

    def test_has_a_paper_for_what_papers_are_made_of(self):
        case = given("assign", "file", "inspect", "notify", "order", "serve", "extend")

        usual = [papers_of(entry.event)[0].code for entry in case.entries]
        assert usual == [
            "complaint_register", "assignment_sheet", "filing_approval", "inspection_record", "prior_notice", "rectification_order",
            "service_receipt", "extension_approval",
        ]  # fmt: skip
        assert not papers_for(Case.actions["pay"], {"kind": "arrears"})
        assert "CasePaid" not in PUT_IN_WRITING

    @pytest.mark.parametrize("kind", ["penalty_decision", "treatment_decision", "deposit_use"])
    def test_goes_by_the_kind_of_order(self, kind):
        [sheet] = papers_for(Case.actions["order"], {"kind": kind})

        assert sheet.numbered

    def test_keeps_what_concerns_an_official_apart(self):
        assert [sheet.code for sheet in PAPERS.values() if sheet.discipline] == ["discipline_handover"]


class TestNumbers:
    def test_name_the_authority_the_paper_the_year(self):
        ours = series("620502-hrss", PAPERS["rectification_order"])

        assert document_no(ours, 2026, 1) == "秦州人社监令字〔2026〕第0001号"
        assert document_no(ours, 2026, 12345) == "秦州人社监令字〔2026〕第12345号"

    def test_of_a_place_without_a_mark_begin_with_its_code(self):
        assert series("110101-hrss", PAPERS["rectification_order"]) == "110101人社监令字"

    def test_of_two_authorities_in_one_place_differ(self):
        kinds = ("hrss", "rights_centre", "task_force", "housing", "transport", "water")

        assert len({series(f"620500-{kind}", PAPERS["escalation_notice"]) for kind in kinds}) == len(kinds)

    def test_follow_one_another_and_void_ones_stay(self):
        book = Number(given().id).signed(signed())
        take = {"paper": "prior_notice", "year": 2026, "case": book.id, "entry": 3}
        book.do("take", {**take, "document_no": "一"})
        book.do("void", {"document_no": "一", "reason": "r", "approved_by": "head.1"})
        book.do("take", {**take, "document_no": "二"})

        assert [taken.nth for taken in book.taken.values()] == [1, 2]
        with pytest.raises(NotTaken):
            book.do("void", {"document_no": "一", "reason": "r", "approved_by": "head.1"})


def test_every_paper_has_a_word_of_its_own():
    words = {word(code, "zh", "paper") for code in PAPERS}

    assert len(words) == len(PAPERS)
