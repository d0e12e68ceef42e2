"""Signing in at a browser: with the keyboard alone, in both languages, without scripts; and what is said when it fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from application import accounts
from application.database import Connection
from interface.demo import PASSWORD
from tests.browser.conftest import fill_in, no_violations, sign_in

Open = Callable[..., Page]


class TestSigningIn:
    def test_leads_home_and_says_who_one_is(self, page_of: Open):
        page = page_of("lead.1", afresh=True)

        expect(page).to_have_url("/")
        expect(page.locator("header form.who")).to_contain_text("lead.1")

    def test_leads_back_to_where_one_was_going(self, page_of: Open):
        page = page_of()
        page.goto("/cases?status=filed")
        expect(page.locator("#password")).to_be_visible()

        fill_in(page, "lead.1", PASSWORD)

        expect(page).to_have_url("/cases?status=filed")

    def test_with_the_keyboard_alone(self, page_of: Open):
        page = page_of()
        page.goto("/sign-in")

        expect(page.locator("#name")).to_be_focused()
        page.keyboard.type("lead.1")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")

        expect(page.locator("header form.who b")).to_have_text("lead.1")

    def test_without_scripts(self, page_of: Open):
        page = page_of("lead.1", javascript=False, afresh=True)

        page.locator("header form.who button").click()

        expect(page.locator("#password")).to_be_visible()

    def test_says_one_sentence_and_keeps_the_name_when_it_fails(self, page_of: Open):
        page = page_of()
        fill_in(page, "lead.1", "not the password", going="/")

        expect(page.get_by_role("alert")).to_have_text("账号或口令不正确。")
        expect(page.locator("#name")).to_have_value("lead.1")
        expect(page.locator("#password")).to_have_value("")

        fill_in(page, "lead.1", PASSWORD)
        expect(page.locator("header form.who b")).to_have_text("lead.1")

    def test_waits_after_ten_wrong_ones(self, page_of: Open, owner: Connection):
        page = page_of()
        page.goto("/sign-in")
        for _ in range(accounts.PER_NAME):
            fill_in(page, "nobody.1", "not the password")
            expect(page.get_by_role("alert")).to_have_text("账号或口令不正确。")

        fill_in(page, "nobody.1", "not the password")

        expect(page.get_by_role("alert")).to_contain_text("分钟后再试")
        owner.execute("DELETE FROM attempts")  # this browser has the address of every other

    def test_speaks_english(self, page_of: Open):
        page = page_of(lang="en")
        page.goto("/sign-in")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

        fill_in(page, "lead.1", "not the password")
        expect(page.get_by_role("alert")).to_have_text("The account or the password is not right.")

        sign_in(page, "lead.1")
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    @pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_is_for_everybody(self, page_of: Open, lang: str, dark: bool):
        page = page_of(lang=lang, dark=dark)
        page.goto("/sign-in")
        no_violations(page)

        fill_in(page, "nobody.2", "not the password")
        expect(page.get_by_role("alert")).to_be_visible()
        no_violations(page)

    def test_fits_a_small_screen(self, page_of: Open):
        page = page_of(size=(360, 640))
        page.goto("/sign-in")

        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        no_violations(page)


class TestSigningOut:
    def test_closes_the_pages_and_the_way_back(self, page_of: Open):
        page = page_of("audit.1", afresh=True)
        page.locator("header form.who button").click()
        expect(page).to_have_url("/sign-in")

        page.go_back()

        expect(page.locator("#password")).to_be_visible()
        expect(page.locator("header form.who")).to_have_count(0)

    @pytest.mark.parametrize("column", ["seen_at", "started_at"])
    def test_comes_by_itself_in_time_and_one_comes_back_to_where_one_was(
        self, page_of: Open, owner: Connection, column
    ):
        page = page_of("cadre.1", afresh=True)
        owner.execute(
            f"UPDATE sessions SET {column} = {column} - interval '12 hours' FROM accounts a WHERE a.id = account AND a.name = 'cadre.1'"
        )

        page.goto("/cases")
        expect(page.locator("#password")).to_be_visible()

        fill_in(page, "cadre.1", PASSWORD)
        expect(page).to_have_url("/cases")
