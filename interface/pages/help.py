"""What the keyboard does."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import lazy_gettext as lazy

from interface.pages.frame import page

bp = Blueprint("help", __name__)

KEYS = (
    ("/", lazy("Search cases")),
    ("j k", lazy("Next and previous line of a list, or case of the list")),
    ("Enter", lazy("Open the line")),
    ("g h", lazy("Home")),
    ("g c", lazy("Cases")),
    ("g i", lazy("Intake")),
    ("?", lazy("This page")),
)
"""What desk.js listens to."""


@bp.get("/keys")
def keys() -> Response:
    return page("keys.html", keys=KEYS)
