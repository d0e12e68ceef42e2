"""Signing in and out at the pages: the right pair gets in, every other hears one sentence, and cookies are kept close."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from application import accounts
from application.database import Connection, connect
from application.office import Office
from domain.powers import Actor
from interface.app import create_app
from interface.pages.signing import within
from interface.settings import Settings
from projections.views import Views

PASSWORD = "秋收冬藏 and sow again"


@pytest.fixture
def owner(url: str) -> Iterator[Connection]:
    with connect(url, "owner") as connection:
        accounts.add(connection, "lead.1", PASSWORD, Actor("lead.1", "inspector_lead", "620502-hrss", "620502"))
        yield connection


@pytest.fixture
def browser(at_work: Flask, owner: Connection) -> FlaskClient:
    return at_work.test_client()


def token(page: str) -> str:
    """The token against forged forms, as the page has it."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return unescape(found[1])


def sign_in(
    browser: FlaskClient, name: str = "lead.1", password: str = PASSWORD, going: str | None = None, **more: Any
) -> Any:
    page = browser.get("/sign-in", query_string={"next": going} if going else None, **more)
    form = {"csrf_token": token(page.text), "name": name, "password": password, "next": going or ""}
    return browser.post("/sign-in", data=form, **more)


def is_signed_in(browser: FlaskClient, **more: Any) -> bool:
    answer = browser.get("/", **more)
    assert answer.status_code in (200, 303), answer.text
    return answer.status_code == 200


class TestSigningIn:
    def test_opens_the_pages(self, browser: FlaskClient):
        assert not is_signed_in(browser)

        answer = sign_in(browser)

        assert (answer.status_code, answer.location) == (303, "/")
        assert is_signed_in(browser)
        assert browser.get("/sign-in").status_code == 303, "whoever is signed in is not asked again"

    def test_leads_back_to_where_one_was_going(self, browser: FlaskClient):
        sent = browser.get("/cases?status=filed&q=a%20b")
        assert sent.status_code == 303
        assert sent.location.startswith("/sign-in?next=")

        assert sign_in(browser, going="/cases?status=filed&q=a%20b").location == "/cases?status=filed&q=a%20b"

    @pytest.mark.parametrize(
        "address",
        ["https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
         "javascript:alert(1)", "cases", "", " //evil.example", "/\r\nSet-Cookie: a=b", "/a\\b"],
    )  # fmt: skip
    def test_never_leads_elsewhere(self, browser: FlaskClient, address: str):
        assert within(address) == "/"
        assert sign_in(browser, going=address).location == "/"

    def test_says_the_same_of_a_wrong_name_and_a_wrong_password_and_keeps_the_name(self, browser: FlaskClient):
        wrong = [sign_in(browser, "lead.1", "not the password"), sign_in(browser, "nobody.1", PASSWORD)]

        for answer, name in zip(wrong, ("lead.1", "nobody.1"), strict=True):
            assert answer.status_code == 401
            assert answer.text.count('role="alert"') == 1
            assert f'value="{name}"' in answer.text
            assert PASSWORD not in answer.text
            assert "not the password" not in answer.text
        assert strip(wrong[0].text, "lead.1") == strip(wrong[1].text, "nobody.1")
        assert not is_signed_in(browser)

    def test_asks_for_both(self, browser: FlaskClient):
        assert sign_in(browser, "lead.1", "").status_code == 422
        assert sign_in(browser, "", PASSWORD).status_code == 422

    def test_is_refused_after_ten_wrong_ones_even_with_the_right_one(self, browser: FlaskClient):
        wrong = [sign_in(browser, password="not the password").status_code for _ in range(2 * accounts.PER_NAME)]
        assert wrong[: accounts.PER_NAME] == [401] * accounts.PER_NAME
        assert wrong[-1] == 429  # twice as often, should a quarter of an hour end in between

        answer = sign_in(browser)

        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 900
        assert 'role="alert"' in answer.text
        assert not is_signed_in(browser)

    def test_of_a_form_from_elsewhere_is_refused(self, browser: FlaskClient):
        answer = browser.post("/sign-in", data={"name": "lead.1", "password": PASSWORD})

        assert answer.status_code == 400
        assert not is_signed_in(browser)

    def test_begins_a_session_of_its_own_whatever_the_cookie_said(self, browser: FlaskClient, owner: Connection):
        """Session fixation: who planted a cookie learns nothing of what comes after."""
        sign_in(browser)
        planted = browser.get_cookie("qingxin").value
        page = browser.get("/")
        browser.post("/sign-out", data={"csrf_token": token(page.text)})
        sign_in(browser)

        assert browser.get_cookie("qingxin").value != planted
        browser.set_cookie("qingxin", planted)
        assert not is_signed_in(browser)


class TestSigningOut:
    def test_ends_the_session_also_for_a_copy_of_the_cookie(self, browser: FlaskClient):
        sign_in(browser)
        copy = browser.get_cookie("qingxin").value

        answer = browser.post("/sign-out", data={"csrf_token": token(browser.get("/").text)})

        assert (answer.status_code, answer.location) == (303, "/sign-in")
        browser.set_cookie("qingxin", copy)
        assert not is_signed_in(browser)

    def test_is_no_link(self, browser: FlaskClient):
        sign_in(browser)

        assert browser.get("/sign-out").status_code == 405
        assert browser.post("/sign-out").status_code == 400
        assert is_signed_in(browser)

    @pytest.mark.parametrize("column", ["seen_at", "started_at"])
    def test_comes_by_itself_in_time(self, browser: FlaskClient, owner: Connection, column: str):
        sign_in(browser)
        owner.execute(f"UPDATE sessions SET {column} = {column} - interval '12 hours'")

        assert not is_signed_in(browser)

    def test_comes_at_once_when_the_account_is_disabled(self, browser: FlaskClient, owner: Connection):
        sign_in(browser)
        accounts.disable(owner, "lead.1")

        assert not is_signed_in(browser)


class TestCookies:
    def test_are_not_for_scripts_nor_for_other_sites(self, browser: FlaskClient):
        cookie = sign_in(browser).headers["Set-Cookie"]

        assert cookie.startswith("qingxin=")
        assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Secure" not in cookie
        assert "Expires" not in cookie

    def test_go_over_tls_alone_behind_a_proxy_that_speaks_it(self, office: Office, views: Views, owner, tmp_path: Path):
        settings = Settings(tmp_path, None, 8765, 2, https=True)
        app = create_app(lambda: office, lambda: views, settings)
        behind = {
            "headers": {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.1.2.3", "X-Forwarded-Host": "qx.example"}
        }
        browser = app.test_client()

        page = browser.get("/sign-in", base_url="https://qx.example", **behind)
        form = {"csrf_token": token(page.text), "name": "lead.1", "password": PASSWORD}
        answer = browser.post("/sign-in", data=form, base_url="https://qx.example", **behind)

        assert answer.status_code == 303, "without a Referer, which our pages do not send"
        assert answer.headers["Set-Cookie"].startswith("__Host-qingxin=")
        assert "; Secure" in answer.headers["Set-Cookie"]
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert is_signed_in(browser, base_url="https://qx.example", **behind)

    def test_are_neither_read_nor_set_where_programs_ask(self, browser: FlaskClient):
        sign_in(browser)

        for path in ("/api/cases", "/healthz", "/static/api-docs.js"):
            with browser.get(path) as answer:
                assert "Set-Cookie" not in answer.headers
        assert browser.get("/api/cases").status_code == 401

    def test_open_only_under_the_key_of_the_office(self, browser: FlaskClient, office: Office):
        sign_in(browser)
        forged = create_app(lambda: office, lambda: None)
        forged.secret_key = b"another key"
        cookie = browser.get_cookie("qingxin").value

        assert browser.application.secret_key == office.vault.cookie_key()
        assert forged.session_interface.get_signing_serializer(forged).loads_unsafe(cookie)[0] is False


def strip(page: str, name: str) -> str:
    """A page without what is different each time."""
    return re.sub(r'value="[^"]{40,}"', "", page).replace(f'value="{name}"', "")
