"""Attached files: which types are taken, whether the bytes are of that type, and how they come back."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from flask import Response, request, send_file
from marshmallow import ValidationError
from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from domain.privacy import personal_data
from domain.record import Record
from interface.api import shapes
from interface.api.asking import MOST_ATTACHED, office
from interface.api.problems import Problem, _error, _flat

ALLOWED: dict[str, tuple[bytes, ...]] = {
    "application/pdf": (b"%PDF-",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (b"PK\x03\x04",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (b"PK\x03\x04",),
    "application/ofd": (b"PK\x03\x04",),  # GB/T 33190
    "text/plain": (),
    "text/csv": (),
}


def attached() -> tuple[date, dict[str, Any], bytes]:
    """The day, the facts and the bytes of the document in the request.  Problems: 413, 422."""
    try:
        form = shapes.Attachment().load(request.form.to_dict())
    except ValidationError as problem:
        raise Problem(422, "fields", names=", ".join(problem.messages_dict), errors=told(problem)) from None
    name, media_type, data = taken(request.files.get("file"))
    if personal_data(name):
        raise Problem(422, "file_name")
    return form["on"], {"title": form["title"], "name": name, "media_type": media_type}, data


def sent(record: Record, sha256: str) -> Response:
    """The bytes of an attachment of a record, by their SHA-256.  Problem: 404."""
    entry = next((e for e in record.entries if e.event.fact("sha256") == sha256 and e.event.fact("media_type")), None)
    data = office().attachment(record, sha256) if entry else None
    if entry is None or data is None:
        raise Problem(404, "not_found")
    event: Any = entry.event
    answer = send_file(io.BytesIO(data), event.media_type, as_attachment=True, download_name=event.name)
    answer.headers.update({"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})
    return answer


def taken(file: FileStorage | None) -> tuple[str, str, bytes]:
    """The name, media type and bytes of an attached file; refuses what is none, too large, or not what it says."""
    if file is None or not file.filename:
        raise Problem(422, "file_missing", errors=[_error("/file", "required")])
    data = file.stream.read(MOST_ATTACHED + 1)
    if len(data) > MOST_ATTACHED:
        raise Problem(413, "too_large", most="20 MiB")
    if not _is(file.mimetype, data):
        raise Problem(422, "file_type", type=file.mimetype, errors=[_error("/file", "pattern")])
    return _name(file.filename), file.mimetype, data


def told(problem: ValidationError) -> list[dict[str, str]]:
    """The errors of the form beside a file."""
    return [_error(pointer, key) for pointer, key in _flat(problem.messages)]


def _is(media_type: str, data: bytes) -> bool:
    if media_type not in ALLOWED or not data:
        return False
    if marks := ALLOWED[media_type]:
        return data.startswith(marks)
    try:
        return "\x00" not in data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _is_gb18030(data)


def _is_gb18030(data: bytes) -> bool:
    try:
        return "\x00" not in data.decode("gb18030")
    except UnicodeDecodeError:
        return False


def _name(given: str) -> str:
    """The file's own name without any folder; Chinese names are kept."""
    name = given.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in name if char.isprintable())[:200].strip(". ")
    return name or secure_filename(given) or "file"
