"""The desk asks the counter: a page reads and acts through the API, within the process, as the officer who signed in.

So a page decides nothing: what a caller of the API may see, may do, is refused and is told, an officer at a browser is told in the
same words.  See docs/decisions/0011-pages-ask-the-api.md.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import msgspec
from flask import Response, current_app, g, request
from flask_babel import get_locale
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from interface.api.asking import ACTOR


class Answered(Exception):
    """An answer that was not what a page can go on with: it is shown as it is, under its own status."""

    def __init__(self, answer: Answer):
        self.answer = answer
        super().__init__(f"{answer.status} {answer.detail}")


@dataclass(frozen=True)
class Answer:
    """What the counter answered."""

    status: int
    body: Any
    headers: Headers = field(default_factory=Headers)

    @property
    def ok(self) -> bool:
        return self.status < 400

    @property
    def detail(self) -> str:
        """The sentence of a refusal."""
        return str(self.body.get("detail", "")) if isinstance(self.body, dict) else ""

    @property
    def further(self) -> str | None:
        """The cursor of the next page of a list, from its Link (RFC 8288)."""
        return parse_qs(urlsplit(self.headers.get("Link", "").partition(">")[0].lstrip("<")).query).get(
            "cursor", [None]
        )[0]

    @property
    def used_up(self) -> bool:
        """Whether the name of the command was used before, for something else."""
        return isinstance(self.body, dict) and self.body.get("type") == "urn:qingxin:key-reused"

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong with which field, by the field's name in a form: ``/employer/uscc`` is ``employer-uscc``."""
        found = self.body.get("errors", ()) if isinstance(self.body, dict) else ()
        return {error["pointer"].strip("/").replace("/", "-"): error["detail"] for error in found}


def ask(
    method: str,
    path: str,
    *,
    query: dict[str, Any] | None = None,
    body: Any = None,
    form: dict[str, Any] | None = None,
    version: int | None = None,
    key: str | None = None,
) -> Answer:
    """Ask the API something as the officer at hand.

    ``body`` is sent as JSON; ``form`` as multipart, its files as ``(bytes, name, media type)``.  ``version`` is the version the
    officer saw, ``key`` names the command so that a form sent twice is recorded once.
    """
    headers = {"Accept-Language": "en" if str(get_locale()) == "en" else "zh"}
    if version is not None:
        headers["If-Match"] = f'"{version}"'
    if key:
        headers["Idempotency-Key"] = key
    sent: dict[str, Any] = {}
    if body is not None:
        sent = {"data": msgspec.json.encode(body), "content_type": "application/json"}
    elif form is not None:
        parts = {name: _file(part) if isinstance(part, tuple) else part for name, part in form.items()}
        sent = {"data": parts, "content_type": "multipart/form-data"}
    asked = {name: _plain(value) for name, value in (query or {}).items() if value not in (None, "")}
    builder = EnvironBuilder(path=path, method=method, query_string=asked, headers=Headers(headers), **sent)
    try:
        environ = builder.get_environ()
    finally:
        builder.close()
    environ[ACTOR], environ["REMOTE_ADDR"] = g.get("actor"), request.remote_addr or ""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with (
        closing(environ["wsgi.input"]),
        app.app_context(),
        app.request_context(environ),
    ):  # a large form lies in a temporary file
        response: Response = app.full_dispatch_request()
    return Answer(response.status_code, _body(response), response.headers)


def read(path: str, **query: Any) -> Any:
    """The body of a reading.  Raises ``Answered`` where there is none for this officer."""
    answer = ask("GET", path, query=query)
    if not answer.ok:
        raise Answered(answer)
    return answer.body


def _body(response: Response) -> Any:
    if response.mimetype in ("application/json", "application/problem+json"):
        return msgspec.json.decode(response.get_data())
    response.direct_passthrough = False
    return response.get_data()


def _file(part: tuple[bytes, str, str]) -> tuple[BytesIO, str, str]:
    data, name, media_type = part
    return BytesIO(data), name, media_type


def _plain(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
    return str(value)
