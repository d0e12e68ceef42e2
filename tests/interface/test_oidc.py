"""Signing in at the office's OpenID provider, a real one on loopback: who is vouched for gets in, whoever else does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey

from application import accounts
from application.database import connect
from application.office import Office
from domain.powers import Actor
from interface.app import create_app
from interface.settings import NotSet, Provider, Settings
from projections.views import Views
from tests.interface.provider import CLIENT, SECRET, provider
from tests.interface.provider import Provider as Vouching

LEAD = Actor("lead.1", "inspector_lead", "620502-hrss", "620502")


@pytest.fixture
def vouching() -> Iterator[Vouching]:
    with provider() as running:
        yield running


@pytest.fixture
def browser(office: Office, views: Views, vouching: Vouching, url: str, tmp_path) -> FlaskClient:
    with connect(url, "owner") as connection:
        accounts.add(connection, "lead.1", None, LEAD, subject=accounts.subject_of(vouching.issuer, "7f3a"))
    ours = Provider(vouching.issuer, CLIENT, SECRET, "市政务平台")
    return create_app(lambda: office, lambda: views, Settings(tmp_path, None, 8765, 2, provider=ours)).test_client()


def sent(browser: FlaskClient, going: str = "") -> str:
    """Where the provider sends the browser back to."""
    away = browser.get("/sign-in/oidc", query_string={"next": going})
    assert away.status_code == 302, away.text
    back = requests.get(away.location, allow_redirects=False, timeout=10)
    return back.headers["Location"].removeprefix("http://localhost")


def comes_back(browser: FlaskClient, going: str = "") -> Any:
    return browser.get(sent(browser, going))


class TestWhoIsVouchedFor:
    def test_gets_in_and_where_they_were_going(self, browser: FlaskClient, vouching: Vouching):
        page = browser.get("/sign-in?next=/cases")
        assert "市政务平台" in page.text
        assert 'href="/sign-in/oidc?next=/cases"' in page.text

        answer = comes_back(browser, "/cases")

        assert (answer.status_code, answer.location) == (303, "/cases")
        assert browser.get("/").status_code == 200
        assert {"state", "nonce", "code_challenge"} <= set(vouching.asked)

    def test_is_led_nowhere_else(self, browser: FlaskClient):
        assert comes_back(browser, "//evil.example").location == "/"

    def test_needs_an_account(self, browser: FlaskClient, vouching: Vouching):
        vouching.subject = "stranger"

        answer = comes_back(browser)

        assert answer.status_code == 403
        assert 'role="alert"' in answer.text
        assert "市政务平台" in answer.text
        assert browser.get("/").status_code == 303

    def test_does_not_get_in_to_a_disabled_account(self, browser: FlaskClient, url: str):
        with connect(url, "owner") as connection:
            accounts.disable(connection, "lead.1")

        assert comes_back(browser).status_code == 403

    def test_comes_back_once(self, browser: FlaskClient):
        back = sent(browser)

        assert browser.get(back).status_code == 303
        assert browser.get(back).status_code == 403, "the same code and state again"


class TestWhoIsNot:
    @pytest.mark.parametrize(
        "lie",
        [
            {"iss": "https://other.example"},
            {"aud": "another client"},
            {"aud": ["another client"], "azp": CLIENT},
            {"nonce": "another"},
            {"exp": 1},
            {"sub": ""},
            {"sub": None},
        ],
        ids=str,
    )
    def test_by_a_token_that_does_not_hold(self, browser: FlaskClient, vouching: Vouching, lie: dict[str, Any]):
        vouching.lying = lambda claims: {**claims, **lie}

        answer = comes_back(browser)

        assert answer.status_code == 403
        assert browser.get("/").status_code == 303

    @pytest.mark.parametrize("missing", ["nonce", "sub", "exp", "aud", "iss"])
    def test_by_a_token_that_says_too_little(self, browser: FlaskClient, vouching: Vouching, missing: str):
        vouching.lying = lambda claims: {name: value for name, value in claims.items() if name != missing}

        assert comes_back(browser).status_code == 403

    def test_by_a_token_signed_with_another_key_or_by_a_secret(self, browser: FlaskClient, vouching: Vouching):
        vouching.signing = {"alg": "RS256", "kid": "first"}, RSAKey.generate_key(2048)
        assert comes_back(browser).status_code == 403

        vouching.signing = vouching.of_its_secret
        assert comes_back(browser).status_code == 403

    def test_by_a_code_that_another_browser_was_given(self, browser: FlaskClient):
        """Login CSRF: the state belongs to the browser that began."""
        back = sent(browser)
        other = browser.application.test_client()

        assert other.get(back).status_code == 403
        assert other.get("/").status_code == 303

    def test_when_the_provider_refuses(self, browser: FlaskClient):
        sent(browser)

        assert browser.get("/sign-in/oidc/callback?error=access_denied&error_description=<script>").status_code == 403

    def test_when_the_provider_is_down(self, browser: FlaskClient, vouching: Vouching):
        vouching.down = True
        assert browser.get("/sign-in/oidc").status_code == 502
        vouching.down = False
        back = sent(browser)
        vouching.down = True

        answer = browser.get(back)

        assert answer.status_code in (403, 502)
        assert 'role="alert"' in answer.text

    def test_when_it_calls_itself_by_another_name(self, browser: FlaskClient, vouching: Vouching):
        vouching.issuer += "/another"

        assert browser.get("/sign-in/oidc").status_code == 403

    def test_by_attempts_that_were_given_up_the_cookie_does_not_grow(self, browser: FlaskClient):
        for _ in range(20):
            sent(browser)

        assert len(browser.get_cookie("qingxin").value) < 2000


class TestWithoutAProvider:
    def test_there_is_no_such_page(self, office: Office, views: Views):
        browser = create_app(lambda: office, lambda: views).test_client()

        assert browser.get("/sign-in/oidc").status_code == 404
        assert browser.get("/sign-in/oidc/callback").status_code == 404
        assert "oidc" not in browser.get("/sign-in").text


class TestSettings:
    def test_are_read_from_the_environment_and_the_secret_from_a_file(self, tmp_path, monkeypatch):
        (tmp_path / "secret").write_text("s3cret\n")
        for name, value in {"ISSUER": "https://id.example/", "CLIENT_ID": "qx", "CLIENT_SECRET_FILE": str(tmp_path / "secret"), "NAME": "统一身份认证", "CLAIM": "employee"}.items():  # fmt: skip
            monkeypatch.setenv(f"QINGXIN_OIDC_{name}", value)

        assert Settings.from_environment().provider == Provider(
            "https://id.example", "qx", "s3cret", "统一身份认证", "employee"
        )

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"CLIENT_ID": ""}, "CLIENT_ID as well"),
            ({"ISSUER": "http://id.example"}, "https"),
            ({"CLIENT_SECRET_FILE": "/nowhere/secret"}, "cannot be read"),
        ],
    )
    def test_by_half_are_refused(self, monkeypatch, wrong, said):
        for name, value in {"ISSUER": "https://id.example", "CLIENT_ID": "qx", **wrong}.items():
            monkeypatch.setenv(f"QINGXIN_OIDC_{name}", value)

        with pytest.raises(NotSet, match=said):
            Settings.from_environment()
