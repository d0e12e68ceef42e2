"""The risk signals: what raises each, what does not, and what is said when the office has not decided."""

from __future__ import annotations

import itertools
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.rules.calendar import CALENDAR
from domain.rules.settings import PROPOSED, SETTINGS, Decided, Settings
from domain.rules.signals import (
    RULES,
    SIGNALS,
    Attendance,
    DepositHeld,
    Kind,
    Papers,
    Pay,
    Rows,
    Screening,
    Signal,
    Transfer,
    Undecided,
    Utility,
    screen,
)  # fmt: skip

day = date.fromisoformat

ON = day("2026-03-02")  # a Monday
SITE = "620502-P-0001"
CHINESE = re.compile("[\u4e00-\u9fff]")
DECIDED = Settings((*PROPOSED.decided, Decided("R05_yuan", "1890", day("2020-01-01"))))


def attended(*workers: str, month: str = "2025-12", **facts: Any) -> tuple[Attendance, ...]:
    given = {"project": SITE, "month": month, "days": Decimal(22), **facts}
    return tuple(Attendance(line=n, worker=worker, **given) for n, worker in enumerate(workers, start=2))


def paid(*workers: str, month: str = "2025-12", amount: str = "6000", on: str | None = "2026-01-15") -> tuple[Pay, ...]:
    facts = {"project": SITE, "month": month, "amount": Decimal(amount), "paid_on": day(on) if on else None}
    return tuple(Pay(line=n, worker=worker, **facts) for n, worker in enumerate(workers, start=2))  # type: ignore[arg-type]


def transferred(*rows: str) -> tuple[Transfer, ...]:
    """``labour_cost 100000 2026-02-20``."""
    cells = enumerate((row.split() for row in rows), start=2)
    return tuple(
        Transfer(line=n, project=SITE, kind=kind, amount=Decimal(amount), on=day(on))  # type: ignore[arg-type]
        for n, (kind, amount, on) in cells
    )


def papers(**facts: Any) -> tuple[Papers, ...]:
    return (Papers(line=2, project=SITE, **facts),)


def held(**facts: Any) -> DepositHeld:
    return DepositHeld(**{"line": 2, "project": SITE, "kind": "cash", "amount": Decimal(900_000), **facts})


def crew(n: int) -> list[str]:
    return [f"w-{i}" for i in range(n)]


def screened(settings: Settings = DECIDED, on: date = ON, **rows: Any) -> Screening:
    return screen(SITE, Rows(**rows), on=on, settings=settings, calendar=CALENDAR)


def raised(**facts: Any) -> dict[str, Signal]:
    return {signal.id: signal for signal in screened(**facts).signals}


HITS: dict[str, list[dict[str, Any]]] = {
    "R01": [
        {"papers": papers(contract_signed_on=day("2026-01-28"))},
        {"papers": papers(contract_signed_on=day("2026-01-28"), account_opened_on=day("2026-03-03"))},
    ],
    "R02": [
        {"attendance": attended("w-1")},
        {"attendance": attended("w-1", month="2026-01")},  # to be paid in February
        {"attendance": attended("w-1"), "pay": paid("w-1", on=None)},
        {"attendance": attended("w-1"), "pay": paid("w-1", on="2026-03-03")},
        {"attendance": attended("w-1"), "pay": paid("w-1", amount="0")},
    ],
    "R03": [{"attendance": attended(*crew(10)), "pay": paid(*crew(9))}],
    "R04": [{"attendance": attended(*crew(11)), "pay": paid(*crew(10), "w-ghost")}],
    "R05": [{"pay": paid("w-1", "w-2", amount="1889.99")}],
    "R06": [
        {"pay": paid("w-1", amount="50000.01")},
        {"pay": paid("w-1", amount="30000") + paid("w-1", amount="30000")},
        {"pay": tuple(row for n in range(1, 8) for row in paid("w-1", month=f"2025-0{n}", amount="43000"))},
    ],
    "R07": [{"attendance": attended("w-1", left_on=day("2026-02-01"), settled=False)}],
    "R08": [
        {"transfers": transferred("labour_cost 100000 2026-01-28")},
        {"transfers": transferred("progress 100000 2026-01-01", "progress 100000 2026-02-20")},
    ],
    "R09": [{"transfers": transferred("labour_cost 219999 2026-02-20", "progress 1000000 2026-02-20")}],
    "R10": [
        {"deposits": (held(kind="none", amount=None, permit_on=day("2026-01-20")),)},
        {"deposits": (held(stored_on=day("2026-03-09"), permit_on=day("2026-01-20")),)},
        {"deposits": (held(kind="guarantee", expires_on=day("2026-03-01")),)},
        {"deposits": (held(used_on=day("2026-01-20")),)},
        {"deposits": (held(used_on=day("2026-01-20"), refilled_on=day("2025-06-01")),)},
    ],
    "R11": [{"attendance": attended("w-1", "w-2", registered=False) + attended(*crew(8), registered=True)}],
    "R12": [{"complaints": {SITE: 2}}],
    "R13": [{"papers": papers(board_uploaded=False)}],
    "R14": [{"papers": papers(guarantee=False)}, {"papers": papers(participants=False)}],
    "R15": [
        {
            "utilities": (
                Utility(line=2, project=SITE, measure="power", month="2026-02", fell_percent=Decimal(40)),
            )
        }
    ],
    "R16": [{"calls_unpaid": {SITE: 1}}],
    "R17": [
        {"papers": papers(settled_on=day("2026-01-28"))},
        {"papers": papers(contract_signed_on=day("2026-01-28"), account_opened_on=day("2026-02-01"))},
    ],
}  # fmt: skip

MISSES: dict[str, list[dict[str, Any]]] = {
    "R01": [
        {"papers": papers(contract_signed_on=day("2026-01-28"), account_opened_on=day("2026-02-28"))},
        {"papers": papers(contract_signed_on=day("2026-01-31"))},  # the last day, rolled to this Monday
        {"papers": papers()},
    ],
    "R02": [
        {"attendance": attended("w-1"), "pay": paid("w-1", on="2026-02-28")},
        {"attendance": attended("w-1", month="2026-02")},  # to be paid in March
        {"attendance": attended("w-1", month="2026-01"), "on": day("2026-02-28")},
        {"attendance": attended("w-1", days=Decimal(0))},
    ],
    "R03": [{"attendance": attended(*crew(11)), "pay": paid(*crew(10))}],
    "R04": [{"attendance": attended(*crew(3)), "pay": paid(*crew(3))}],
    "R05": [{"pay": paid("w-1", amount="1000") + paid("w-2", amount="2780")}, {"pay": paid("w-1", month="2026-02", amount="1")}],
    "R06": [{"pay": paid("w-1", amount="50000")}, {"pay": paid("w-1", amount="30000") + paid("w-2", amount="30000")}],
    "R07": [
        {"attendance": attended("w-1", left_on=day("2026-02-01"), settled=True)},
        {"attendance": attended("w-1", left_on=day("2026-02-01"))},
        {"attendance": attended("w-1", left_on=day("2026-03-09"), settled=False)},
        {
            "attendance": attended("w-1", left_on=day("2026-02-01"), settled=False)
            + attended("w-1", left_on=day("2026-02-01"), settled=True)
        },
    ],
    "R08": [
        {"transfers": transferred("labour_cost 100000 2026-01-29")},  # the last day, rolled to this Monday
        {"transfers": transferred("labour_cost 1 2025-01-01", "labour_cost 1 2026-02-20")},
    ],
    "R09": [
        {"transfers": transferred("labour_cost 220000 2026-02-20", "progress 1000000 2026-02-20")},
        {"transfers": transferred("labour_cost 220000 2026-02-20", "other 9000000 2026-02-20")},
    ],
    "R10": [
        {"deposits": (held(stored_on=day("2026-01-01")),)},
        {"deposits": (held(kind="none", permit_on=day("2026-02-10")),)},
        {"deposits": (held(kind="none"),)},
        {"deposits": (held(kind="guarantee", expires_on=day("2026-03-02")),)},
        {"deposits": (held(used_on=day("2026-01-20"), refilled_on=day("2026-02-01")),)},
        {"deposits": (held(kind="guarantee", expires_on=day("2025-03-01")), held(stored_on=day("2025-03-02")))},
    ],
    "R11": [
        {"attendance": attended("w-9", registered=False) + attended(*crew(9), registered=True)},
        {"attendance": attended("w-1")},
        {"attendance": attended("w-1", month="2025-11", registered=False) + attended("w-1", registered=True)},
    ],
    "R12": [{"complaints": {SITE: 1}}, {"complaints": {"another": 9}}],
    "R13": [{"papers": papers(board_uploaded=True)}, {"papers": papers(board_uploaded=False) + papers(board_uploaded=True)}],
    "R14": [{"papers": papers(guarantee=True, participants=True)}, {"papers": papers()}],
    "R15": [
        {"utilities": (Utility(line=2, project=SITE, measure="power", month="2026-02", fell_percent=Decimal(0)),)},
        {"utilities": ()},
    ],
    "R16": [{"calls_unpaid": {SITE: 0}}, {}],
    "R17": [{"papers": papers(settled_on=day("2026-01-29"))}, {"papers": papers()}],
}  # fmt: skip


def each(cases: dict[str, list[dict[str, Any]]]) -> list[Any]:
    return [
        pytest.param(signal, situation, id=f"{signal}-{n}")
        for signal, situations in cases.items()
        for n, situation in enumerate(situations, start=1)
    ]


class TestRaising:
    @pytest.mark.parametrize(("signal", "situation"), each(HITS))
    def test_raises_a_signal_on_what_the_rule_says(self, signal: str, situation: dict[str, Any]) -> None:
        found = raised(**situation)[signal]

        assert found.level == SIGNALS[signal].level
        assert set(found.threshold) == set(SIGNALS[signal].settings)
        assert found.count > 0
        assert bool(found.rows) == (SIGNALS[signal].rows != "none")

    @pytest.mark.parametrize(("signal", "situation"), each(MISSES))
    def test_raises_it_on_nothing_less(self, signal: str, situation: dict[str, Any]) -> None:
        assert signal not in raised(**situation)

    def test_tries_every_signal(self) -> None:
        assert list(HITS) == list(MISSES) == list(SIGNALS) == list(RULES) == [f"R{n:02}" for n in range(1, 18)]

    @pytest.mark.parametrize(("signal", "situation"), each(HITS))
    def test_looks_only_at_the_project_asked_for(self, signal: str, situation: dict[str, Any]) -> None:
        found = screen("another", Rows(**situation), on=ON, settings=DECIDED, calendar=CALENDAR)

        assert found.signals == ()

    def test_raises_nothing_on_nothing(self) -> None:
        assert screened() == Screening((), ())


class TestGrading:
    @pytest.mark.parametrize(("complaints", "level"), [(2, "yellow"), (4, "yellow"), (5, "red")])
    def test_goes_by_the_number_of_complaints(self, complaints: int, level: str) -> None:
        assert raised(complaints={SITE: complaints})["R12"].level == level

    def test_lowers_a_leaver_whose_complaint_is_being_handled(self) -> None:
        left = attended("w-1", "w-2", left_on=day("2026-02-01"), settled=False)

        assert raised(attendance=left, complaining=frozenset({"w-1", "w-2"}))["R07"].level == "yellow"
        assert raised(attendance=left, complaining=frozenset({"w-1"}))["R07"].level == "red"


class TestTelling:
    def test_names_the_thresholds_it_was_judged_by(self) -> None:
        found = raised(attendance=attended(*crew(10)), pay=paid(*crew(9)))["R03"]

        assert found.threshold == {"R02_months": "1", "R03_percent": "10"}
        assert found.sentence() == "1名考勤工人无工资记录,占比达到10%以上(考勤月之后1个月)。"
        assert found.sentence("en").startswith("1 attending workers without a wage record, 10% or more")

    def test_names_the_lines_and_counts_the_workers(self) -> None:
        found = raised(attendance=attended("w-1", "w-2") + attended("w-1", month="2025-11"))["R04"]

        assert (found.rows, found.count) == ((2, 2, 3), 2)

    def test_counts_months_without_pay(self) -> None:
        found = raised(attendance=attended("w-1", "w-2") + attended("w-1", month="2025-11"))["R02"]

        assert found.count == 2

    def test_names_two_hundred_lines_at_most(self) -> None:
        found = raised(attendance=attended(*crew(300)))["R04"]

        assert (len(found.rows), found.rows[-1], found.count) == (200, 201, 300)

    def test_judges_by_what_was_decided_on_that_day(self) -> None:
        settings = Settings((*DECIDED.decided, Decided("R12_yellow", "3", day("2026-03-01"))))

        assert "R12" not in raised(settings=settings, complaints={SITE: 2})
        assert "R12" in raised(settings=settings, complaints={SITE: 2}, on=day("2026-02-27"))

    @pytest.mark.parametrize("kind", SIGNALS.values(), ids=SIGNALS)
    def test_has_a_sentence_in_both_languages(self, kind: Kind) -> None:
        said = Signal(kind.id, kind.level, dict.fromkeys(kind.settings, "1"), (), 1)

        assert CHINESE.search(said.sentence())
        assert not CHINESE.search(said.sentence("en") + kind.en)
        assert kind.law
        assert set(kind.settings) <= set(SETTINGS)


class TestNotHavingDecided:
    def test_says_which_signals_could_not_be_judged_and_why(self) -> None:
        found = screened(settings=PROPOSED, pay=paid("w-1", amount="1"))

        assert found == Screening((), (Undecided("R05", ("R05_yuan",)),))

    def test_judges_only_what_needs_no_number_in_an_office_that_decided_nothing(self) -> None:
        found = screened(settings=Settings(), **HITS["R07"][0], **HITS["R13"][0], **HITS["R16"][0])

        assert [signal.id for signal in found.signals] == ["R07", "R13", "R16"]
        assert {u.id for u in found.undecided} == {kind.id for kind in SIGNALS.values() if kind.settings}


class TestPuttingUploadsTogether:
    def test_reads_attendance_against_pay(self) -> None:
        both = Rows(attendance=attended("w-1")) + Rows(pay=paid("w-1"), complaints={SITE: 1})

        assert screened().signals == ()
        assert screen(SITE, both, on=ON, settings=DECIDED, calendar=CALENDAR).signals == ()
        assert both.complaints == {SITE: 1}

    def test_parts_them_by_project(self) -> None:
        rows = Rows(
            attendance=attended("w-1") + attended("w-2", project="other"),
            calls_unpaid={"called": 1},
            complaining=frozenset("w"),
        )

        parts = rows.by_project()

        assert list(parts) == [SITE, "called", "other"]
        assert [row.worker for row in parts["other"].attendance] == ["w-2"]
        assert all(part.complaining == {"w"} for part in parts.values())

    def test_finds_the_same_in_a_part_as_in_the_whole(self) -> None:
        rows = Rows(attendance=tuple(itertools.chain(attended("w-1"), attended("w-2", project="other"))))
        part = rows.by_project()[SITE]

        whole = screen(SITE, rows, on=ON, settings=DECIDED, calendar=CALENDAR)
        assert screen(SITE, part, on=ON, settings=DECIDED, calendar=CALENDAR) == whole
