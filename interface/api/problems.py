"""How a refusal is answered: ``application/problem+json`` (RFC 9457), a sentence an officer understands, nothing else.

One table says which exception has which status; no other module knows HTTP statuses of faults.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import eventsourcing.persistence as es
import msgspec
import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from application.office import NotOnFile, Stale
from application.store import OtherBody
from application.vault import Erased, Unreadable
from domain.refused import Refused
from domain.words import label, word
from interface.api.words import SENTENCES, say
from projections.views import NotACursor

log = structlog.get_logger("api")

MIB = 1024 * 1024
"""What a request without files may have; one with files may have as much beside them."""
_HTTP_KEYS = {401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 406: "not_acceptable",
              413: "too_large", 415: "media_type", 428: "if_match_missing"}  # fmt: skip


class Problem(Exception):
    """A request that is answered with a problem: its status, the key of its sentence, the facts in it."""

    def __init__(
        self,
        status: int,
        key: str,
        *,
        detail: str | None = None,
        errors: list[dict[str, str]] | None = None,
        headers: dict[str, str] | None = None,
        **facts: object,
    ) -> None:
        self.status, self.key, self.detail, self.errors, self.headers, self.facts = (
            status,
            key,
            detail,
            errors,
            headers,
            facts,
        )
        super().__init__(key)


def register(app: Flask) -> None:
    """Answer every exception of the API with a problem."""
    for kind in ANSWERS:
        app.register_error_handler(kind, answer_to)


def answer_to(problem: Exception) -> Response:
    """The answer to an exception, whatever it is; pages show its sentence."""
    return next(ANSWERS[kind] for kind in type(problem).__mro__ if kind in ANSWERS)(problem)


def answer(
    status: int,
    key: str,
    *,
    detail: str | None = None,
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
    **facts: object,
) -> Response:
    """A problem as a response, in the asker's language; fields that are wrong are named as a form names them."""
    lang = language()
    if errors and key == "fields":
        facts["names"] = named(error["pointer"] for error in errors)
    body: dict[str, Any] = {
        "type": f"urn:qingxin:{key.replace('_', '-')}",
        "title": HTTP_STATUS_CODES.get(status, "Error"),
        "status": status,
        "detail": detail or say(key, lang, **facts),
    }
    if errors:
        body["errors"] = errors
    return Response(
        msgspec.json.encode(body),
        status,
        {
            "Content-Type": "application/problem+json",
            "Content-Language": lang,
            "Cache-Control": "no-store",
            **(headers or {}),
        },
    )


def http(problem: HTTPException) -> Response:
    """What Flask, Werkzeug and webargs raise, as a problem."""
    status = problem.code or 500
    if problem.response is not None and status < 400:
        return problem.response  # type: ignore[return-value]
    messages = (getattr(problem, "data", None) or {}).get("messages")
    if status == 422 and messages:
        errors = [_error(pointer, key) for pointer, key in _flat(messages)]
        return answer(422, "fields", errors=errors)
    if status == 400 and messages:
        return answer(400, "malformed")
    headers = {"Allow": ", ".join(sorted(problem.valid_methods or ()))} if status == 405 else None  # type: ignore[attr-defined]
    key = _HTTP_KEYS.get(status, "bad_request" if status < 500 else "unavailable")
    facts: dict[str, Any] = {"too_large": {"most": _most()}, "media_type": {"wanted": "application/json"}}.get(key, {})
    return answer(status, key, headers=headers, **facts)


def _most() -> str:
    """How large the request at hand may be: its file, where it may have one, else the whole of it."""
    return f"{max(MIB, (request.max_content_length or MIB) - MIB) // MIB} MiB"


def _problem(problem: Problem) -> Response:
    return answer(
        problem.status,
        problem.key,
        detail=problem.detail,
        errors=problem.errors,
        headers=problem.headers,
        **problem.facts,
    )


def _refused(refusal: Refused) -> Response:
    """A refusal of the law is 409 with its own type; a malformed fact is 422 with its place."""
    sentence = refusal.sentence(language())
    errors = [{"pointer": f"/{refusal.at}", "detail": sentence}] if refusal.at else None
    return answer(422 if refusal.malformed else 409, refusal.code, detail=sentence, errors=errors)


def _unavailable(problem: Exception) -> Response:
    log.warning("database unavailable", problem=type(problem).__name__)
    return answer(503, "unavailable", headers={"Retry-After": "1"})


def _unreadable(problem: Exception) -> Response:
    log.error("the vault does not open with this key", what=str(problem))
    return answer(503, "unreadable")


def _fault(problem: Exception) -> Response:
    """What nobody expected: logged with a number, told without a word of it."""
    id = uuid4().hex[:12]
    log.error("fault", id=id, path=request.path, exc_info=problem)
    return answer(500, "fault", id=id)


def language() -> str:
    """``zh`` unless the asker prefers ``en``; on a page, what the officer chose."""
    if chosen := g.get("lang"):
        return str(chosen)
    return request.accept_languages.best_match(["zh", "en"], "zh") or "zh"


def _error(pointer: str, message: str) -> dict[str, str]:
    """One error with its JSON Pointer (RFC 6901); the message is a key with its facts."""
    key, _, text = message.partition("?")
    facts = dict(parse_qsl(text))
    if (
        "choices" in facts and "Authorization" not in request.headers
    ):  # a program, which has a token, knows codes; a page has words
        codes = facts["choices"].split(", ")
        facts["choices"] = "、".join(word(code, language(), pointer.rpartition("/")[2]) for code in codes)
    detail = say(key, language(), **facts) if key in SENTENCES else message
    return {"pointer": pointer if pointer.startswith("/") else f"/{pointer}", "detail": detail}


def named(pointers: Iterable[str]) -> str:
    """Fields by their labels: ``/inspectors/1`` is 检查人员."""
    lang = language()
    parts = ([part for part in pointer.split("/") if part and not part.isdecimal()] for pointer in pointers)
    labels = dict.fromkeys(
        label(found[-1], lang, "filter" if request.method == "GET" else "") for found in parts if found
    )
    return ("、" if lang == "zh" else ", ").join(labels)


def _flat(messages: Any, path: str = "") -> list[tuple[str, str]]:
    """marshmallow's nested messages as pairs of pointer and message; the location (json, query) is no part of it."""
    if isinstance(messages, str):
        return [(path or "/", messages)]
    if isinstance(messages, list):
        return [pair for part in messages for pair in _flat(part, path)]
    pairs = []
    for name, inner in messages.items():
        here = (
            path if not path and name in ("json", "query", "headers", "form", "files") else f"{path}/{_escaped(name)}"
        )
        pairs += _flat(inner, "" if name == "_schema" else here)
    return pairs


def _escaped(name: object) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


ANSWERS: dict[type, Callable[[Any], Response]] = {
    Problem: _problem,
    Refused: _refused,
    Stale: lambda stale: answer(412, "stale", version=stale.version),
    OtherBody: lambda _: answer(422, "key_reused"),
    NotOnFile: lambda _: answer(404, "not_found"),
    Erased: lambda _: answer(410, "erased"),
    NotACursor: lambda _: answer(422, "fields", errors=[_error("cursor", "pattern")]),
    Unreadable: _unreadable,
    RecursionError: lambda _: answer(400, "malformed"),
    es.OperationalError: _unavailable,
    HTTPException: http,
    Exception: _fault,
}
"""What is answered to what; the nearest class of an exception decides."""
