"""The register: filters in the address, chips that take one away, an order, saved views, and what is shown as a file."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, flash, g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from application import desk as kept
from application.office import today
from application.regions import counties
from domain.case_lifecycle import STATUSES
from domain.codes import Channel
from domain.words import label, word
from interface import exports
from interface.api.asking import allow, office, views
from interface.api.cases import Register
from interface.api.problems import Problem
from interface.api.shapes import NUL
from interface.api.showing import shown_row
from interface.pages.asked import Asked, asked, last_of, of_a_file
from interface.pages.frame import away, chips, lang, office_name, page, place, worded
from projections import desk

bp = Blueprint("cases", __name__)

MOST_EXPORTED = 200_000
FORMS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
NAMES: dict[str, Any] = {
    "division": lazy("Division"), "status": lazy("Status"), "channel": lazy("Channel"), "officer": lazy("Officer"),
    "employer": lazy("Employer"), "from": lazy("Received from"), "to": lazy("Received until"), "overdue": lazy("Unpaid past the term"),
    "q": lazy("Search"), "page": lazy("Page"), "sort": lazy("Order"),
}  # fmt: skip
COLUMNS = (
    "number", "source", "status", "division", "industry", "channel", "employer", "project", "summary", "office", "received_on",
    "filed_on", "due_on", "closed_on", "persons_claimed", "persons_confirmed", "claimed", "confirmed", "ordered", "paid", "balance",
)  # fmt: skip


@bp.get("/cases")
def register() -> Response:
    """Cases within sight: filtered, sorted, by pages."""
    allow("read")
    wanted = asked(Register, by=desk.CASES_BY)
    listed = partial(
        desk.cases, views(), g.actor.scope, wanted.filters, today=today(), sort=wanted.sort, **wanted.moment
    )
    found = last_of(lambda page: listed(page=page), wanted.page)
    rows = [shown_row(row, lang=lang()) for row in found.rows]
    return page(
        "cases.html", rows=rows, found=found, asked=wanted, left_out=[name_of(name) for name in wanted.wrong], chips=chips(named(wanted)), saved=saved("cases"), statuses=STATUSES,
        channels=[c for c in Channel.__args__ if c != "complaint"], divisions=within_sight(),  # type: ignore[attr-defined]
    )  # fmt: skip


@bp.get("/cases.<any(csv, xlsx):form>")
def export(form: str) -> Response:
    """All that the filters show, as a file with the words of the page's language."""
    allow("read")
    wanted = of_a_file(asked(Register, by=desk.CASES_BY), name_of)
    source = desk.every_case(
        g.actor.scope, wanted.filters, today=today(), sort=wanted.sort, most=MOST_EXPORTED, **wanted.moment
    )
    rows = (in_words(shown_row(row, lang=lang())) for row in views().ask(source))
    return file_of(rows, [heading(column) for column in COLUMNS], form, "cases")


def file_of(rows: Iterable[dict[str, Any]], headings: Sequence[str], form: str, name: str) -> Response:
    """Lines as a file: amounts and days as such, nothing that a spreadsheet would run."""
    buffer = io.BytesIO()
    exports.write(rows, headings, form, buffer)
    disposition = f'attachment; filename="{name}-{today()}.{form}"'
    return Response(buffer.getvalue(), 200, {"Content-Type": FORMS[form], "Content-Disposition": disposition})


def in_words(row: dict[str, Any]) -> dict[str, Any]:
    """A line under the headings of the export."""
    plain = {**row, "employer": row["employer"]["name"], "status": row["status_word"], "channel": word(row["channel"], lang()),
             "division": place(row["division"]), "office": office_name(row["office"]), "industry": worded(row["industry"])}  # fmt: skip
    return {heading(column): plain[column] for column in COLUMNS}


def heading(column: str) -> str:
    """What stands over a column of the export."""
    return str(_HEADINGS[column]) if column in _HEADINGS else label(column, lang())


_HEADINGS: dict[str, Any] = {
    "status": lazy("Status"), "office": lazy("Office"), "received_on": lazy("Received on"), "filed_on": lazy("Filed on"),
    "closed_on": lazy("Closed on"), "claimed": lazy("Claimed"), "confirmed": lazy("Confirmed"), "ordered": lazy("Ordered"), "paid": lazy("Paid"),
    "due_on": lazy("Due on"),
}  # fmt: skip


# Saved views


@bp.post("/views")
def save_view() -> Response:
    """Keep the filters and the order at hand under a name, for this officer."""
    allow("read")
    name, of, query = (request.form.get(field, "").strip() for field in ("name", "list", "query"))
    query = urlencode(parse_qsl(query))
    if of not in kept.LISTS or len(query) > 2000:
        raise Problem(422, "fields", names=_("Filters in force"))
    if not name or len(name) > 40 or NUL.search(name + query):
        raise Problem(422, "fields", names=_("Name of the view"))
    with office().datastore.get_connection() as connection:
        kept.save_view(connection, g.actor.officer, of, name, query)
    flash(_("Saved as “%(name)s”.", name=name))
    return away(f"/{of}?{query}")


@bp.post("/views/<int:id>/forget")
def forget_view(id: int) -> Response:
    """Forget a saved view of one's own."""
    allow("read")
    with office().datastore.get_connection() as connection:
        of = kept.forget_view(connection, g.actor.officer, id)
    return away(f"/{of or 'cases'}")


def saved(of: str) -> list[kept.View]:
    """The views an officer saved of a list."""
    with office().datastore.get_connection() as connection:
        return kept.views(connection, g.actor.officer, of)


# Shared with the other lists


def named(wanted: Asked) -> list[tuple[str, Any, str]]:
    """The filters in force with their names and values in words."""
    said: dict[str, Callable[[str], str]] = {"division": place, "overdue": _yes_or_no}
    pairs = {**wanted.given, **{name: moment.isoformat() for name, moment in wanted.moment.items()}}
    told = []
    for name, value in pairs.items():
        speak: Callable[[str], str] = said.get(name, worded)
        told.append((name, speak(value), name_of(name)))
    return told


def name_of(filter: str) -> str:
    """What a filter is called on the page."""
    names = {**NAMES, "on": _("As it was on"), "known": _("As known at")}
    return str(names.get(filter) or label(filter, lang(), "filter"))


def _yes_or_no(given: str) -> str:
    return str(_("Yes") if given == "true" else _("No"))


def within_sight() -> list[tuple[str, str]]:
    """The divisions an officer may choose between."""
    own = g.actor.division
    inside = counties(own) if own.endswith("00") and not own.endswith("0000") else ()
    return [(code, place(code)) for code in (own, *inside)]
