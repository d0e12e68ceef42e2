"""The Chinese and English of codes and sentences.  Chinese is the default; codes stand in ``words.toml``,
the labels of facts in ``fact_words.toml``.

A sentence is the docstring of an event or a refusal: the first paragraph in Chinese, the second in
English, both made only of its own facts.  A part in square brackets is left out when a fact in it is unknown.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

LANGUAGES = ("zh", "en")

WORDS: dict[str, dict[str, list[str]]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
LABELS: dict[str, dict[str, list[str]]] = tomllib.loads(Path(__file__).with_name("fact_words.toml").read_text("utf-8"))
_WORD = {code: pair for group in reversed(WORDS.values()) for code, pair in group.items()}  # the first group wins
_FIELD = re.compile(r"\{(\w+)\}")
_OWNER = re.compile(r"^[A-Z][a-z]+(?=[A-Z])")  # the sort of record in the name of an event
_TWICE = re.compile(r"([。.!?\uff01\uff1f])[。.]$")  # where what was typed ends a sentence, and so does the sentence
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


def word(code: str, lang: str = "zh", fact: str = "") -> str:
    """A code in words; a text that is no code is its own word.  A code that means one thing as one fact and another as
    another stands in a group of the fact's name.
    """
    pair = WORDS.get(fact, {}).get(code) or _WORD.get(code)
    return pair[LANGUAGES.index(lang)] if pair else code


def label(fact: str, lang: str = "zh", event: str = "") -> str:
    """The label of a fact, as a form and a history name it; of one event's own, or of its like on any record (``Issued``), where
    it means something else there.
    """
    groups = (LABELS.get(group, {}) for group in (event, _OWNER.sub("", event), "fact"))
    pair = next((group[fact] for group in groups if fact in group), None)
    return pair[LANGUAGES.index(lang)] if pair else fact


@lru_cache(maxsize=512)
def template(owner: type, lang: str) -> str:
    """The docstring of a class in one language, as a template."""
    paragraphs = [" ".join(part.split()) for part in (owner.__doc__ or "").split("\n\n")]
    return paragraphs[min(LANGUAGES.index(lang), len(paragraphs) - 1)]


def sentence(owner: type, facts: Mapping[str, Any], lang: str = "zh") -> str:
    """The sentence of an event or a refusal, made of its facts."""

    def optional(part: re.Match[str]) -> str:
        known = all(_is_known(facts.get(name)) for name in _FIELD.findall(part[1]))
        return part[1] if known else ""

    text = _OPTIONAL.sub(optional, template(owner, lang))
    return _TWICE.sub(r"\1", _FIELD.sub(lambda part: _part(part[1], facts.get(part[1]), lang), text))


def _part(name: str, value: Any, lang: str) -> str:
    """A fact in a sentence; of a fact that is named there, the label."""
    return label(value, lang) if name == "field" and isinstance(value, str) else spoken(value, lang, name)


def spoken(value: Any, lang: str = "zh", fact: str = "") -> str:
    """A fact as people say it."""
    match value:
        case None | "":
            return "不详" if lang == "zh" else "unknown"
        case bool():
            return word(str(value).lower(), lang)
        case str():
            return word(value, lang, fact)
        case Decimal():
            return f"{value:,.2f}"
        case date():
            return value.isoformat()
        case int() | UUID():
            return str(value)
        case dict():
            return ("、" if lang == "zh" else ", ").join(f"{key} {spoken(part, lang)}" for key, part in value.items())
        case tuple() | list() | set() | frozenset():
            return ("、" if lang == "zh" else ", ").join(spoken(part, lang, fact) for part in value)
    return str(getattr(value, "name", value))


def _is_known(value: Any) -> bool:
    return value is not None and value not in ("", (), False)
