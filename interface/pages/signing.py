"""Signing in and out: by name and password, or at the office's OpenID provider; and who is signed in.

The browser holds a signed cookie with the secret of a session that the database knows (application/accounts.py), so that signing
out, disabling an account and the limits of a session hold at the next request, in every worker.  ``whoever`` says who asks;
``configure`` makes an application keep its cookies this way.
"""

from __future__ import annotations

import re
from typing import Any

import structlog
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.wrappers import Request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_wtf import FlaskForm
from werkzeug.middleware.proxy_fix import ProxyFix
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from application import accounts
from domain.powers import Actor
from interface.api.asking import office
from interface.settings import Provider, Settings

bp = Blueprint("signing", __name__)
log = structlog.get_logger("pages")

PROGRAMS_ASK = ("/healthz", "/readyz", "/metrics")
A_YEAR = 31_536_000
_WITHIN = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


class SignIn(FlaskForm):
    """A name and a password."""

    name = StringField(
        lazy("Account"),
        [InputRequired(), Length(max=200)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True},
    )
    password = PasswordField(
        lazy("Password"), [InputRequired(), Length(max=1000)], render_kw={"autocomplete": "current-password"}
    )


def without_cookies(path: str) -> bool:
    """Whether an address is what programs ask: a token counts there, and no cookie is read or set."""
    return path.startswith(("/api/", "/static/")) or path in PROGRAMS_ASK


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookies under a key made from the office's, which is read when the first page is asked for."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return None if without_cookies(request.path) else super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> Any:
        if not app.secret_key:
            app.secret_key = app.extensions["office"]().vault.cookie_key()
        return super().get_signing_serializer(app)


def configure(app: Flask, settings: Settings | None = None) -> None:
    """Keep cookies as an office should: not for scripts, not for other sites, over TLS alone where there is TLS."""
    https = settings is not None and settings.https
    app.session_interface = Cookies()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-qingxin" if https else "qingxin",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        WTF_CSRF_SSL_STRICT=False,  # it asks for a Referer, and our pages tell browsers to send none; the token is asked for
    )
    if https:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
        app.after_request(_over_tls)
    if settings is not None and settings.provider:
        from interface.pages import openid

        app.extensions["provider"] = settings.provider
        openid.enrol(app, settings.provider)


def whoever() -> Actor | None:
    """Who is signed in at the browser that asks."""
    secret = session.get("secret")
    if not isinstance(secret, str):
        return None
    with office().datastore.get_connection() as connection:
        return accounts.session(connection, secret)


def within(address: str | None) -> str:
    """An address of our own; home for any other, however a browser might read it."""
    return address if address and _WITHIN.fullmatch(address) else "/"


# By name and password


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response:
    """Ask for a name and a password, and begin a session for whoever knows both."""
    going = within(request.values.get("next"))
    if request.method == "GET":
        return _away(going) if g.get("actor") else _asked(SignIn(formdata=None), going)
    form = SignIn()
    if not form.validate():
        return _asked(form, going, 422, _("Type the account and the password."))
    name, password = str(form.name.data), str(form.password.data)
    with office().datastore.get_connection() as connection:
        try:
            accounts.attempted(connection, name, request.remote_addr)
        except accounts.TooOften as problem:
            return _too_often(form, going, problem.seconds)
        account = accounts.signed_in(connection, name, password)
        if account is not None:
            accounts.forgiven(connection, name, request.remote_addr)
    if account is None:
        log.warning(
            "not signed in", address=request.remote_addr
        )  # without the name: it may be a password in the wrong field
        return _asked(form, going, 401, _("The account or the password is not right."))
    return _begun(account, going)


@bp.post("/sign-out")
def sign_out() -> Response:
    """End the session, here and in the database."""
    _ended()
    return _away(url_for(".sign_in"))


def _begun(account: int, going: str) -> Response:
    """A new session with a new secret, whatever the cookie said before."""
    _ended()
    with office().datastore.get_connection() as connection:
        session["secret"] = accounts.start(connection, account)
    log.info("signed in", account=account, address=request.remote_addr)
    return _away(going)


def _ended() -> None:
    secret = session.get("secret")
    if isinstance(secret, str):
        with office().datastore.get_connection() as connection:
            accounts.end(connection, secret)
    session.clear()


def _too_often(form: SignIn, going: str, seconds: int) -> Response:
    log.warning("tried too often", address=request.remote_addr)
    sentence = _("Too many attempts. Try again in %(minutes)d minutes.", minutes=-(-seconds // 60))
    answer = _asked(form, going, 429, sentence)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _asked(form: SignIn, going: str, status: int = 200, problem: str | None = None) -> Response:
    """The page that asks; the name is kept, the password is not."""
    provider = current_app.extensions.get("provider")
    return make_response(
        render_template("sign_in.html", form=form, going=going, problem=problem, provider=provider), status
    )


def _away(address: str) -> Response:
    return make_response(redirect(address, 303))


def _over_tls(response: Response) -> Response:
    response.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}")
    return response


# At the office's OpenID provider


@bp.get("/sign-in/oidc")
def oidc() -> Response:
    """Send the officer to the provider."""
    openid, provider = _openid()
    going = within(request.args.get("next"))
    for name in [name for name in session if name.startswith("_state_")]:  # of attempts that were given up
        session.pop(name)
    try:
        away: Response = openid.sent(provider, url_for(".oidc_callback", _external=True))
    except openid.NotVouched as problem:
        return _not_vouched(provider, problem, going)
    session["next"] = going
    return away


@bp.get("/sign-in/oidc/callback")
def oidc_callback() -> Response:
    """Begin a session for whom the provider vouches for, if they have an account here."""
    openid, provider = _openid()
    going = within(session.pop("next", None))
    try:
        subject = openid.subject(provider)
    except openid.NotVouched as problem:
        return _not_vouched(provider, problem, going)
    with office().datastore.get_connection() as connection:
        account = accounts.by_subject(connection, accounts.subject_of(provider.issuer, subject))
    if account is None:
        log.warning("vouched for, but without an account", address=request.remote_addr)
        sentence = _(
            "%(provider)s knows you, but you have no account here. Ask whoever keeps the accounts.",
            provider=provider.name,
        )
        return _asked(SignIn(formdata=None), going, 403, sentence)
    return _begun(account, going)


def _openid() -> tuple[Any, Provider]:
    """How the provider is spoken to, and which it is; 404 where none is configured."""
    provider = current_app.extensions.get("provider")
    if provider is None:
        abort(404)
    from interface.pages import openid

    return openid, provider


def _not_vouched(provider: Provider, problem: Any, going: str) -> Response:
    """What is said to an officer whom the provider does not vouch for."""
    log.warning("not vouched for", problem=problem.why, address=request.remote_addr)
    said = (
        _("%(provider)s does not answer. Try again later, or sign in with a password.", provider=provider.name)
        if problem.unreachable
        else _("Signing in with %(provider)s did not work. Try again.", provider=provider.name)
    )
    return _asked(SignIn(formdata=None), going, 502 if problem.unreachable else 403, said)
