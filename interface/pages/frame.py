"""What every page has: who is at the desk, in which language and light; the words and figures of a page; how a fault looks.

``bp`` is the parent of all pages: its checks hold for each of them, and its answers to faults are pages too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import msgspec
from babel.dates import format_datetime
from babel.support import NullTranslations
from flask import Blueprint, Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import Babel, get_locale, get_translations
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from application.office import today
from application.regions import name_of
from domain.day import SHANGHAI
from domain.offices import OFFICE, office_exists
from domain.powers import Actor, decide
from domain.records import RECORDS
from domain.rules.checklist import ITEMS
from domain.rules.settings import SETTINGS
from domain.words import WORDS, label, word
from interface.api.asking import views
from interface.api.problems import answer_to
from interface.pages import codes
from interface.pages.counter import Answer, Answered
from interface.pages.signing import whoever, within, without_cookies
from interface.pages.uploads import widen

bp = Blueprint("pages", __name__)
csrf = CSRFProtect()
babel = Babel()

LANGUAGES = {"zh": "zh_Hans", "en": "en"}
THEMES = ("auto", "light", "dark")
A_YEAR = 365 * 24 * 3600
_ID = re.compile(r"(?<![0-9a-f-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f-])")
OPEN = {"pages.signing", "pages.public"}
"""The blueprints whose pages need nobody to have signed in."""

NAVIGATION: tuple[tuple[str, Any, str], ...] = (
    ("/", lazy("Home"), "read"),
    ("/cases", lazy("Cases"), "read"),
    ("/intake", lazy("Intake"), "receive"),
    ("/projects", lazy("Projects"), "read"),
    ("/inspections", lazy("Inspections"), "read"),
    ("/campaigns", lazy("Campaigns"), "read"),
    ("/draws", lazy("Draws"), "read"),
    ("/board", lazy("Escalation"), "read"),
    ("/employers", lazy("Sanction list"), "read"),
    ("/trainings", lazy("Trainings"), "read"),
    ("/revisits", lazy("Revisits"), "read"),
    ("/statistics", lazy("Statistics"), "reports"),
    ("/oversight", lazy("Oversight"), "oversight"),
    ("/journal", lazy("Journal"), "journal"),
    ("/numbers", lazy("Numbers of papers"), "read"),
    ("/rulebook", lazy("Rulebook"), "read"),
)
"""The rooms of the office: address, name, and the power that opens the door."""


LABELLED: dict[str, Any] = {"found_on": lazy("Found on"), "mended_on": lazy("Mended on")}
"""Labels of what is worked out of a record, and so is no fact of an event."""


def configure(app: Flask) -> None:
    """Languages, protection against forged forms, and the words that every template may use."""
    app.config.update(
        BABEL_DEFAULT_LOCALE="zh_Hans", BABEL_TRANSLATION_DIRECTORIES=f"{app.root_path}/translations",
        WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, TEMPLATES_AUTO_RELOAD=False,
    )  # fmt: skip
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.register_error_handler(404, nowhere)
    app.register_error_handler(405, nowhere)
    babel.init_app(app, locale_selector=lambda: LANGUAGES[chosen_language()])
    words: Any = app.jinja_env
    words.install_gettext_callables(  # as flask-babel does, but the language is asked for once a request, not once a word
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, count: _catalogue().ungettext(one, many, count),
        newstyle=True,
    )
    csrf.init_app(app)
    app.jinja_env.globals.update(query=query, checklist=ITEMS, chinese=lambda: lang() == "zh")
    spoken: dict[str, Callable[..., Any]] = {
        "money": money, "instant": instant, "place": place, "office": office_name, "word": worded, "act": act_word, "fact": fact_label,
        "told": told, "said": in_names, "setting": setting, "in_words": in_words,
    }  # fmt: skip
    app.jinja_env.filters.update({name: _at_each_request(filter) for name, filter in spoken.items()})


def _at_each_request(filter: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that speaks the language of the request: of a constant, too, which Jinja would else compute once for all."""

    @pass_context
    def asked(_context: Context, *values: Any) -> Any:
        return filter(*values)

    return asked


def _catalogue() -> NullTranslations:
    """The sentences of the pages in the language of the request."""
    if "catalogue" not in g:
        g.catalogue = get_translations()
    found: NullTranslations = g.catalogue
    return found


# Who is there, and how they like it


def chosen_language() -> str:
    """Chinese, unless the officer chose English here before."""
    return "en" if request.cookies.get("lang") == "en" else "zh"


def chosen_theme() -> str:
    theme = request.cookies.get("theme", "auto")
    return theme if theme in THEMES else "auto"


def lang() -> str:
    return "en" if str(get_locale()) == "en" else "zh"


@bp.before_request
def enter() -> Response | None:
    """Find out who is there; whoever has not signed in is asked to, and comes back to where they were going."""
    g.lang, who = chosen_language(), whoever()
    if who is not None:
        g.actor = who
        widen()
    elif request.blueprint not in OPEN and request.endpoint != "pages.preferences":
        return _to_sign_in()
    if request.method == "POST":
        csrf.protect()
    return None


def _to_sign_in() -> Response:
    """Ask a stranger to sign in; who was at work on a part of a page stays there, for what was typed is on it."""
    address = url_for("pages.signing.sign_in", next=_here())
    if not in_part():
        return away(address)
    said = _(
        "You are no longer signed in. What you typed stays here: sign in in another window, come back and send it again."
    )
    return fault(401, said, link=(url_for("pages.signing.sign_in", next="/keys"), _("Sign in")))


@bp.after_request
def keep_private(response: Response) -> Response:
    """A page of the office is for the eyes of the one who asked, now: never kept on the way or on the disk of a shared PC."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.add("Vary", "Cookie")
    return response


@bp.app_context_processor
def around() -> dict[str, Any]:
    """What every template may ask for."""
    actor: Actor | None = g.get("actor")
    return {
        "actor": actor, "lang": lang(), "theme": chosen_theme(), "today": today(), "word": worded, "rooms": rooms(actor),
        "query": query, "may_do": lambda action, record=None: actor is not None and decide(actor, action, record).allowed,
    }  # fmt: skip


def rooms(actor: Actor | None) -> list[dict[str, Any]]:
    """The rooms that are open to an officer."""
    if actor is None:
        return []
    return [
        {"path": path, "name": name, "here": request.path == path or (path != "/" and request.path.startswith(f"{path}/"))}
        for path, name, power in NAVIGATION
        if decide(actor, power).allowed
    ]  # fmt: skip


@bp.post("/preferences")
def preferences() -> Response:
    """Keep the language and the light an officer likes, for a year, on this PC."""
    answer = away(within(request.form.get("next")))
    if request.form.get("lang") in LANGUAGES:
        answer.set_cookie("lang", request.form["lang"], max_age=A_YEAR, samesite="Lax", httponly=True)
    if request.form.get("theme") in THEMES:
        answer.set_cookie("theme", request.form["theme"], max_age=A_YEAR, samesite="Lax", httponly=True)
    return answer


# How pages answer


def page(template: str, status: int = 200, /, **facts: Any) -> Response:
    """A page, or the part of one that htmx asked for."""
    return make_response(render_template(template, **facts), status)


def away(address: str) -> Response:
    """Go to another page; htmx is told so in a header of its own, for it would follow a redirect within the part."""
    if request.headers.get("HX-Request"):
        answer = make_response("", 200)
        answer.headers["HX-Redirect"] = address
        return answer
    return make_response(redirect(address, 303))


def in_part() -> bool:
    """Whether only a part of the page was asked for."""
    return request.headers.get("HX-Request") == "true"


def query(**changed: Any) -> str:
    """The query string at hand with some of it changed; None takes a filter away."""
    kept = {name: values for name, values in request.args.lists() if name not in changed}
    given = {name: value for name, value in changed.items() if value is not None}
    return "?" + urlencode({**kept, **given}, doseq=True)


def _here() -> str:
    """Where to come back to: the page that was asked for, or the page of the form that was sent."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    if request.url_rule is not None and "GET" in (request.url_rule.methods or ()):
        return request.path
    return within(request.referrer and urlsplit(request.referrer).path)


# How a fault looks


@bp.errorhandler(Answered)
def _answered(problem: Answered) -> Response:
    return fault(problem.answer.status, problem.answer.detail, wrong=labelled(problem.answer.errors))


@bp.errorhandler(CSRFError)
def _forged(problem: CSRFError) -> Response:
    if in_part():
        return fault(
            400,
            _(
                "This form had expired and is good again. Nothing was recorded, and what you typed is here: send it once more."
            ),
        )
    return fault(400, _("This form has expired; go back, reload the page and send it again. What you typed is kept."))


@bp.errorhandler(Exception)
def _faulty(problem: Exception) -> Response:
    """Whatever the API would say to it, as a page."""
    if isinstance(problem, RequestRedirect):
        return make_response(problem.get_response())
    said = answer_to(problem)
    body = Answer(said.status_code, msgspec.json.decode(said.get_data()))
    answer = fault(body.status, body.detail, wrong=labelled(body.errors))
    for name in ("Retry-After", "Allow"):
        if name in said.headers:
            answer.headers[name] = said.headers[name]
    return answer


def nowhere(problem: HTTPException) -> Response:
    """An address that is none: of what programs ask, a problem; else a page."""
    asked_by_program = request.path.startswith("/api") or without_cookies(request.path)
    return answer_to(problem) if asked_by_program else _faulty(problem)


def fault(
    status: int, detail: str, *, link: tuple[str, str] | None = None, wrong: Iterable[tuple[str, str]] = ()
) -> Response:
    """A sentence that says what is wrong and what to do, as a page; where a part was asked for, above the page as it stands."""
    said = {"status": status, "detail": in_words(detail), "link": link, "wrong": list(wrong)}
    if not in_part():
        return page("fault.html", status, **said)
    answer = page("fault_part.html", status, **said)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#fault", "innerHTML"
    return answer


def labelled(errors: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is wrong with which field, the field under its label; ``inspectors-1`` is one of the inspectors."""
    group = "filter" if request.method == "GET" else ""
    names = {name: [part for part in name.split("-") if not part.isdecimal()] for name in errors}
    return [(fact_label(names[name][-1], group) if names[name] else "", said) for name, said in errors.items()]


_MARKED = re.compile(r"(?<=[(\uff08“])[A-Za-z][A-Za-z0-9_.]+(?=[)\uff09”])")


def in_words(detail: str) -> str:
    """A sentence with the codes that stand in its brackets or quotes - a role, a power, a setting - in words."""
    return _MARKED.sub(lambda code: _spoken(code[0]), detail)


def _spoken(code: str) -> str:
    """A role, a room by the power that opens it, a number the office decides, or an act on a sort of record, in words."""
    rooms = {power: str(name) for _path, name, power in NAVIGATION if power != "read"}
    if code in rooms:
        return rooms[code]
    if code in WORDS["role"]:
        return worded(code, "role")
    sort, _dot, action = code.rpartition(".")
    return setting(code) if code in SETTINGS else act_word(action, sort)


# Words and figures


def worded(code: Any, fact: str = "") -> str:
    """A code in the officer's language."""
    return "" if code is None else word(str(code), lang(), fact)


def act_word(action: str, sort: str = "") -> str:
    """An action as a button says it: a few mean something else on one sort of record."""
    return word(
        action, lang(), f"{sort}_action" if sort in RECORDS and action in WORDS.get(f"{sort}_action", {}) else "action"
    )


def setting(name: str) -> str:
    """A number the office decides, by what it means."""
    return codes.setting(name, lang())


def fact_label(name: str, event: str = "") -> str:
    return str(LABELLED[name]) if name in LABELLED else label(name, lang(), event)


def money(amount: Any) -> str:
    """Yuan with two places; an unknown amount says so."""
    if amount in (None, ""):
        return _("unknown")
    try:
        return f"{Decimal(str(amount)):,.2f}"
    except InvalidOperation:
        return str(amount)


def instant(moment: Any) -> str:
    """A moment as the clock on the wall shows it in China, to the second."""
    if not moment:
        return ""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return format_datetime(found, "yyyy-MM-dd HH:mm:ss", tzinfo=SHANGHAI)


def place(division: str | None) -> str:
    """A division by its name."""
    return name_of(division) if division else ""


def office_name(office: str | None) -> str:
    """An office by its place and kind: ``620502-hrss`` is 秦州区人社局."""
    if not office:
        return ""
    division, _dash, kind = office.partition("-")
    if not kind:
        return word(office, lang())
    return (
        f"{place(division)}{worded(kind, 'office')}"
        if lang() == "zh"
        else f"{place(division)} {worded(kind, 'office')}"
    )


def in_names(sentence: str) -> str:
    """The sentence of an event, with offices by their names and records by their numbers instead of their codes."""
    named = OFFICE.sub(lambda found: office_name(found[0]) if office_exists(found[0]) else found[0], sentence)
    return _ID.sub(lambda found: called(found[0]), named)


def called(id: str) -> str:
    """A record by its number; by its id where it has none, or is not within sight."""
    look_up([id])
    return str(g.called[id])


def look_up(texts: Iterable[str]) -> None:
    """Look up what the records are called that some texts speak of: a page with many sentences asks once for all of them."""
    known: dict[str, str] = g.setdefault("called", {})
    ids = {id for text in texts for id in _ID.findall(text)} - known.keys()
    if ids:
        numbers = views().numbers_of(g.actor.scope, [UUID(id) for id in ids]) if g.get("actor") else {}
        known.update((id, numbers.get(UUID(id), id)) for id in ids)


def told(value: Any, fact: str = "", event: str = "") -> str | Markup:
    """A fact as a person reads it: codes in words, lists joined, parts named."""
    between = "、" if lang() == "zh" else ", "
    match value:
        case None | "":
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case {"name": str(name), **rest} if not rest.keys() - {"uscc"}:
            return f"{name} ({rest['uscc']})" if rest.get("uscc") else name
        case dict() if fact == "thresholds":
            return codes.thresholds(value, lang())
        case dict() if fact == "found":
            return codes.found(value, lang())
        case dict():
            return between.join(
                f"{fact_label(name, event)} {told(part, name)}"
                for name, part in value.items()
                if part not in (None, "")
            )
        case list() | tuple():
            return between.join(str(told(part, fact)) for part in value)
        case date():
            return value.isoformat()
        case str() if "amount" in fact or fact in ("fine", "balance"):
            return money(value)
        case str() if OFFICE.fullmatch(value) and office_exists(value):
            return office_name(value)
        case str() if _ID.fullmatch(value):
            return called(value)
        case str() if fact == "rule":
            return codes.rule(value, lang())
        case str() if fact == "division":
            return place(value)
        case str() if fact == "signals":
            return re.sub(r"\((\w+)\)", lambda level: f"({word(level[1], lang())})", value)
        case str() if fact == "field":
            return fact_label(value, event)
        case str():
            return word(value, lang(), fact)
    return str(value)


def chips(filters: Iterable[tuple[str, Any, str]]) -> list[dict[str, str]]:
    """Filters in force as chips: what each says, and the address without it."""
    return [
        {"label": label, "value": value, "without": request.path + query(**{name: None, "page": None})}
        for name, value, label in filters
        if value not in (None, "")
    ]
