"""Acting: the form of an action, what the law says to it, what changed in between; for cases and for every other record.

A form carries the version its officer saw and the name of its command.  Sent twice, it is recorded once; sent after somebody else
has acted, it comes back with what was typed and with what changed, and goes through when it is sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import shorten
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _
from marshmallow import Schema
from werkzeug.datastructures import FileStorage
from wtforms import Form

from domain.records import RECORDS
from domain.rules.papers import papers_for
from interface.api import shapes
from interface.api.asking import MOST_ATTACHED, allow, views
from interface.api.mechanisms import Upload
from interface.api.records import PLURALS
from interface.pages import knowing, references
from interface.pages.counter import Answer, ask, read
from interface.pages.forms import SEEN, beside, body_of, command_of, form_of, fresh, seen_of
from interface.pages.frame import away, fault, in_names, in_part, lang, page, worded
from interface.pages.uploads import UPLOADS

bp = Blueprint("acting", __name__)

ROOMS = {"cases": "case", **{plural: sort for sort, (plural, _described) in PLURALS.items()}}
"""The room of each sort of record, as its pages and its routes are called."""
POSITION_SECONDS = 1.5
TOLD = 160
"""So much of a sentence is said again when it was recorded: it travels in a cookie, and a browser drops one over 4 kB."""


@bp.route(f"/<any({', '.join(ROOMS)}):room>/<ref>/do/<action>", methods=["GET", "POST"])
def act(room: str, ref: str, action: str) -> Response:
    """The form of an action, and what came of it."""
    sort = RECORDS[ROOMS[room]]
    if action not in sort.actions:
        return fault(404, _("There is no such action."))
    record = read(f"/api/{room}/{ref}")
    if request.method == "GET":
        allow(action if sort.sort == "case" else f"{sort.sort}.{action}")
        if action not in record["may"]:
            return fault(409, _("“%(action)s” is not open to you on this record now.", action=worded(action)))
        return _form(room, record, action, fresh(_made(room, record, action), record["version"]))
    form = _made(room, record, action)
    answer = _sent(room, record, action, form)
    if answer.status == 201:
        recorded(answer)
        return away(f"/{room}/{record['number'] or record['id']}{_list()}")
    if answer.status == 412 or answer.used_up:
        seen = seen_of(form)
        form[SEEN].data = str(record["version"])
        return _form(room, record, action, form, answer, changed=_since(room, record, seen))
    return _form(room, record, action, form, answer)


def recorded(answer: Answer) -> None:
    """Say what was recorded, with what the law would have had otherwise; and wait a little, so that the lists have it too."""
    event = answer.body["event"]
    flash(shorten(_("Recorded:") + " " + in_names(event["sentence"]), TOLD, placeholder="…"))
    for warning in event["warnings"]:
        flash(worded(warning, "warning"), "warning")
    if position := answer.headers.get("Position"):
        views().wait(int(position), POSITION_SECONDS)


def schema_of(sort: str, action: str) -> type[Schema]:
    """What the API takes for an action."""
    if action == "attach":
        return shapes.Attachment
    if action == "screen":
        return Upload
    return shapes.request_body(RECORDS[sort].actions[action])


def _made(room: str, record: Mapping[str, Any], action: str) -> Any:
    """The form, with what is known already or as it was sent."""
    sort = ROOMS[room]
    hints = knowing.hints(sort, record, action)
    event = RECORDS[sort].actions[action].__name__
    return form_of(schema_of(sort, action), event=event, lang=lang(), hints=hints)


def _sent(room: str, record: Mapping[str, Any], action: str, form: Form) -> Answer:
    """What the API answers to a form."""
    said = body_of(form, schema_of(ROOMS[room], action))
    path = f"/api/{room}/{record['id']}/{action}"
    version, key = seen_of(form), command_of(form)
    if wrong := references.resolved(schema_of(ROOMS[room], action), said):
        return wrong
    if action in UPLOADS:
        files = {name: _bytes(file) for name in UPLOADS[action] if (file := request.files.get(name)) and file.filename}
        if empty := [name for name, (data, *_rest) in files.items() if not data]:
            return _empty(empty)
        return ask("POST", path, form={**said, **files}, version=version, key=key)
    issued = request.form.get("issue") and papers_for(RECORDS[ROOMS[room]].actions[action], said)
    query = {"issue": "true"} if issued else None
    return ask("POST", path, query=query, body=said, version=version, key=key)


def _empty(names: Iterable[str]) -> Answer:
    """What is said to files without a byte in them."""
    said = _("This file is empty.")
    return Answer(422, {"detail": said, "errors": [{"pointer": f"/{name}", "detail": said} for name in names]})


def _bytes(file: FileStorage) -> tuple[bytes, str, str]:
    return file.stream.read(), file.filename or "file", file.mimetype


def _form(
    room: str, record: Mapping[str, Any], action: str, form: Any, answer: Answer | None = None, changed: Any = ()
) -> Response:
    """The form as a page, or as the part of the record's page that htmx asked for."""
    sort = RECORDS[ROOMS[room]]
    return page(
        "act_form.html" if in_part() else "act.html", answer.status if answer else 200, room=room, sort=sort.sort, record=record, action=action,
        form=form, changed=changed, uploads=UPLOADS.get(action, ()),
        does=knowing.does(sort, action), list=request.values.get("list", ""), paper=knowing.paper_of(ROOMS[room], action), ticked=knowing.needs_number(sort, action),
        most=MOST_ATTACHED, **beside(form, answer, more=UPLOADS.get(action, ())),
    )  # fmt: skip


def _since(room: str, record: Mapping[str, Any], seen: int) -> list[dict[str, Any]]:
    """What was recorded since the officer looked."""
    return [entry for entry in read(f"/api/{room}/{record['id']}/history") if entry["version"] > seen]


def _list() -> str:
    kept = request.form.get("list") or request.args.get("list")
    return f"?{urlencode({'list': kept})}" if kept else ""
