"""The risk signals a platform's export raises on a project (大数据筛查).

The signals stand in ``signals.toml``; a signal clears only by a visit, which is not decided here.  Read in order: the rows of an
export, what screening says, how it goes about it, and the rule of each signal.  A worker is an opaque reference throughout, never a
name or a number that says who it is.  What a row does not say is never held against the project.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec.structs import asdict, replace

from domain.day import plus_months
from domain.rules.calendar import Calendar
from domain.rules.settings import SETTINGS, Settings

Level = Literal["red", "orange", "yellow"]
Month = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]

TABLES = ("attendance", "pay", "transfers", "deposits", "papers", "utilities")
MOST_LINES = 200  # what a signal names of the upload

# The rows of an export


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an upload, about one project."""

    line: int
    project: str


AnyRow = TypeVar("AnyRow", bound=Row)


class Attendance(Row, frozen=True, kw_only=True):
    """A worker's attendance in a month; perhaps the last, when the worker left."""

    worker: str
    month: Month
    days: Decimal
    registered: bool | None = None
    left_on: date | None = None
    settled: bool | None = None  # whether a leaver's wages were settled or confirmed


class Pay(Row, frozen=True, kw_only=True):
    """A worker's wages for a month; not paid while there is no day of payment."""

    worker: str
    month: Month
    amount: Decimal
    paid_on: date | None


class Transfer(Row, frozen=True, kw_only=True):
    """What the owner of the project transferred."""

    on: date
    amount: Decimal
    kind: Literal["labour_cost", "progress", "other"]


class DepositHeld(Row, frozen=True, kw_only=True):
    """A wage deposit as the platform knows it; ``none`` where it says there is none."""

    kind: Literal["cash", "guarantee", "none"]
    amount: Decimal | None = None
    stored_on: date | None = None
    expires_on: date | None = None
    used_on: date | None = None
    refilled_on: date | None = None
    permit_on: date | None = None


class Papers(Row, frozen=True, kw_only=True):
    """What of a project's papers is on the platform; the last line on a project is how it stands."""

    board_uploaded: bool | None = None
    guarantee: bool | None = None
    participants: bool | None = None
    account_opened_on: date | None = None
    contract_signed_on: date | None = None
    settled_on: date | None = None  # the last progress settlement


class Utility(Row, frozen=True, kw_only=True):
    """By how much an employer's power, water, fees, loans or tax fell in a month, as another department tells it."""

    measure: str
    month: Month
    fell_percent: Decimal


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """Everything uploaded, and the counts of complaints (within R12_days) and of unpaid smart calls per project."""

    attendance: tuple[Attendance, ...] = ()
    pay: tuple[Pay, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    deposits: tuple[DepositHeld, ...] = ()
    papers: tuple[Papers, ...] = ()
    utilities: tuple[Utility, ...] = ()
    complaints: dict[str, int] = {}
    calls_unpaid: dict[str, int] = {}
    complaining: frozenset[str] = frozenset()  # workers whose complaint is being handled

    def __add__(self, other: Rows) -> Rows:
        """The rows of two uploads together; the other's counts stand."""
        mine, theirs = asdict(self), asdict(other)
        return Rows(**{n: rows + theirs[n] if n in TABLES else rows | theirs[n] for n, rows in mine.items()})

    def by_project(self) -> dict[str, Rows]:
        """The rows project by project, so that each is looked through once."""
        parts: dict[str, dict[str, Any]] = {project: {} for project in (*self.complaints, *self.calls_unpaid)}
        for name in TABLES:
            for project, rows in _grouped(getattr(self, name), "project").items():
                parts.setdefault(project, {})[name] = tuple(rows)
        return {project: replace(self, **{**dict.fromkeys(TABLES, ()), **parts[project]}) for project in sorted(parts)}


def _grouped(rows: Iterable[AnyRow], by: str) -> dict[str, list[AnyRow]]:
    groups: dict[str, list[AnyRow]] = {}
    for row in rows:
        groups.setdefault(getattr(row, by), []).append(row)
    return groups


# What screening says


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signal as ``signals.toml`` describes it."""

    id: str
    zh: str
    en: str
    level: Level
    settings: tuple[str, ...]
    rows: Literal["attendance", "pay", "transfers", "deposits", "papers", "utilities", "none"]
    law: str
    said_zh: str
    said_en: str


_PAGE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
SIGNALS = {kind.id: kind for kind in msgspec.convert(_PAGE["signal"], list[Kind])}


class Signal(msgspec.Struct, frozen=True):
    """A signal raised on a project, the thresholds it was judged by, and the lines it stands on."""

    id: str
    level: Level
    threshold: dict[str, str]
    rows: tuple[int, ...]
    count: int

    def sentence(self, lang: str = "zh") -> str:
        """The signal in one sentence."""
        kind = SIGNALS[self.id]
        return (kind.said_zh if lang == "zh" else kind.said_en).format(count=self.count, **self.threshold)


class Undecided(msgspec.Struct, frozen=True):
    """A signal that could not be judged, for want of these settings."""

    id: str
    settings: tuple[str, ...]


class Screening(msgspec.Struct, frozen=True):
    """What was raised, and what could not be judged."""

    signals: tuple[Signal, ...]
    undecided: tuple[Undecided, ...]


# How it goes about it


def screen(project: str, rows: Rows, *, on: date, settings: Settings, calendar: Calendar) -> Screening:
    """The signals that stand on a project on a day."""
    values = settings.in_force(on)
    site = _Site(project, rows.by_project().get(project, Rows()), on, values, calendar)
    raised, undecided = [], []
    for kind in SIGNALS.values():
        if missing := tuple(name for name in kind.settings if name not in values):
            undecided.append(Undecided(kind.id, missing))
        elif hit := RULES[kind.id](site):
            raised.append(_signal(kind, hit, values))
    return Screening(tuple(raised), tuple(undecided))


@dataclass(frozen=True)
class _Hit:
    """Why a signal is raised: on which rows, how many of what it counts, and how gravely if the rule grades it."""

    rows: Sequence[Row]
    count: int
    level: Level | None = None


def _signal(kind: Kind, hit: _Hit, values: Mapping[str, Decimal]) -> Signal:
    lines = sorted(row.line for row in hit.rows)[:MOST_LINES]
    threshold = {name: f"{values[name]:f}" for name in kind.settings}
    return Signal(kind.id, hit.level or kind.level, threshold, tuple(lines), hit.count)


def _on_rows(rows: Sequence[Row], count: int | None = None) -> _Hit | None:
    return _Hit(rows, len(rows) if count is None else count) if rows else None


def _on_workers(rows: Sequence[Attendance | Pay], level: Level | None = None) -> _Hit | None:
    return _Hit(rows, len(_workers(rows)), level) if rows else None


def _workers(rows: Iterable[Attendance | Pay]) -> set[str]:
    return {row.worker for row in rows}


@dataclass(frozen=True)
class _Site:
    """One project on a day: what was uploaded of it, as far as it had happened by then."""

    project: str
    rows: Rows
    on: date
    values: Mapping[str, Decimal]
    calendar: Calendar

    def by_now(self, day: date | None) -> bool:
        return day is not None and day <= self.on

    def over(self, since: date | None, setting: str) -> bool:
        """Whether the office's number of days since a day ran out."""
        if since is None:
            return False
        working = SETTINGS[setting].unit == "working_days"
        add = self.calendar.add_working_days if working else self.calendar.add_calendar_days
        return add(since, int(self.values[setting])).day < self.on

    @cached_property
    def attended(self) -> dict[str, list[Attendance]]:
        worked = [row for row in self.rows.attendance if row.days > 0 and row.month <= f"{self.on:%Y-%m}"]
        return _grouped(worked, "month")

    @cached_property
    def paid(self) -> dict[str, list[Pay]]:
        received = [row for row in self.rows.pay if row.amount > 0 and self.by_now(row.paid_on)]
        return _grouped(received, "month")

    @cached_property
    def transfers(self) -> list[Transfer]:
        return sorted((row for row in self.rows.transfers if row.on <= self.on), key=lambda row: row.on)

    @property
    def papers(self) -> tuple[Papers, ...]:
        return self.rows.papers[-1:]

    def due(self, months: Iterable[str]) -> list[str]:
        """The months whose wages should have been paid by now: the month worked, and R02_months more, are over."""
        wait = int(self.values["R02_months"]) + 1
        return [m for m in sorted(months) if plus_months(date.fromisoformat(f"{m}-01"), wait) <= self.on]

    def unpaid(self, month: str) -> list[Attendance]:
        """Who worked in a month and was not paid for it."""
        paid = _workers(self.paid.get(month, ()))
        return [row for row in self.attended[month] if row.worker not in paid]


# The rule of each signal


def _no_wage_account(site: _Site) -> _Hit | None:
    late = [p for p in site.papers if not site.by_now(p.account_opened_on)]
    return _on_rows([p for p in late if site.over(p.contract_signed_on, "R01_days")])


def _no_payroll(site: _Site) -> _Hit | None:
    months = [month for month in site.due(site.attended) if month not in site.paid]
    return _on_rows([row for month in months for row in site.attended[month]], len(months))


def _many_unpaid(site: _Site) -> _Hit | None:
    def many(month: str) -> bool:
        share = site.values["R03_percent"] / 100
        return len(_workers(site.unpaid(month))) >= share * len(_workers(site.attended[month]))

    return _on_workers([row for month in site.due(site.attended) if many(month) for row in site.unpaid(month)])


def _some_unpaid(site: _Site) -> _Hit | None:
    return _on_workers([row for month in site.due(site.attended) for row in site.unpaid(month)])


def _below_the_floor(site: _Site) -> _Hit | None:
    months = [site.paid[month] for month in site.due(site.paid)]
    low = [rows for rows in months if sum(r.amount for r in rows) < site.values["R05_yuan"] * len(_workers(rows))]
    return _on_rows([row for rows in low for row in rows], len(low))


def _too_much(site: _Site) -> _Hit | None:
    rows = [row for month in site.paid.values() for row in month]
    sums: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        for period in (row.month, row.month[:4]):
            sums[row.worker, period] = sums.get((row.worker, period), Decimal(0)) + row.amount
    month, year = site.values["R06_month_yuan"], site.values["R06_year_yuan"]
    found = [r for r in rows if sums[r.worker, r.month] > month or sums[r.worker, r.month[:4]] > year]
    return _on_workers(found)


def _left_unsettled(site: _Site) -> _Hit | None:
    left = [row for row in site.rows.attendance if site.by_now(row.left_on)]
    settled = _workers(row for row in left if row.settled)
    rows = [row for row in left if row.settled is False and row.worker not in settled]
    handled = _workers(rows) <= site.rows.complaining
    return _on_workers(rows, "yellow" if handled else None)


def _transfer_late(site: _Site) -> _Hit | None:
    last = [row for row in site.transfers if row.kind == "labour_cost"][-1:] or site.transfers[:1]
    return _on_rows([row for row in last if site.over(row.on, "R08_days")])


def _share_low(site: _Site) -> _Hit | None:
    labour = sum(row.amount for row in site.transfers if row.kind == "labour_cost")
    progress = sum(row.amount for row in site.transfers if row.kind == "progress")
    if labour * 100 >= site.values["R09_percent"] * progress:
        return None
    return _on_rows([row for row in site.transfers if row.kind != "other"])


def _deposit_wanting(site: _Site) -> _Hit | None:
    return _on_rows(site.rows.deposits) if all(_wanting(row, site) for row in site.rows.deposits) else None


def _wanting(row: DepositHeld, site: _Site) -> bool:
    if row.kind == "none" or row.amount == 0 or (row.stored_on and row.stored_on > site.on):
        return site.over(row.permit_on, "R10_days")
    if row.expires_on and row.expires_on < site.on:
        return True
    refilled = row.refilled_on and row.used_on and row.used_on <= row.refilled_on <= site.on
    return not refilled and site.over(row.used_on, "R10_days")


def _not_registered(site: _Site) -> _Hit | None:
    known = [row for row in site.attended.get(max(site.attended, default=""), ()) if row.registered is not None]
    strange = [row for row in known if not row.registered]
    if len(_workers(strange)) * 100 <= site.values["R11_percent"] * len(_workers(known)):
        return None
    return _on_workers(strange)


def _complaints(site: _Site) -> _Hit | None:
    count = site.rows.complaints.get(site.project, 0)
    if count >= site.values["R12_red"]:
        return _Hit((), count, "red")
    return _Hit((), count) if count >= site.values["R12_yellow"] else None


def _no_board(site: _Site) -> _Hit | None:
    return _on_rows([row for row in site.papers if row.board_uploaded is False])


def _papers_missing(site: _Site) -> _Hit | None:
    return _on_rows([row for row in site.papers if row.guarantee is False or row.participants is False])


def _falling(site: _Site) -> _Hit | None:
    return _on_rows([row for row in site.rows.utilities if row.fell_percent > 0])


def _calls(site: _Site) -> _Hit | None:
    count = site.rows.calls_unpaid.get(site.project, 0)
    return _Hit((), count) if count > 0 else None


def _not_settled(site: _Site) -> _Hit | None:
    return _on_rows([p for p in site.papers if site.over(p.settled_on or p.contract_signed_on, "R17_days")])


RULES: dict[str, Callable[[_Site], _Hit | None]] = {
    "R01": _no_wage_account, "R02": _no_payroll, "R03": _many_unpaid, "R04": _some_unpaid, "R05": _below_the_floor,
    "R06": _too_much, "R07": _left_unsettled, "R08": _transfer_late, "R09": _share_low, "R10": _deposit_wanting,
    "R11": _not_registered, "R12": _complaints, "R13": _no_board, "R14": _papers_missing, "R15": _falling,
    "R16": _calls, "R17": _not_settled,
}  # fmt: skip
