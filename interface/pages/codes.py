"""What a rule of escalation was judged by, in words: the rule, the numbers the office decided, what was found of the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from domain.rules.escalation import RULES
from domain.rules.settings import SETTINGS
from domain.words import word


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
    return _joined((f"{word(name, lang, 'conditions')}: {value}" for name, value in said.items()), lang)


def _joined(parts: Any, lang: str) -> str:
    return (";" if lang == "zh" else "; ").join(parts)
