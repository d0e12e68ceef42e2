"""Static files under an address that changes with them, so that a browser asks for each once and keeps it."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

FOR_EVER = "public, max-age=31536000, immutable"


def configure(app: Flask) -> None:
    """Add what a file is to every address ``url_for`` makes of it, and let whoever asks by it keep the answer."""
    folder = Path(app.static_folder or "")

    @cache
    def print_of(name: str) -> str | None:
        file = folder / name
        return sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else None

    @app.url_defaults
    def version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and (found := print_of(values["filename"])):
            values.setdefault("v", found)

    @app.after_request
    def keep(response: Response) -> Response:
        asked = request.args.get("v")
        if request.endpoint == "static" and asked and asked == print_of((request.view_args or {})["filename"]):
            response.headers["Cache-Control"] = FOR_EVER
        return response
