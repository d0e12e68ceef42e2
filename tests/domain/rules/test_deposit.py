"""The wage deposit, on the vectors of the Gansu notice and on every contract a city may see."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refused import Refused
from domain.rules.deposit import Deposit, NotDecided, deposit
from domain.rules.settings import PROPOSED, Decided, Settings

SIGNED = date(2026, 3, 2)
FLOOR = Decimal("0.005")
CAP = Decimal(15_000_000)

contracts = st.decimals(0, Decimal("9999999999.99"), places=2)
others = st.integers(0, 12)


def office(**decided: str) -> Settings:
    """An office that took the proposals and decided these besides."""
    return Settings((*PROPOSED.decided, *(Decided(name, value, SIGNED) for name, value in decided.items())))


def stored(contract: str | Decimal, settings: Settings = PROPOSED, **facts: object) -> Deposit:
    given = {"clean": True, "listed": False, **facts}
    return deposit(Decimal(contract), on=SIGNED, settings=settings, **given)  # type: ignore[arg-type]


class TestStoring:
    @pytest.mark.parametrize(
        ("contract", "amount", "capped"),
        [
            ("45000000", "900000", False),
            ("1000000000", "15000000", True),
            ("750000000", "15000000", False),
            ("3000000", "60000", False),
            ("3000000.25", "60000.01", False),  # 60000.005, half up
        ],
    )
    def test_takes_two_percent_up_to_the_cap(self, contract: str, amount: str, capped: bool) -> None:
        found = stored(contract)

        assert (found.amount, found.percent, found.capped, found.exempt) == (Decimal(amount), Decimal(2), capped, False)
        assert "甘人社厅发〔2022〕6号" in found.law

    def test_exempts_a_small_contract_of_a_clean_employer(self) -> None:
        found = stored("2999999.99")

        assert (found.amount, found.percent, found.exempt) == (Decimal(0), Decimal(0), True)

    def test_does_not_exempt_one_that_owed_in_the_year_before(self) -> None:
        found = stored("2999999.99", clean=False)

        assert (found.amount, found.exempt) == (Decimal("60000.00"), False)

    def test_doubles_for_the_serious_list(self) -> None:
        assert stored("45000000", listed=True).amount == Decimal(1_800_000)

    def test_never_passes_the_cap_even_for_the_serious_list(self) -> None:
        assert stored("1000000000", listed=True).amount == CAP


class TestFloating:
    def test_takes_a_quarter_off_for_the_first_further_project(self) -> None:
        found = stored("45000000", other_projects=1)

        assert (found.percent, found.amount) == (Decimal("1.5"), Decimal(675_000))

    @pytest.mark.parametrize(
        ("compounds", "percents"),
        [
            ("0", ["2", "1.5", "1", "0.5", "0.5", "0.5"]),
            ("1", ["2", "1.5", "1.125", "0.84375", "0.6328125", "0.5"]),
        ],
    )
    def test_goes_on_as_the_office_decided_down_to_the_floor(self, compounds: str, percents: list[str]) -> None:
        settings = office(deposit_compounds=compounds)

        assert [stored("45000000", settings, other_projects=n).percent for n in range(6)] == [*map(Decimal, percents)]

    def test_raises_what_has_floated_for_the_serious_list(self) -> None:
        assert stored("45000000", other_projects=1, listed=True).percent == 3


class TestNotHavingDecided:
    def test_asks_whether_it_compounds_only_from_the_second_further_project(self) -> None:
        with pytest.raises(NotDecided, match="deposit_compounds"):
            stored("45000000", other_projects=2)

    @pytest.mark.parametrize(
        ("missing", "facts"),
        [
            ("deposit_percent", {}),
            ("deposit_cap_yuan", {}),
            ("deposit_exempt_below_yuan", {"clean": True}),
            ("deposit_float_percent", {"other_projects": 1}),
            ("deposit_floor_percent", {"other_projects": 1}),
            ("deposit_listed_extra_percent", {"listed": True}),
        ],
    )
    def test_names_what_is_to_be_decided(self, missing: str, facts: dict[str, object]) -> None:
        settings = Settings(row for row in PROPOSED.decided if row.name != missing)

        with pytest.raises(NotDecided, match=missing) as refused:
            stored("45000000", settings, **{"clean": False, **facts})

        assert isinstance(refused.value, Refused)
        assert isinstance(refused.value, ValueError)
        assert "尚未确定" in refused.value.sentence()

    def test_asks_for_nothing_that_is_not_needed(self) -> None:
        settings = Settings(row for row in PROPOSED.decided if row.name in ("deposit_percent", "deposit_cap_yuan"))

        assert stored("45000000", settings, clean=False).amount == Decimal(900_000)


class TestEveryContract:
    @given(contracts, contracts, others, st.booleans(), st.booleans(), st.sampled_from("01"))
    def test_stores_no_less_for_a_larger_one(
        self, one: Decimal, other: Decimal, n: int, clean: bool, listed: bool, compounds: str
    ) -> None:
        small, large = sorted((one, other))
        facts = {"settings": office(deposit_compounds=compounds), "other_projects": n, "clean": clean, "listed": listed}

        assert stored(small, **facts).amount <= stored(large, **facts).amount <= CAP  # type: ignore[arg-type]

    @given(contracts, others, st.booleans(), st.booleans(), st.sampled_from("01"))
    def test_never_stores_below_the_floor_unless_exempt_or_capped(
        self, contract: Decimal, n: int, clean: bool, listed: bool, compounds: str
    ) -> None:
        found = stored(contract, office(deposit_compounds=compounds), other_projects=n, clean=clean, listed=listed)

        assert found.exempt or found.percent >= FLOOR * 100
        assert (
            found.exempt or found.capped or found.amount >= (contract * FLOOR).quantize(Decimal("0.01"), "ROUND_DOWN")
        )
