"""For the worker: what became of a complaint, by its number and code.  It tells nothing else, and nothing about anybody."""

from __future__ import annotations

from flask import Blueprint, Response, request

from interface.pages import typed
from interface.pages.counter import ask
from interface.pages.frame import page

bp = Blueprint("public", __name__)


@bp.route("/status", methods=["GET", "POST"])
def status() -> Response:
    """The question, and how the complaint stands.  A wrong number and a wrong code get the same answer."""
    if request.method == "GET":
        return page("status.html")
    said = {name: typed.narrow(request.form.get(name)) for name in ("number", "code")}
    answer = ask("POST", "/api/status", body={name: value for name, value in said.items() if value})
    if answer.ok:
        return page("status.html", found=answer.body)
    response = page(
        "status.html",
        answer.status,
        said="" if answer.errors else answer.detail,
        number=said["number"],
        errors=answer.errors,
    )
    if "Retry-After" in answer.headers:
        response.headers["Retry-After"] = answer.headers["Retry-After"]
    return response
