"""Who asks, in which language, under which key, seeing which version; and what a reader waits for.

Everything here is read from the headers of the request and kept in ``flask.g`` while it lasts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from flask import Response, current_app, g, request

from application import accounts, tokens
from application.office import NAMESPACE, Command, Office, today
from application.store import fingerprint
from domain.powers import Actor, Placed, decide
from domain.record import Signature
from domain.rulebook import Rulebook
from interface.api.problems import Problem
from interface.api.problems import language as language  # for the routes, beside who asks
from interface.api.showing import dumped
from projections.views import Views

ACTOR = "qingxin.actor"
"""Where a page that asks within the process says for whom; no header of a request from outside can have this name."""
OPEN = {"/api/openapi.json", "/api/docs", "/api/docs/", "/api/status"}
MOST = 1024 * 1024
MOST_ATTACHED = 20 * 1024 * 1024
WAIT_SECONDS = 5.0
LONGEST_KEY = 255


def office() -> Office:
    kept: Office = current_app.extensions["office"]()
    return kept


def views() -> Views:
    kept: Views = current_app.extensions["views"]()
    return kept


def rules(known: datetime | None = None) -> Rulebook:
    """What the office has decided, and its calendar; or as it was known at a moment."""
    return office().rulebook(known)


def actor() -> Actor:
    found: Actor = g.actor
    return found


def signature(on: date, facts: Mapping[str, Any] | None = None) -> Signature:
    """Who signs: the officer who asks, for the day given, under the rules in force; and whether who approves the act is known here."""
    who, approver = actor(), (facts or {}).get("approved_by")
    known = approver is None or _on_the_roll(approver)
    return Signature(
        who.officer, who.role, who.office, on.isoformat(), today(), settings=rules().settings, approver_known=known
    )


def _on_the_roll(officer: str) -> bool:
    with office().datastore.get_connection() as connection:
        return accounts.on_the_roll(connection, officer.strip())


def sign_in() -> None:
    """Find out whose token this is.  Every request under ``/api`` but the description of the API needs one."""
    if not request.path.startswith("/api") or request.path in OPEN or request.path.startswith("/api/docs/"):
        return
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    who: Actor | None = request.environ.get(ACTOR)
    if who is None and scheme.lower() == "bearer" and secret.strip():
        with office().datastore.get_connection() as connection:
            who = tokens.bearer(connection, secret.strip())
    if who is None:
        raise Problem(401, "unauthorized", headers={"WWW-Authenticate": 'Bearer realm="qingxin"'})
    g.actor = who


def check_body() -> None:
    """Refuse what is too large or of the wrong type, before anything is read of it; and an address that nothing can have."""
    if "\0" in request.path:
        raise Problem(404, "not_found")
    if not request.path.startswith("/api"):
        return
    attaching = request.path.endswith(("/attach", "/screen"))
    request.max_content_length = MOST_ATTACHED + MOST if attaching else MOST
    if request.method != "POST":
        return
    if (request.content_length or 0) > request.max_content_length:
        raise Problem(413, "too_large", most="20 MiB" if attaching else "1 MiB")
    wanted = "multipart/form-data" if attaching else "application/json"
    if request.mimetype != wanted:
        raise Problem(415, "media_type", wanted=wanted)


def allow(action: str, record: Placed | None = None) -> None:
    """Ask ``decide``; 404 for what the asker may not know exists, 403 with the reason otherwise."""
    decision = decide(actor(), action, record)
    if not decision.visible:
        raise Problem(404, "not_found")
    if not decision.allowed:
        raise Problem(403, "forbidden", detail=decision.reason(language()))


def command() -> Command:
    """The command of a write: by its Idempotency-Key, or one of its own."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return Command.new()
    if not re.fullmatch(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}", key):
        raise Problem(400, "key_malformed")
    id = command_id(request.path, key)
    if request.mimetype == "multipart/form-data":
        parts = [f"{name}={value}" for name, value in sorted(request.form.items())]
        files = [file.stream.read() for file in request.files.values()]
        for file in request.files.values():
            file.stream.seek(0)
        return Command(id, fingerprint(*parts, *files))
    query = [request.query_string] if request.query_string else []  # whether a paper is made out as well
    return Command(id, fingerprint(request.get_data(cache=True), *query))


def command_id(path: str, key: str) -> UUID:
    """The id of a command: a key is an officer's own, at one address."""
    who = actor()
    return uuid5(NAMESPACE, f"{who.officer}|{who.office}|{path}|{key}")


def seen_version() -> int:
    """The version in If-Match.  428 without, 400 if it is none."""
    given = request.headers.get("If-Match")
    if given is None:
        raise Problem(428, "if_match_missing")
    found = re.fullmatch(r'\s*"(\d{1,9})"\s*', given)
    if not found:
        raise Problem(412 if given.strip().startswith(("W/", '"')) else 400, "if_match_malformed")
    return int(found[1])


def wait_for_position() -> None:
    """Wait, a bounded time, until the read models have seen what a write answered in Position."""
    token = request.headers.get("Position")
    if token is None:
        return
    if not re.fullmatch(r"\d{1,18}", token):
        raise Problem(400, "position_unknown")
    if not views().wait(int(token), WAIT_SECONDS):
        raise Problem(503, "position_not_reached", headers={"Retry-After": "1"})


def shown(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer as JSON; nothing is ever cached on the way."""
    return Response(
        dumped(body), status, {"Content-Type": "application/json", "Cache-Control": "no-store", **(headers or {})}
    )
