"""Wires an application together: the office and the views it is given, the routes, the answers to faults."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from application.office import Office
from interface import packing, pages
from interface.api import (
    asking,
    cases,
    escalation,
    health,
    intake,
    mechanisms,
    openapi,
    oversight,
    papers,
    periods,
    problems,
    reading,
    records,
)  # fmt: skip
from interface.settings import Settings
from projections.views import Views

CSP = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; style-src-attr 'unsafe-inline'; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class Smorest(Api):  # type: ignore[misc]
    """flask-smorest's Api, with our own answers to faults."""

    def _register_error_handlers(self) -> None:
        """Faults are answered in ``problems.py``."""

    def handle_http_exception(self, error: HTTPException) -> Response:
        return problems.http(error)


def create_app(office: Callable[[], Office], views: Callable[[], Views], settings: Settings | None = None) -> Flask:
    """The counter over an office and its views, each made on first use, so that a worker makes its own after a fork."""
    app = Flask(__name__, static_url_path="/static")
    app.config.update(
        API_TITLE="清薪 Qingxin",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "info": {"description": "根治欠薪案件办理接口 — the API of a labour office that fights wage arrears."}
        },
        MAX_CONTENT_LENGTH=asking.MOST,
        MAX_FORM_MEMORY_SIZE=asking.MOST,
        PROPAGATE_EXCEPTIONS=False,
        JSON_AS_ASCII=False,
    )
    app.extensions |= {"office": office, "views": views}
    app.url_map.strict_slashes = False

    packing.register(app)
    problems.register(app)
    health.watch(app)
    app.before_request(asking.sign_in)
    app.before_request(asking.check_body)
    app.after_request(_guard)
    app.teardown_request(lambda _: request.close())  # attached files lie in temporary files until then

    api = Smorest(app)
    openapi.register_types(api)
    counters = (
        cases.bp, cases.queue_bp, *records.BLUEPRINTS.values(), mechanisms.rulebook_bp, escalation.bp, intake.status_bp,
        intake.revisits_bp, reading.journal_bp, reading.reports_bp, periods.bp, oversight.bp,
        papers.bp,
    )  # fmt: skip
    for blueprint in counters:
        api.register_blueprint(blueprint)
    app.register_blueprint(openapi.bp)
    app.register_blueprint(health.bp)
    app.extensions["openapi"] = openapi.serialised(api)
    pages.register(app, settings)
    return app


def _guard(response: Response) -> Response:
    """Headers every answer carries."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("X-Frame-Options", "DENY")
    if request.path.startswith("/api/docs") or response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", CSP)
    return response
