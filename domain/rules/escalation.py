"""Which cases are proposed for which lane: escalation, a lead cadre, the fast way (提级督办、领导包案、快接快办).

The rules stand in ``escalation.toml`` as dated rows, to which the office adds rows of its own in the rulebook.  A rule proposes; a
person decides, and the decision keeps every hit with the thresholds it was judged by.  The same function judges one case and, in a
dry run, all of them.
"""

from __future__ import annotations

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


@dataclass(frozen=True)
class Situation:
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


Judged = tuple[bool, dict[str, str], str]
"""Whether it holds, by which thresholds, for what was found."""


def hits(case: Situation, settings: Settings, rules: Iterable[Rule] = RULES) -> list[Hit]:
    """Every rule in force that a case meets, with the thresholds used."""
    found = [hit for rule in in_force(rules, case.on) if (hit := _hit(rule, case, settings))]
    lanes = {rule.id: rule.lane for rule in rules}
    grave = any(lanes[hit.rule] != "fast" for hit in found)
    return [hit for hit in found if not (grave and lanes[hit.rule] == "fast")]


def in_force(rules: Iterable[Rule], on: date) -> list[Rule]:
    """Of each rule the latest row in force on a day."""
    latest: dict[str, Rule] = {}
    for rule in rules:
        if rule.since <= on and (rule.id not in latest or rule.since >= latest[rule.id].since):
            latest[rule.id] = rule
    return list(latest.values())


def undecided(rule: Rule, settings: Settings, on: date) -> list[str]:
    """The settings a rule needs that the office has not decided."""
    named = {
        setting for condition in (*rule.any, *rule.all, *rule.and_any) for setting in SETTINGS_OF.get(condition, ())
    }
    return sorted(name for name in named if settings.value(name, on) is None)


def _hit(rule: Rule, case: Situation, settings: Settings) -> Hit | None:
    if rule.handled and not case.handled:
        return None
    judged = {c: CONDITIONS[c](case, settings) for c in (*rule.any, *rule.all, *rule.and_any)}
    held = [condition for condition, (holds, _, _) in judged.items() if holds]
    if not (
        (not rule.any or set(rule.any) & set(held))
        and set(rule.all) <= set(held)
        and (not rule.and_any or set(rule.and_any) & set(held))
    ):
        return None
    thresholds = {name: value for condition in held for name, value in judged[condition][1].items()}
    return Hit(rule.id, rule.since, tuple(held), thresholds, {condition: judged[condition][2] for condition in held})


# The conditions


def _at_least(fact: str, setting: str) -> Callable[[Situation, Settings], Judged]:
    def judge(case: Situation, settings: Settings) -> Judged:
        value, threshold = getattr(case, fact), settings.value(setting, case.on)
        if value is None or threshold is None:
            return False, {}, ""
        return value >= threshold, {setting: f"{threshold:f}"}, str(value)

    return judge


def _at_most(fact: str, setting: str) -> Callable[[Situation, Settings], Judged]:
    def judge(case: Situation, settings: Settings) -> Judged:
        value, threshold = getattr(case, fact), settings.value(setting, case.on)
        if value is None or threshold is None:
            return False, {}, ""
        return value <= threshold, {setting: f"{threshold:f}"}, str(value)

    return judge


def _true(
    judge: Callable[[Situation], bool], found: Callable[[Situation], Any] = lambda _: True
) -> Callable[[Situation, Settings], Judged]:
    return lambda case, settings: (judge(case), {}, str(found(case)))


def _repeated(case: Situation, settings: Settings) -> Judged:
    count, window = settings.value("repeat_count", case.on), settings.value("repeat_window_days", case.on)
    if count is None or window is None:
        return False, {}, ""
    return case.repeats >= count, {"repeat_count": f"{count:f}", "repeat_window_days": f"{window:f}"}, str(case.repeats)


CONDITIONS: dict[str, Callable[[Situation, Settings], Judged]] = {
    "cross_region": _true(lambda case: "cross_region" in case.flags),
    "settlement_dispute": _true(
        lambda case: "settlement_dispute" in case.flags or case.finding == "project_money_dispute",
        lambda case: case.finding,
    ),
    "mass_persons": _at_least("persons", "mass_persons"),
    "very_large_yuan": _at_least("amount", "very_large_yuan"),
    "from_above": _true(lambda case: case.channel == "superior_transfer", lambda case: case.channel),
    "found_by_superior": _true(lambda case: case.channel == "supervision_find", lambda case: case.channel),
    "found_by_self_check": _true(lambda case: case.channel == "self_check", lambda case: case.channel),
    "repeated": _repeated,
    "major_opinion": _true(lambda case: case.major_opinion),
    "extreme_act": _true(lambda case: bool({"extreme_act", "mass_incident"} & case.flags)),
    "investigation_overdue": _true(lambda case: case.investigation_overdue),
    "order_unpaid": _at_least("unpaid_days", "order_unpaid_days"),
    "many_persons": _at_least("persons", "many_persons"),
    "large_yuan": _at_least("amount", "large_yuan"),
    "few_persons": _at_most("persons", "fast_persons"),
    "small_yuan": _at_most("amount", "fast_yuan"),
}
SETTINGS_OF: dict[str, tuple[str, ...]] = {
    "mass_persons": ("mass_persons",), "very_large_yuan": ("very_large_yuan",), "repeated": ("repeat_count", "repeat_window_days"),
    "order_unpaid": ("order_unpaid_days",), "many_persons": ("many_persons",), "large_yuan": ("large_yuan",),
    "few_persons": ("fast_persons",), "small_yuan": ("fast_yuan",),
}  # fmt: skip
"""The settings each condition compares with."""


def dry_run(
    cases: Iterable[tuple[Any, Situation]], settings: Settings, rules: Sequence[Rule]
) -> list[tuple[Any, list[Hit]]]:
    """Which of these cases the rules would have proposed, and why; nothing is recorded."""
    return [(case, found) for case, situation in cases if (found := hits(situation, settings, rules))]
