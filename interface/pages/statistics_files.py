"""Figures to carry away: a workbook with a sheet for the figures, one by county and one for the stamp; and a page to sign, as PDF."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst
import xlsxwriter
from flask import Response
from flask_babel import gettext as _

from application.papers.rendering import fonts
from application.regions import name_of as place_name
from interface.pages import frame

PAGE = Path(__file__).parents[1] / "templates" / "report.typ"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Groups = Sequence[tuple[str, dict[str, Any]]]


def workbook(title: str, answer: Mapping[str, Any], names: Mapping[str, str], groups: Groups) -> Response:
    """The figures as numbers, so that a spreadsheet can go on with them; formulas are never run."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        _figures(book.add_worksheet(_("Figures")), answer, names, bold, wrapped)
        if groups:
            _groups(book.add_worksheet(_("By county")), names, groups, bold)
        _stamp(book.add_worksheet(_("Stamp")), answer["stamp"], bold)
    return _sent(buffer.getvalue(), XLSX, f"{answer['name']}-{answer['stamp']['from']}-{answer['stamp']['to']}.xlsx")


def paper(title: str, answer: Mapping[str, Any], names: Mapping[str, str], groups: Groups) -> Response:
    """The figures on paper: the same stamp, the same bytes."""
    stamp = answer["stamp"]
    contents = {
        "title": title, "window": f"{stamp['from']} — {stamp['to']}", "division": place_name(stamp["division"]), "lang": frame.lang(),
        "figures": [[names[name], text, answer["definitions"][name]] for name, value in answer["values"].items() for text in [_text(value)]],
        "columns": [names[name] for name in _plain(answer["values"])][:8], "heads": [_("Figure"), _("Value"), _("What it counts"), _("Division")],
        "groups": [[label, *[_text(values[name]) for name in _plain(answer["values"])][:8]] for label, values in groups],
        "stamp": [f"{name}: {value}" for name, value in stamp.items() if value is not None], "stamped": _("Stamp"), "by": _("By county"),
    }  # fmt: skip
    day = datetime.fromisoformat(str(stamp["to"])).replace(tzinfo=UTC)
    made: bytes = typst.compile(
        str(PAGE), root=str(PAGE.parent), font_paths=fonts(), ignore_system_fonts=True, format="pdf", timestamp=day,
        sys_inputs={"data": json.dumps(contents, ensure_ascii=False, sort_keys=True)},
    )  # fmt: skip
    return _sent(made, "application/pdf", f"{answer['name']}-{stamp['from']}-{stamp['to']}.pdf")


def _figures(sheet: Any, answer: Mapping[str, Any], names: Mapping[str, str], bold: Any, wrapped: Any) -> None:
    heads = (_("Figure"), _("Value"), _("Numerator"), _("Denominator"), _("What it counts"))
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for row, (name, value) in enumerate(answer["values"].items(), start=1):
        sheet.write_string(row, 0, names[name])
        parts = (value.get("value"), value.get("numerator"), value.get("denominator")) if _rate(value) else (value,)
        for column, part in enumerate(parts, start=1):
            _number(sheet, row, column, part)
        sheet.write_string(row, 4, answer["definitions"][name], wrapped)
    sheet.set_column(0, 0, 22)
    sheet.set_column(4, 4, 80)
    sheet.freeze_panes(1, 1)


def _groups(sheet: Any, names: Mapping[str, str], groups: Groups, bold: Any) -> None:
    shown = _plain(groups[0][1])
    for column, name in enumerate(shown, start=1):
        sheet.write_string(0, column, names[name], bold)
    for row, (label, values) in enumerate(groups, start=1):
        sheet.write_string(row, 0, label)
        for column, name in enumerate(shown, start=1):
            _number(sheet, row, column, values[name]["value"] if _rate(values[name]) else values[name])
    sheet.freeze_panes(1, 1)


def _stamp(sheet: Any, stamp: Mapping[str, Any], bold: Any) -> None:
    for row, (name, value) in enumerate(stamp.items()):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, "" if value is None else str(value))
    sheet.set_column(1, 1, 70)


def _number(sheet: Any, row: int, column: int, value: Any) -> None:
    """A figure as a number; money keeps its two places; what is unknown stays blank."""
    if value is None:
        return
    if isinstance(value, dict):
        sheet.write_string(row, column, _text(value))
    elif isinstance(value, str):
        sheet.write_number(row, column, float(value))
    else:
        sheet.write_number(row, column, value)


def _plain(values: Mapping[str, Any]) -> list[str]:
    return [name for name, value in values.items() if not isinstance(value, dict) or _rate(value)]


def _rate(value: Any) -> bool:
    return isinstance(value, dict) and "value" in value


def _text(value: Any) -> str:
    """A figure as it is read on paper."""
    if _rate(value):
        shown = "—" if value["value"] is None else f"{value['value']}%"
        return f"{shown} ({value['numerator']}/{value['denominator']})"
    if isinstance(value, dict):
        return "; ".join(f"{frame.worded(name)} {_text(part)}" for name, part in value.items())
    if isinstance(value, str):
        return f"{float(value):,.2f}"
    return "—" if value is None else str(value)


def _sent(data: bytes, media_type: str, name: str) -> Response:
    return Response(data, 200, {"Content-Type": media_type, "Content-Disposition": f'attachment; filename="{name}"'})
