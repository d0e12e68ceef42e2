"""Words for codes that have none in ``domain/words.toml``: what a rule of escalation asks, which of the office's numbers it asks by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from domain.rules.escalation import RULES
from domain.rules.settings import SETTINGS
from domain.words import word

CONDITIONS: dict[str, Any] = {
    "cross_region": lazy("across divisions"), "settlement_dispute": lazy("a dispute over the settlement of the works"),
    "mass_persons": lazy("a mass of workers"), "very_large_yuan": lazy("very much money"), "from_above": lazy("handed down from above"),
    "found_by_superior": lazy("found by a superior"), "found_by_self_check": lazy("found by a self-check"), "repeated": lazy("complained of again"),
    "major_opinion": lazy("major public opinion"), "extreme_act": lazy("an extreme act"), "investigation_overdue": lazy("the investigation ran out"),
    "order_unpaid": lazy("an order unpaid for too long"), "many_persons": lazy("many workers"), "large_yuan": lazy("much money"),
    "few_persons": lazy("few workers"), "small_yuan": lazy("little money"),
}  # fmt: skip
"""What a rule of escalation asks of a case."""


def condition(code: str) -> str:
    return str(CONDITIONS.get(code, code))


def setting(name: str, lang: str) -> str:
    """A number the office decides, by what it means."""
    found = SETTINGS.get(name)
    return name if found is None else found.zh if lang == "zh" else found.en


def rule(id: str, lang: str) -> str:
    """A rule of escalation, by what it says; one of the office's own is known by its id."""
    found = next((rule for rule in reversed(RULES) if rule.id == id), None)
    return id if found is None else found.zh if lang == "zh" else found.en


def thresholds(given: Mapping[str, str], lang: str) -> str:
    """The numbers a rule was judged by, each under what it means."""
    return _joined((f"{setting(name, lang)}: {value}" for name, value in given.items()), lang)


def found(given: Mapping[str, str], lang: str) -> str:
    """What of a case met the conditions of a rule: the figure or the channel; of what holds or not, that it does."""
    said = {name: _("Yes") if value == "True" else word(value, lang) for name, value in given.items()}
    return _joined((f"{condition(name)}: {value}" for name, value in said.items()), lang)


def _joined(parts: Any, lang: str) -> str:
    return (";" if lang == "zh" else "; ").join(parts)
