"""The desk: web pages people work in all day, on the same application and read models as the API.

Read ``frame.py`` (what every page has), ``counter.py`` (how a page asks the API) and ``forms.py`` (how a form is made from an event)
first; then a room each: ``home``, ``cases`` (the register), ``case``, ``acting``, ``intake``, ``ledgers`` (the other records), ``board``,
``revisits``, ``numbers``, ``rulebook``, ``statistics``, ``oversight``, ``public`` (for the worker), ``signing``.
"""

from __future__ import annotations

from flask import Flask

from interface.pages import (
    acting,
    assets,
    board,
    case,
    cases,
    draws,
    frame,
    help,
    home,
    intake,
    ledgers,
    numbers,
    oversight,
    public,
    revisits,
    rulebook,
    signing,
    statistics,
)  # fmt: skip
from interface.settings import Settings

ROOMS = (
    signing, home, cases, case, acting, intake, draws, ledgers, board, revisits, numbers, rulebook, statistics, oversight, public,
    help,
)  # fmt: skip
for room in ROOMS:  # once, however many applications there are
    frame.bp.register_blueprint(room.bp)


def register(app: Flask, settings: Settings | None = None) -> None:
    """Open the desk in an application that has its counter already."""
    signing.configure(app, settings)
    frame.configure(app)
    assets.configure(app)
    app.register_blueprint(frame.bp)
