"""How much of a contract is stored as the wage deposit (工资保证金存储额), as Gansu has it.

The ratio falls with each further project in one area (下浮), never below a floor, and rises for an employer on the serious list
(上浮); a project's deposit has a cap.  Every number comes from the office's settings on the day; nothing is rounded before the
last step.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from domain.money import CENT
from domain.refused import Refused
from domain.rules.settings import SETTINGS, Settings

LAW = "甘人社厅发〔2022〕6号(保障农民工工资支付条例第三十二条)"


class NotDecided(Refused, ValueError):
    """本机关尚未确定“{zh}”({name});请先在规则簿中确定。

    This office has not decided {name} ({en}); decide it in the rulebook first.
    """


class Deposit(msgspec.Struct, frozen=True):
    """What is to be stored for a project, and how it came about."""

    amount: Decimal
    percent: Decimal  # of the contract, after all that lowers or raises it
    exempt: bool
    capped: bool
    law: str = LAW


def deposit(
    contract: Decimal, *, on: date, settings: Settings, other_projects: int = 0, clean: bool, listed: bool
) -> Deposit:
    """The deposit for a contract signed on a day.  Raises ``NotDecided``.

    ``clean`` is an employer without arrears in the year before signing, ``listed`` one on the serious list;
    ``other_projects`` are those it has in the same area already.
    """
    numbers = _Numbers(settings, on)
    if clean and contract < numbers.decided("deposit_exempt_below_yuan"):
        return Deposit(Decimal("0.00"), Decimal(0), exempt=True, capped=False)
    percent = numbers.percent(other_projects) * numbers.raised(listed)
    full, cap = contract * percent / 100, numbers.decided("deposit_cap_yuan")
    amount = min(full, cap).quantize(CENT, rounding=ROUND_HALF_UP)
    return Deposit(amount, percent, exempt=False, capped=full > cap)


@dataclass(frozen=True)
class _Numbers:
    """What the office has decided, on the day of the contract."""

    settings: Settings
    on: date

    def decided(self, name: str) -> Decimal:
        if (value := self.settings.value(name, self.on)) is None:
            raise NotDecided(at="settings", name=name, zh=SETTINGS[name].zh, en=SETTINGS[name].en)
        return value

    def percent(self, other_projects: int) -> Decimal:
        """The ratio as it floats down with each further project."""
        full = self.decided("deposit_percent")
        if other_projects == 0:
            return full
        return max(full * self._floated(other_projects), self.decided("deposit_floor_percent"))

    def raised(self, listed: bool) -> Decimal:
        """By what the ratio is multiplied for the serious list."""
        return 1 + self.decided("deposit_listed_extra_percent") / 100 if listed else Decimal(1)

    def _floated(self, other_projects: int) -> Decimal:
        step = self.decided("deposit_float_percent") / 100
        if other_projects > 1 and self.decided("deposit_compounds"):
            return (1 - step) ** other_projects
        return 1 - step * other_projects
