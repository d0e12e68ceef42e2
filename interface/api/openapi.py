"""The description of the API: OpenAPI 3.1, made from the routes and schemas, and true of every answer.

flask-smorest describes bodies and parameters; what is the same everywhere - the token, the headers of a write, the
problems - is added here, once.
"""

from __future__ import annotations

import copy
import json
from typing import Any, get_args

from flask import Blueprint, Response, current_app, render_template
from flask_smorest import Api

from application.screening import Export
from interface.api import answers, shapes
from interface.api.asking import LONGEST_KEY
from interface.api.records import PLURALS

bp = Blueprint("openapi", __name__, url_prefix="/api")

_HEADER = {"in": "header", "schema": {"type": "string"}}
IDEMPOTENCY_KEY = {
    **_HEADER, "name": "Idempotency-Key", "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": r"^[\x21-\x7e]+$"},
    "description": "The same key and body are answered again; the same key with another body is refused (422).",
}  # fmt: skip
IF_MATCH = {
    **_HEADER, "name": "If-Match", "required": True, "schema": {"type": "string", "pattern": r'^"\d{1,9}"$'},
    "description": 'The version the facts were decided on, such as "3"; "0" for a rulebook with nothing in it.',
}  # fmt: skip
POSITION = {
    **_HEADER, "name": "Position", "required": False, "schema": {"type": "string", "pattern": r"^\d{1,18}$"},
    "description": "What a write answered in Position: wait, a bounded time, until it can be seen.",
}  # fmt: skip

_REASONS = {
    400: "The request cannot be understood: malformed JSON or header.",
    401: "No token, or not a valid one.",
    403: "Not within the powers of the role, or not of the division.",
    404: "Not there, or not for the asker to know.",
    405: "Not a method of this address.",
    409: "Refused by the law; ``type`` says by which rule.",
    410: "Erased.",
    412: "It has changed since the version in If-Match.",
    413: "The body is too large.",
    415: "The body is of the wrong media type.",
    422: "Bad, missing or unknown fields; ``errors`` says which.",
    428: "If-Match is missing.",
    429: "Asked too often.",
    503: "The database, or the register asked for, is not ready.",
}


def document(api: Api) -> dict[str, Any]:
    """The OpenAPI document."""
    spec: dict[str, Any] = copy.deepcopy(api.spec.to_dict())
    components = spec.setdefault("components", {})
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    components["responses"] = {
        str(status): {
            "description": reason,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, reason in _REASONS.items()
    }
    spec["security"] = [{"token": []}]
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            if method in ("get", "post"):
                _complete(path, method, operation)
    return spec


_ASKING = ("/contact", "/duplicates", "/dry-run", "/status")
"""What is asked with a body and records nothing that the asker sent."""
_UNDECIDED = ("/api/revisits", "/api/projects/{ref}/deposit")
"""What waits for the office to decide a setting."""


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add to an operation the headers it reads and sends and the problems it may answer with."""
    on_case = "{ref}" in path
    writes = method == "post" and not path.endswith(_ASKING)
    acts = writes and (on_case or path.startswith("/api/rulebook/"))
    statuses = {401, 403, 422, 503, 405}
    if on_case or "{name}" in path:
        statuses |= {404}
    if method == "post":
        statuses |= {400, 413, 415, 409}
    else:
        statuses |= {400}
    if acts:
        statuses |= {412, 428}
    if path.endswith("/contact"):
        statuses |= {410, 404}
    if path.endswith("/status"):
        statuses |= {404, 429}
        operation["security"] = []
    if path in _UNDECIDED:
        statuses |= {409}
    operation["responses"] = {
        **{code: answer for code, answer in operation["responses"].items() if code.startswith("2")},
        **{str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(statuses)},
    }
    parameters = operation.setdefault("parameters", [])
    parameters += (
        [IDEMPOTENCY_KEY] * writes + [IF_MATCH] * acts + [POSITION] * (method == "get" and "{sha256}" not in path)
    )
    for code in ("201", "200"):
        if code in operation["responses"]:
            operation["responses"][code]["headers"] = _sent(path, method, writes, code)
    if path.endswith("/attach"):
        operation["requestBody"] = _FORM
    if path.endswith("/screen"):
        operation["requestBody"] = _EXPORTS


_PAGED = (
    "/api/cases",
    "/api/journal",
    "/api/oversight",
    "/api/revisits",
    "/api/numbers",
    *(f"/api/{plural}" for plural, _ in PLURALS.values()),
)


def _sent(path: str, method: str, writes: bool, code: str) -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    if writes:
        return {"ETag": text, "Location": text, "Position": text}
    return (
        {"ETag": text}
        if path.endswith("/{ref}") or path == "/api/rulebook"
        else {"Link": text}
        if path in _PAGED
        else {}
    )


_FORM = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["on", "title", "file"],
                "additionalProperties": False,
                "properties": {
                    "on": {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
                    "title": {"type": "string", "minLength": 1, "maxLength": 200},
                    "file": {"type": "string", "format": "binary"},
                },
            }
        }
    },
}


_EXPORTS = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["on", "source_platform"],
                "additionalProperties": False,
                "properties": {
                    "on": {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
                    "source_platform": {"type": "string", "minLength": 1, "maxLength": 200},
                    **{export: {"type": "string", "format": "binary"} for export in get_args(Export)},
                },
            }
        }
    },
}


def register_types(api: Api) -> None:
    """Say how our own fields look in JSON."""
    api.register_field(shapes.Money, "string", None)
    api.register_field(shapes.Day, "string", "date")
    api.register_field(shapes.Scalar, None, None)
    plugin = api.ma_plugin
    plugin.converter.add_attribute_function(_patterns)
    api.spec.components.schema("Problem", schema=answers.Problem)


def _patterns(self: Any, field: Any, **_: Any) -> dict[str, Any]:
    match field:
        case shapes.Money():
            return {"pattern": r"^\d{1,10}(\.\d{1,2})?$", "examples": ["1346600.00"]}
        case shapes.Day():
            return {"pattern": r"^\d{4}-\d{2}-\d{2}$"}
        case shapes.Scalar():
            return {"type": ["string", "integer", "boolean"]}
    return {}


@bp.get("/openapi.json")
def openapi() -> Response:
    """This description."""
    return Response(current_app.extensions["openapi"], content_type="application/json")


@bp.get("/docs")
def docs() -> str:
    """The description for people, with assets of our own."""
    return render_template("docs.html")


def serialised(api: Api) -> bytes:
    return json.dumps(document(api), ensure_ascii=False, sort_keys=True).encode()
