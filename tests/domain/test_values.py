"""Days, money, codes and personal data: the small values everything rests on."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import day, facts, uscc
from domain.money import yuan
from domain.privacy import id_check_digit, personal_data


class TestDays:
    @pytest.mark.parametrize(
        ("on", "first", "last"),
        [
            ("2018-05-30", date(2018, 5, 30), date(2018, 5, 30)),
            ("2018-02", date(2018, 2, 1), date(2018, 2, 28)),
            ("2022", date(2022, 1, 1), date(2022, 12, 31)),
            (None, None, None),
        ],
    )
    def test_imprecise_ones_keep_their_bounds(self, on, first, last):
        assert (day.earliest(on), day.latest(on)) == (first, last)
        assert day.exact(on) == (first if on and len(on) == 10 else None)

    @pytest.mark.parametrize("text", ["2018-13", "2018-02-30", "18-02-03", "2018-2-3", "", "yesterday"])
    def test_that_do_not_exist_are_none(self, text):
        assert not day.valid(text)

    def test_months_end_on_the_corresponding_day_or_the_last(self):
        assert day.plus_months(date(2025, 8, 31), 6) == date(2026, 2, 28)

    @pytest.mark.parametrize("text", ["1899-12-31", "2200", "0001-01-01", "9999-12", "2026-03-02\n", "２０２６"])
    def test_that_no_paper_can_mean_are_none(self, text):
        assert not day.valid(text)

    def test_months_end_with_the_last_day_there_is(self):
        assert day.plus_months(date(9998, 5, 1), 24) == date.max
        assert day.plus_months(date(1, 5, 1), -12) == date.min


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (facts.Division, "620502"),
        (facts.Month, "2026-03"),
        (facts.Month, "2026"),
        (facts.Sha256, "0a" * 32),
        (facts.Tail, "0014"),
    ],
)
def test_a_line_break_is_no_part_of_a_code(kind, text):
    assert msgspec.convert(text, kind) == text
    for wrong in (f"{text}\n", f"\n{text}", f"{text}x"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(wrong, kind)


class TestMoney:
    @given(st.decimals(0, 9_999_999_999, places=2, allow_nan=False))
    def test_to_the_fen_is_kept_exactly(self, amount):
        assert yuan(str(amount)) == amount

    @given(st.decimals(0, 10**6, places=3, allow_nan=False).filter(lambda d: d != d.quantize(Decimal("0.01"))))
    def test_finer_than_a_fen_is_none(self, amount):
        assert yuan(str(amount)) is None

    @pytest.mark.parametrize("text", ["-0.01", "1e99", "Infinity", "NaN", "", "１２"[:0] or "十"])
    def test_other_things_are_none(self, text):
        assert yuan(text) is None


class TestCreditCodes:
    @pytest.mark.parametrize("code", ["91110000600037341L", "110000600037341"])
    def test_with_the_right_check_character_are_valid(self, code):
        assert uscc.valid(code)

    @given(st.text(uscc.ALPHABET, min_size=17, max_size=17), st.sampled_from(uscc.ALPHABET))
    def test_have_one_check_character_only(self, body, char):
        body = body[:2] + "620502" + body[8:]
        assert uscc.valid(body + char) == (char == uscc.check_character(body))


class TestPersonalData:
    @given(st.from_regex(r"620502(19[5-9]\d)(0[1-9]|1[0-2])(0[1-9]|1\d|2[0-8])\d{3}", fullmatch=True))
    def test_an_id_number_is_found_wherever_it_stands(self, body):
        assert personal_data(f"工人证件{body}{id_check_digit(body)},请核") == "id_number"

    @given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True))
    def test_a_mobile_number_is_found_as_people_write_it(self, phone):
        for written in (
            phone,
            f"{phone[:3]} {phone[3:7]} {phone[7:]}",
            f"+86{phone}",
            phone.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        ):
            assert personal_data(f"联系{written}。") is not None

    @pytest.mark.parametrize(
        "text", ["令〔2026〕第0041号", "2018-05-30", "欠 4800000.00 元", "91110000600037341L", "61人 3个月"]
    )
    def test_ordinary_numbers_are_none(self, text):
        assert personal_data(text) is None


def test_a_number_of_our_own_is_no_bank_card():
    assert personal_data("与620502-2026-000001号案件、620500-2026-P00012号项目为同一事项") is None
    assert personal_data("卡号6205022026000001") == "bank_account"


@pytest.mark.parametrize("digits", ["e13912345678", "13912345678f"])
def test_a_digest_or_an_id_that_holds_a_phones_digits_is_no_phone(digits):
    assert personal_data(f"摘要{digits}{'a' * (64 - len(digits))}") is None
    assert personal_data("与案件0a1b2c3d-1391-4234-8567-0a1b2c3d4e5f同一") is None
    assert personal_data("a13912345678b") == "phone"
