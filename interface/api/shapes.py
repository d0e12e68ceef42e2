"""Request bodies.  What an action takes is read from its event: one definition, no second list of fields.

A field's message is a key of ``words.py`` with its facts, written ``key?a=1&b=2``, so that the reply can be in either language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import urlencode

import msgspec
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from msgspec import inspect

from domain.codes import Channel
from domain.event import Event, facts_of
from domain.money import yuan
from domain.project_events import ProjectFaulted
from domain.rules.papers import NUMBERED

NUL = re.compile("[\x00\ud800-\udfff]")


class Body(Schema):
    """A JSON object with no fields but its own."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "unknown", "type": "type"}


class Text(fields.String):
    """Text that the database can keep."""

    default_error_messages = {"required": "required", "null": "null", "invalid": "string", "invalid_utf8": "nul"}

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, *args, **kwargs))
        if NUL.search(text):
            raise ValidationError("nul")
        return text


class Count(fields.Integer):
    """A whole number; ``true`` is not one, nor is ``"3"``."""

    default_error_messages = {"required": "required", "null": "null", "invalid": "integer", "too_large": "integer"}

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError("integer")
        return value


class Truth(fields.Boolean):
    """``true`` or ``false``, nothing that looks like them."""

    default_error_messages = {"required": "required", "null": "null", "invalid": "boolean"}

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("boolean")
        return value


class Money(fields.Field[Decimal]):
    """Decimal yuan, as a string with at most two places."""

    default_error_messages = {"required": "required", "null": "null"}

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Decimal:
        if not isinstance(value, str) or not re.fullmatch(r"\d{1,10}(\.\d{1,2})?", value):
            raise ValidationError("money")
        if (amount := yuan(value)) is None:
            raise ValidationError("money")
        return amount


class Day(fields.Field[date]):
    """A legal day, ``YYYY-MM-DD``."""

    default_error_messages = {"required": "required", "null": "null"}

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValidationError("day")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValidationError("day") from None


class Number(Count):
    """A whole number in a query string."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        if not isinstance(value, str) or not re.fullmatch(r"\d{1,9}", value):
            raise ValidationError("integer")
        return int(value)


class Flag(Truth):
    """``true`` or ``false`` in a query string."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if value not in ("true", "false"):
            raise ValidationError("boolean")
        return bool(value == "true")


class Uuid(fields.UUID):
    default_error_messages = {"required": "required", "null": "null", "invalid_uuid": "pattern"}


class Listed(fields.List):
    default_error_messages = {"required": "required", "null": "null", "invalid": "list"}


class Inner(fields.Nested):
    default_error_messages = {"required": "required", "null": "null", "type": "type"}


class Scalar(fields.Field[Any]):
    """A string, a number or a boolean: the right value of a fact, as a correction gives it."""

    default_error_messages = {"required": "required", "null": "null"}

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, float) or not isinstance(value, str | int | bool) or value == "" or NUL.search(str(value)):
            raise ValidationError("value")
        return value


def told(key: str, **facts: object) -> str:
    return f"{key}?{urlencode(facts)}" if facts else key


MOST_ITEMS, MOST_DRAWN = 200, 10_000
"""How long a list may be; the list to draw from may be longer."""
_SETTLED = frozenset({"hits"})
"""Facts that the office works out itself wherever they stand."""


@cache
def request_body(event: type[Event]) -> type[Schema]:
    """The schema of what an action takes: the facts of its event that the office does not work out itself."""
    name = event.__name__.removeprefix("Case")
    settled = event.COMPUTED | _SETTLED
    declared: dict[str, Any] = {
        "on": Day(required=True, metadata={"description": "发生日 the day it happened; not in the future"})
    }
    for fact in facts_of(event):
        if fact.name not in settled:
            declared[fact.encode_name] = _field(
                inspect.type_info(fact.type), required=fact.required, attribute=fact.name
            )
    if "division" in event.__annotations__:  # it opens a record, and says where
        declared["division"] = Text(required=True, validate=_matching(r"^\d{6}$"))
    if name == "Received":
        declared["contact"] = Inner(Contact, metadata={"description": "sealed in the vault, never in an event"})
        declared["channel"].validators = [_one_of([c for c in Channel.__args__ if c not in ("complaint", "unknown")])]  # type: ignore[attr-defined]
    if event.__name__ in NUMBERED and "document_no" in declared:
        declared["document_no"].required = False  # with ``issue=true`` the office takes it
    if name in ("Linked", "InspectionLinked"):
        declared["to"] = Text(
            required=True, validate=_length(1, 200), metadata={"description": "a case: id, number or source id"}
        )
    if name == "ProjectSupervised":
        problem = request_body(ProjectFaulted)
        inner = {field: of for field, of in problem._declared_fields.items() if field != "on"}
        declared["problems"] = Listed(Inner(type("ProblemFound", (Body,), inner)), validate=_items(0))
    if name == "DrawFrozen":  # all the sites of a city, or all its cases closed in a year
        declared["candidates"].validators = [_items(1, MOST_DRAWN)]
        declared["exclusions"].validators = [_items(0, MOST_DRAWN)]
    if name.endswith("Corrected"):
        declared["value"] = Scalar(required=True)
    return type(f"{name}Body", (Body,), declared)


def _field(kind: inspect.Type, *, required: bool, attribute: str | None = None) -> fields.Field[Any]:
    nullable = False
    if isinstance(kind, inspect.UnionType):
        nullable = not required
        [kind] = [part for part in kind.types if not isinstance(part, inspect.NoneType)]
    options: dict[str, Any] = {"required": required, "allow_none": nullable}
    if attribute:
        options["attribute"] = attribute
    match kind:
        case inspect.StrType():
            checks: list[Any] = []
            if kind.pattern:
                checks.append(_matching(kind.pattern))
            if kind.max_length or kind.min_length:
                checks.append(_length(kind.min_length or 0, kind.max_length or 4000))
            return Text(validate=checks, **options)
        case inspect.IntType():
            return Count(validate=_within(kind.ge or 0, kind.le or 2**31 - 1), **options)
        case inspect.BoolType():
            return Truth(**options)
        case inspect.DecimalType():
            return Money(**options)
        case inspect.DateType():
            return Day(**options)
        case inspect.UUIDType():
            return Uuid(**options)
        case inspect.LiteralType() if all(isinstance(value, int) for value in kind.values):
            return Count(validate=_one_of(kind.values), **options)
        case inspect.LiteralType():
            return Text(validate=_one_of(kind.values), **options)
        case inspect.VarTupleType():
            return Listed(_field(kind.item_type, required=True), validate=_items(1 if required else 0), **options)
        case inspect.StructType():
            return Inner(_struct_body(kind.cls), **options)
    raise TypeError(f"no field for {kind}")


@cache
def _struct_body(struct: Any) -> type[Schema]:
    declared = {
        fact.encode_name: _field(inspect.type_info(fact.type), required=fact.required)
        for fact in msgspec.structs.fields(struct)
    }
    return type(f"{struct.__name__}Body", (Body,), declared)


class Matching(validate.Regexp):
    """A text that has the form from its first character to its last: a line break after ``$`` is one too many."""

    def __call__(self, value: Any) -> Any:
        if self.regex.fullmatch(value) is None:
            raise ValidationError("pattern")
        return value


class Long(validate.Length):
    """A text of a length; blanks alone say nothing."""

    def __call__(self, value: Any) -> Any:
        if self.min and not value.strip():
            raise ValidationError("blank")
        return super().__call__(value)


class Many(validate.Length):
    """A list of a length; too few is told apart from too many."""

    def __call__(self, value: Any) -> Any:
        if self.min is not None and len(value) < self.min:
            raise ValidationError(told("items", least=self.min))
        if self.max is not None and len(value) > self.max:
            raise ValidationError(told("items_most", most=self.max))
        return value


def _matching(pattern: str) -> Matching:
    return Matching(pattern, error="pattern")


def _length(least: int, most: int) -> Long:
    return Long(least, most, error=told("length", least=least, most=most))


def _items(least: int, most: int = MOST_ITEMS) -> Many:
    return Many(least, most)


def _within(least: int, most: int) -> validate.Range:
    return validate.Range(least, most, error=told("range", least=least, most=most))


def _one_of(choices: Iterable[Any]) -> validate.OneOf:
    chosen = list(choices)
    return validate.OneOf(chosen, error=told("choice", choices=", ".join(map(str, chosen))))


class Contact(Body):
    """Who the complainant is.  Sealed; never part of an event."""

    name = Text(validate=_length(1, 100), allow_none=True)
    phone = Text(validate=_length(3, 40), allow_none=True)
    id_number = Text(validate=_length(6, 40), allow_none=True)
    bank_account = Text(validate=_length(6, 60), allow_none=True)


class Purpose(Body):
    purpose = Text(required=True, validate=_length(2, 400), metadata={"description": "why the data are read; recorded"})


class Attachment(Body):
    """The form beside an attached file."""

    on = Day(required=True)
    title = Text(required=True, validate=_length(1, 200))
