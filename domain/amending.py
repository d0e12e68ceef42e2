"""What a correction makes of an event (更正): the value as an officer writes it, read as the fact it puts right."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from domain.event import Event, build, facts_of, plain_type
from domain.refused import NoSuchFact, NotCorrectable, NotThatFact, NotThatValue
from domain.words import LANGUAGES, word

SEPARATORS = re.compile(r"[、,\uff0c;\uff1b\n\r]+")
"""What parts several in a line; a Chinese input method types the comma and the semicolon at full width."""
_TRUTH = {"true": True, "是": True, "yes": True, "1": True, "false": False, "否": False, "no": False, "0": False}
_WANTED: dict[Any, tuple[str, str]] = {
    bool: ("“是”或“否”", "yes or no"),
    int: ("整数,不小于零", "a whole number, zero or more"),
    Decimal: ("金额(元,最多两位小数)", "an amount in yuan, with two decimals at most"),
    date: ("日期,如 2026-03-05", "a day, such as 2026-03-05"),
    str: ("符合该项格式的文字", "a text of the right form"),
}


def correctable(event: type[Event]) -> list[str]:
    """The facts of an event that may be put right: those that an officer gave, and the day; not what the office works out."""
    return [
        "on",
        *(fact.name for fact in facts_of(event) if fact.name not in event.COMPUTED and _in_one_text(event, fact.name)),
    ]


def corrected(event: Event, name: str, value: str) -> Any:
    """The event with one fact put right.  Raises ``NoSuchFact`` where it has none, ``NotThatValue`` where the value does not fit."""
    kind = get_type_hints(type(event)).get(name)
    if kind is None or name not in {f.name for f in facts_of(type(event))} | {"on"}:
        raise NoSuchFact(at="field", field=name)
    try:
        fact = msgspec.convert(_read(value, plain_type(kind), name), kind, strict=False)
        return build(type(event), {**msgspec.structs.asdict(event), name: fact})
    except (msgspec.ValidationError, KeyError, NotThatFact):
        zh, en = _wanted(plain_type(kind))
        raise NotThatValue(at="value", field=name, value=value, wanted=zh, wanted_en=en) from None


def putting_right(event: Event, name: str, value: Any) -> str:
    """The value of a correction as it is kept.  Raises ``NotCorrectable`` for what only the office works out."""
    if name in type(event).COMPUTED:
        raise NotCorrectable(at="field", field=name)
    written = str(value).lower() if isinstance(value, bool) else str(value)
    corrected(event, name, written)
    return written


def _in_one_text(event: type[Event], name: str) -> bool:
    """Whether a fact can be written as one text."""
    kind = plain_type(get_type_hints(event)[name])
    part = get_args(kind)[0] if get_origin(kind) is tuple else kind
    return not (isinstance(part, type) and issubclass(part, msgspec.Struct)) and part is not dict


def _read(value: str, kind: Any, name: str) -> Any:
    """A value as it was typed, as the kind of fact it is to be.  Raises ``KeyError`` for what is neither yes nor no."""
    plain = unicodedata.normalize("NFKC", value).strip()
    if get_origin(kind) is tuple:
        [part, *_] = get_args(kind)
        return [_read(each.strip(), part, name) for each in SEPARATORS.split(value) if each.strip()]
    if kind is bool:
        return _TRUTH[plain.lower()]
    if kind in (int, Decimal):
        return plain.replace(",", "").replace(" ", "")
    if get_origin(kind) is Literal:
        return _code(value.strip(), get_args(kind), name)
    return plain if kind is date or name == "on" else value


def _code(value: str, codes: tuple[str, ...], name: str) -> str:
    """A code, or the code of a word in either language."""
    return next((code for code in codes if value in (word(code, lang, name) for lang in LANGUAGES)), value)


def _wanted(kind: Any) -> tuple[str, str]:
    """What a kind of fact should be, in Chinese and English."""
    if get_origin(kind) is Literal:
        codes = get_args(kind)
        zh, en = ("、".join(word(code, "zh") for code in codes), ", ".join(word(code, "en") for code in codes))
        return f"以下之一:{zh}", f"one of {en}"
    if get_origin(kind) is tuple:
        return "用顿号分开的多项", "several, with commas between them"
    return _WANTED.get(kind, _WANTED[str])
