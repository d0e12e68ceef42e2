"""The forms that take files: which files each takes, and how large a request with them may be."""

from __future__ import annotations

from typing import get_args

from flask import request

from application.screening import Export
from interface.api.asking import MOST, MOST_ATTACHED

UPLOADS = {"attach": ("file",), "screen": get_args(Export)}
"""The files an action takes."""


def widen() -> None:
    """Let a request that sends files be as large as they may be: called for an officer, before anything of the form is read."""
    if request.endpoint == "pages.acting.act" and (request.view_args or {}).get("action") in UPLOADS:
        request.max_content_length = MOST_ATTACHED + MOST
