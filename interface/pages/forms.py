"""Forms of what an action takes.  A form is made from the schema of the API's request, which is made from the event.

``form_of`` makes the form, ``fresh`` readies it for an officer, ``body_of`` is what is sent of it, ``beside`` what is said to it.  A
form says only how a fact is typed; whether the fact is right is said by
the API, and shown beside the field.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from marshmallow import Schema, fields, validate
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from domain.amending import SEPARATORS
from domain.words import WORDS, label, word
from interface.api import shapes
from interface.pages import typed
from interface.pages.counter import Answer

LONG = 400
"""A text that may be longer than this gets a field of several lines."""
BLANK_ROWS = 3
PREFILLED = {"item"}
"""What stands in a line before anybody fills it in: a line with nothing else was not filled in."""
CODES = {"uscc", "phone", "id_number", "bank_account"}
"""Texts of letters and digits alone, however wide they were typed."""

SEEN, KEY = "seen", "command"
"""The hidden fields of every form: the version the officer saw, and the name of the command."""

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Hints:
    """What a form can offer beside the schema: values to choose from, values to be completed from, what is filled in already."""

    choices: Mapping[str, Choices] = field(default_factory=dict)  # these and no others
    suggestions: Mapping[str, Choices] = field(default_factory=dict)  # or anything else
    values: Mapping[str, Any] = field(default_factory=dict)


class Several(SelectMultipleField):
    """Any of a few, each with a box of its own."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def form_of(schema: type[Schema], *, event: str, lang: str, hints: Hints) -> Any:
    """The form of a request, filled with what was sent or with what is known already; its ``suggestions`` are the hints'."""
    shown = schema._declared_fields
    made = {name: _field(name, of, event, lang, hints) for name, of in _ordered(shown)}
    values = {name: "、".join(value) if isinstance(value, list | tuple) and name in shown and _joined(shown[name]) else value
              for name, value in hints.values.items()}  # fmt: skip
    own = {SEEN: HiddenField(), KEY: HiddenField()}
    form: Any = type(f"{schema.__name__}Form", (FlaskForm,), {**made, **own})(data=values)
    form.suggestions, form.rows = hints.suggestions, {}
    return form


def fresh(form: Any, version: int | None = None) -> Any:
    """A form that nobody has sent yet: the version its officer sees, and a command of its own."""
    form[SEEN].data, form[KEY].data = "" if version is None else str(version), str(uuid4())
    return form


def _ordered(shown: Mapping[str, fields.Field[Any]]) -> list[tuple[str, fields.Field[Any]]]:
    """What must be told first, in the order of the event; then what may be; the day first of all."""
    return sorted(shown.items(), key=lambda pair: (pair[0] != "on", not pair[1].required))


def _field(name: str, of: fields.Field[Any], event: str, lang: str, hints: Hints) -> Any:
    """One field of a form: its label and how it is typed."""
    text = label(name, lang, event)
    flags: dict[str, Any] = {"required": True} if of.required else {}
    if name in hints.choices:
        return SelectField(text, choices=_offered(hints.choices[name]), validate_choice=False, render_kw=flags)
    match of:
        case shapes.Day():
            return StringField(text, render_kw={**flags, "type": "date", "min": "1900-01-01"})
        case shapes.Money():
            return StringField(text, render_kw={**flags, "inputmode": "decimal", "autocomplete": "off"})
        case shapes.Truth() if of.required:
            return RadioField(text, choices=_choices([("true", _("Yes")), ("false", _("No"))]), validate_choice=False)
        case shapes.Truth():
            return BooleanField(text)
        case shapes.Count():
            if codes := _codes(of):
                offered = [(str(code), str(code)) for code in codes]
                return SelectField(text, choices=_offered(offered), validate_choice=False, render_kw=flags)
            return StringField(text, render_kw={**flags, "inputmode": "numeric", "autocomplete": "off"})
        case shapes.Listed(inner=shapes.Inner()):
            rows = len(hints.values.get(name) or ()) or BLANK_ROWS
            return FieldList(FormField(_inner(of.inner, event, lang), label=text), label=text, min_entries=rows)
        case shapes.Listed():
            if codes := _codes(of.inner):
                return Several(
                    text,
                    choices=_choices([(code, word(code, lang, name)) for code in in_order(codes, name)]),
                    validate_choice=False,
                )
            return StringField(text, render_kw={**flags, "data-many": "、"})
        case shapes.Inner():
            return FormField(_inner(of, event, lang), label=text)
    if codes := _codes(of):
        offered = [(code, word(code, lang, name)) for code in in_order(codes, name)]
        return SelectField(text, choices=_offered(offered), validate_choice=False, render_kw=flags)
    if _is_month(of):
        return StringField(text, render_kw={**flags, "placeholder": "2026-02", "autocomplete": "off"})
    if _longest(of) > LONG:
        return TextAreaField(text, render_kw={**flags, "rows": 3})
    return StringField(text, render_kw=flags)


def _inner(of: Any, event: str, lang: str) -> type[Form]:
    """The form of a fact that has parts of its own."""
    parts = {name: _field(name, part, event, lang, Hints()) for name, part in of.schema.fields.items()}
    return type("Part", (Form,), parts)


def _joined(of: fields.Field[Any]) -> bool:
    """Whether a list is typed in one line."""
    return isinstance(of, shapes.Listed) and not isinstance(of.inner, shapes.Inner) and not _codes(of.inner)


def _offered(choices: Choices) -> list[SelectChoice]:
    return _choices([("", _("choose…")), *choices])


def _choices(choices: Choices) -> list[SelectChoice]:
    return [SelectChoice(value, text) for value, text in choices]


def _codes(of: Any) -> Sequence[Any]:
    return next((tuple(check.choices) for check in of.validators if isinstance(check, validate.OneOf)), ())


def in_order(codes: Sequence[str], fact: str) -> list[str]:
    """Codes in the order in which the words of the office have them."""
    return sorted(codes, key=lambda code: _PLACE.get((fact, code), _PLACE.get(code, len(_PLACE))))


_PLACE: dict[Any, int] = {}
for _group, _words in WORDS.items():
    for _code in _words:
        _PLACE[(_group, _code)] = _PLACE.setdefault(_code, len(_PLACE))


def _longest(of: fields.Field[Any]) -> int:
    return next((check.max or 0 for check in of.validators if isinstance(check, validate.Length)), 0)


# What is sent, and what is said to it


def seen_of(form: Form) -> int:
    """The version the officer saw; 0 where the form says none."""
    text = str(form[SEEN].data or "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def command_of(form: Form) -> str:
    """The name of the command, so that a form sent twice is recorded once."""
    return str(form[KEY].data or uuid4())


def beside(form: Any, answer: Answer | None, *, more: Iterable[str] = ()) -> dict[str, Any]:
    """What a template says with a form: beside each field what is wrong with it, above them what no field is there for.

    ``more`` are the fields that the template adds itself.  A form whose command is used up gets another one.
    """
    if answer is not None and answer.used_up:
        form[KEY].data = str(uuid4())
        return {"errors": {}, "said": used_up(), "suggestions": form.suggestions}
    names = {name for field in form for name in _names(field)} | set(more)
    errors: dict[str, str] = {}
    for name, said in (answer.errors if answer else {}).items():
        place = _place(name, names, form.rows)
        errors[place] = f"{errors[place]} {said}" if place in errors else said
    nowhere = {name: said for name, said in errors.items() if name not in names}
    return {"errors": errors, "said": _above(answer, errors, nowhere), "suggestions": form.suggestions}


def used_up() -> str:
    """What is said where the command of a form was recorded already, in other words."""
    return _(
        "What you sent first was recorded already. What stands here now is not recorded yet: look whether it is still needed, then record it again."
    )


def _above(answer: Answer | None, errors: Mapping[str, str], nowhere: Mapping[str, str]) -> str:
    """What stands above the fields: nothing where each of them says it itself."""
    if answer is None or (errors and not nowhere):
        return ""
    return " ".join([answer.detail, *(said for said in nowhere.values() if said != answer.detail)])


def _place(name: str, names: Collection[str], rows: Mapping[str, Sequence[int]]) -> str:
    """The field beside which an error is told: of one of several typed in a line, the line; of a line of a list, the line as typed."""
    of, _dash, rest = name.partition("-")
    nth, _dash, part = rest.partition("-")
    if of in rows and nth.isdecimal() and int(nth) < len(rows[of]):
        name = "-".join(filter(None, (of, str(rows[of][int(nth)]), part)))
    while name not in names and "-" in name:
        name = name.rpartition("-")[0]
    return name


def _names(field: Field) -> Iterable[str]:
    """The names of a field and of its parts."""
    yield field.name
    if isinstance(field, FormField | FieldList):
        for part in field:
            yield from _names(part)


def body_of(form: Any, schema: type[Schema]) -> dict[str, Any]:
    """What a filled form says, as the API takes it: nothing for what was left blank; ``rows`` says which lines were filled in."""
    for name, of in schema._declared_fields.items():
        if isinstance(of, shapes.Listed) and isinstance(of.inner, shapes.Inner):
            form.rows[name] = [
                n for n, row in enumerate(form[name].data or ()) if _parts(row, of.inner).keys() - PREFILLED
            ]
    said = {name: _said(form[name].data, of) for name, of in schema._declared_fields.items()}
    return {name: value for name, value in said.items() if value not in (None, "", [], {})}


def _said(data: Any, of: fields.Field[Any]) -> Any:
    """What was typed into one field: digits and money as people write them, lists by their separators."""
    match of:
        case shapes.Truth():
            return {"true": True, "false": False, True: True}.get(data)
        case shapes.Count():
            return typed.whole(data) if data else ""
        case shapes.Money():
            return typed.yuan(data)
        case shapes.Day():
            return typed.dated(data)
        case shapes.Uuid():
            return typed.narrow(data)
        case shapes.Listed(inner=shapes.Inner()):
            rows = [_parts(row, of.inner) for row in data or ()]
            return [row for row in rows if row.keys() - PREFILLED]
        case shapes.Listed():
            parts = data if isinstance(data, list) else SEPARATORS.split(data or "")
            return [said for part in parts if (said := _said(part, of.inner)) not in (None, "")]
        case shapes.Inner():
            return _parts(data, of)
    if not isinstance(data, str):
        return data
    if _is_month(of):
        return typed.dated(data)
    if of.name in CODES:
        return typed.code(data)
    return data.strip() if _longest(of) > LONG else typed.plain(data)


def _is_month(of: fields.Field[Any]) -> bool:
    """Whether a text is a month: its form takes one."""
    patterns = (str(check.regex.pattern) for check in of.validators if isinstance(check, validate.Regexp))
    return any(re.fullmatch(pattern, "2026-02") for pattern in patterns)


def _parts(data: Mapping[str, Any] | None, of: Any) -> dict[str, Any]:
    said = {name: _said((data or {}).get(name), part) for name, part in of.schema.fields.items()}
    return {name: value for name, value in said.items() if value not in (None, "", [], {}, False)}
