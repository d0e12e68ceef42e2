"""Answers in text are sent compressed to who takes them so: a county's line is slow, and a page is mostly words said again.

Compressing what is secret together with what a stranger may choose tells the stranger, by the length, where the two are alike
(BREACH).  So what another site asked for is never compressed, nor the answer to a form; and every page has a few bytes of chance in
it.  See docs/security.md, "On the wire".
"""

from __future__ import annotations

import gzip
import secrets
import struct
from functools import lru_cache

from flask import Flask, Response, request

TYPES = frozenset({
    "text/html", "text/css", "text/javascript", "text/csv", "text/plain", "application/javascript", "application/json",
    "application/problem+json", "application/manifest+json", "image/svg+xml",
})  # fmt: skip
LEAST = 1024
LEVEL, LEVEL_KEPT = 5, 9
MOST_PADDING = 100
OURS = frozenset({None, "same-origin", "none"})
"""What a browser says of where a request came from, when it was one of our own pages or the officer's own hand."""


def register(app: Flask) -> None:
    """Compress the answers of an application.  Called before any other look at answers is registered: it comes last."""
    app.after_request(_packed)


def _packed(response: Response) -> Response:
    if response.mimetype not in TYPES:
        return response
    response.vary.add("Accept-Encoding")
    if not _may(response):
        return response
    kept = request.endpoint == "static"
    file, response.direct_passthrough = response.response, False
    data = response.get_data()
    if hasattr(file, "close"):
        file.close()
    if len(data) < LEAST:
        return response
    response.set_data(_once(data) if kept else packed(data, secrets.randbelow(MOST_PADDING)))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    if etag := response.get_etag()[0]:
        response.set_etag(etag, weak=True)  # the same words, other bytes
    return response


def _may(response: Response) -> bool:
    """Whether an answer may be compressed: whole, asked for by ourselves, and of no form."""
    return (
        request.method == "GET"
        and not request.path.startswith("/api")  # whose ETag is a version, to be sent back as it is
        and response.status_code == 200
        and "Content-Encoding" not in response.headers
        and request.accept_encodings.quality("gzip") > 0
        and (request.endpoint == "static" or request.headers.get("Sec-Fetch-Site") in OURS)
        and (request.endpoint == "static" or not response.is_streamed)
    )


@lru_cache(maxsize=64)
def _once(data: bytes) -> bytes:
    """A file of our own, which is compressed once in a process."""
    return packed(data, level=LEVEL_KEPT)


def packed(data: bytes, padding: int = 0, *, level: int = LEVEL) -> bytes:
    """Bytes as gzip, as much longer as the padding says: a name in the head, which whoever unpacks them skips (RFC 1952, FNAME)."""
    whole = gzip.compress(data, level, mtime=0)
    if not padding:
        return whole
    magic, method, _flags, mtime, extra, system = struct.unpack("<2sBBIBB", whole[:10])
    head = struct.pack("<2sBBIBB", magic, method, 0x08, mtime, extra, system)
    return head + b"x" * padding + b"\0" + whole[10:]
