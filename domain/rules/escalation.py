"""Which cases are proposed for which lane: escalation, a lead cadre, the fast way (提级督办、领导包案、快接快办).

The rules stand in ``escalation.toml`` as dated rows, to which the office adds rows of its own in the rulebook.  A rule proposes; a
person decides, and the decision keeps every hit with the thresholds it was judged by.  The same function judges one case and, on the
board and in a dry run, a sort of cases that no rule can tell apart (``borders``).
"""

from __future__ import annotations

import operator
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from domain.facts import Hit
from domain.fingerprint import fingerprint
from domain.refused import Refused
from domain.rules.settings import Settings

Lane = Literal["escalated", "lead_cadre", "fast"]
Condition = Literal[
    "cross_region", "settlement_dispute", "mass_persons", "very_large_yuan", "from_above", "found_by_superior",
    "found_by_self_check", "repeated", "major_opinion", "extreme_act", "investigation_overdue", "order_unpaid", "many_persons",
    "large_yuan", "few_persons", "small_yuan",
]  # fmt: skip


class NotARule(Refused):
    """不是有效的提级规则:{problem}。

    This is no escalation rule: {problem}.
    """

    malformed = True


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule as in force since a day; ``escalation.toml`` says what each part means."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    lane: Lane
    zh: str
    en: str
    law: str
    since: date
    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()
    and_any: tuple[Condition, ...] = ()
    handled: bool = False

    def __post_init__(self) -> None:
        if not self.any and not self.all:
            raise ValueError("a rule needs conditions: any or all")


_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
RULES: tuple[Rule, ...] = msgspec.convert(_TABLE["rule"], tuple[Rule, ...])
ESCALATION_DIGEST = fingerprint(_TABLE)


def parsed(content: str | bytes) -> Rule:
    """A rule as it stands in the rulebook: one JSON object.  Raises ``NotARule``."""
    try:
        return msgspec.json.decode(content, type=Rule)
    except msgspec.DecodeError as problem:
        raise NotARule(at="content", problem=str(problem)) from None


class Situation(msgspec.Struct, frozen=True):
    """What the rules ask of a case, as it stood on a day."""

    on: date
    persons: int | None = None
    amount: Decimal | None = None
    channel: str = ""
    finding: str | None = None
    flags: frozenset[str] = frozenset()
    major_opinion: bool = False
    handled: bool = False  # the county has verified it
    repeats: int = 0  # complaints linked to it since it was handled, within repeat_window_days
    investigation_overdue: bool = False
    unpaid_days: int | None = None  # since the order's term ran out


@dataclass(frozen=True)
class Judge:
    """How a condition is judged: whether it holds, by which settings, what of the case it looks at, and which fact it compares with
    which setting, if it does."""

    holds: Callable[[Situation, Settings], bool]
    settings: tuple[str, ...] = ()
    looks_at: Callable[[Situation], Any] = lambda _: True
    compares: tuple[str, str] | None = None


def hits(case: Situation, settings: Settings, rules: Iterable[Rule] = RULES) -> list[Hit]:
    """Every rule in force that a case meets, with the thresholds used."""
    return [told(rule, case, settings) for rule in met(case, settings, in_force(rules, case.on))]


def met(case: Situation, settings: Settings, rules: Sequence[Rule]) -> list[Rule]:
    """Which of some rules in force a case meets; of the fast way only if of no other."""
    found = [rule for rule in rules if _meets(case, settings, rule)]
    return [rule for rule in found if rule.lane != "fast"] or found


def in_force(rules: Iterable[Rule], on: date) -> list[Rule]:
    """Of each rule the latest row in force on a day."""
    latest: dict[str, Rule] = {}
    for rule in rules:
        if rule.since <= on and (rule.id not in latest or rule.since >= latest[rule.id].since):
            latest[rule.id] = rule
    return list(latest.values())


def undecided(rule: Rule, settings: Settings, on: date) -> list[str]:
    """The settings a rule needs that the office has not decided."""
    named = {setting for condition in _conditions(rule) for setting in JUDGES[condition].settings}
    return sorted(name for name in named if settings.value(name, on) is None)


def told(rule: Rule, case: Situation, settings: Settings) -> Hit:
    """What of a rule holds for a case that meets it, by which thresholds, for what was found."""
    held = [condition for condition in _conditions(rule) if JUDGES[condition].holds(case, settings)]
    thresholds = {name: f"{settings.value(name, case.on):f}" for each in held for name in JUDGES[each].settings}
    found: dict[str, str] = {condition: str(JUDGES[condition].looks_at(case)) for condition in held}
    return Hit(rule.id, rule.since, tuple(held), thresholds, found)


def _meets(case: Situation, settings: Settings, rule: Rule) -> bool:
    def holds(condition: Condition) -> bool:
        return JUDGES[condition].holds(case, settings)

    return (
        (case.handled or not rule.handled)
        and all(map(holds, rule.all))
        and (not rule.any or any(map(holds, rule.any)))
        and (not rule.and_any or any(map(holds, rule.and_any)))
    )


def _conditions(rule: Rule) -> tuple[Condition, ...]:
    return tuple(dict.fromkeys((*rule.any, *rule.all, *rule.and_any)))


# The conditions


def _at_least(fact: str, setting: str) -> Judge:
    return _compared(fact, setting, operator.ge)


def _at_most(fact: str, setting: str) -> Judge:
    return _compared(fact, setting, operator.le)


def _compared(fact: str, setting: str, compare: Callable[[Any, Any], bool]) -> Judge:
    looks_at = operator.attrgetter(fact)

    def holds(case: Situation, settings: Settings) -> bool:
        value, threshold = looks_at(case), settings.value(setting, case.on)
        return value is not None and threshold is not None and compare(value, threshold)

    return Judge(holds, (setting,), looks_at, (fact, setting))


def _true(holds: Callable[[Situation], bool], looks_at: Callable[[Situation], Any] = lambda _: True) -> Judge:
    return Judge(lambda case, _: holds(case), looks_at=looks_at)


def _repeated(case: Situation, settings: Settings) -> bool:
    count, window = settings.value("repeat_count", case.on), settings.value("repeat_window_days", case.on)
    return count is not None and window is not None and case.repeats >= count


JUDGES: dict[Condition, Judge] = {
    "cross_region": _true(lambda case: "cross_region" in case.flags),
    "settlement_dispute": _true(
        lambda case: "settlement_dispute" in case.flags or case.finding == "project_money_dispute",
        operator.attrgetter("finding"),
    ),
    "mass_persons": _at_least("persons", "mass_persons"),
    "very_large_yuan": _at_least("amount", "very_large_yuan"),
    "from_above": _true(lambda case: case.channel == "superior_transfer", operator.attrgetter("channel")),
    "found_by_superior": _true(lambda case: case.channel == "supervision_find", operator.attrgetter("channel")),
    "found_by_self_check": _true(lambda case: case.channel == "self_check", operator.attrgetter("channel")),
    "repeated": Judge(
        _repeated,
        ("repeat_count", "repeat_window_days"),
        operator.attrgetter("repeats"),
        compares=("repeats", "repeat_count"),
    ),
    "major_opinion": _true(operator.attrgetter("major_opinion")),
    "extreme_act": _true(lambda case: bool({"extreme_act", "mass_incident"} & case.flags)),
    "investigation_overdue": _true(operator.attrgetter("investigation_overdue")),
    "order_unpaid": _at_least("unpaid_days", "order_unpaid_days"),
    "many_persons": _at_least("persons", "many_persons"),
    "large_yuan": _at_least("amount", "large_yuan"),
    "few_persons": _at_most("persons", "fast_persons"),
    "small_yuan": _at_most("amount", "fast_yuan"),
}


_COMPARISONS = sorted({judge.compares for judge in JUDGES.values() if judge.compares})


def borders(settings: Settings, on: date) -> dict[str, list[Decimal]]:
    """Each fact that is compared, with its thresholds on a day: between two of them no condition tells one number from another."""
    found: dict[str, set[Decimal]] = {fact: set() for fact, _ in _COMPARISONS}
    for fact, setting in _COMPARISONS:
        if (threshold := settings.value(setting, on)) is not None:
            found[fact].add(threshold)
    return {fact: sorted(thresholds) for fact, thresholds in found.items()}
