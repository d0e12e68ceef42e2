"""The keyboard alone: to the page, to the search, through a list, from case to case, to an act that is recorded."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
OUTLINED = "() => { const style = getComputedStyle(document.activeElement); return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 }"


@pytest.fixture
def page(page_of: Open) -> Page:
    found: Page = page_of("lead.1")
    return found


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until something has the focus; everything on the way shows that it has it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(OUTLINED), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.locator(f"{selector}:focus").count():
            return
    pytest.fail(f"Tab never came to {selector}")


class TestGettingAbout:
    def test_the_first_tab_leads_past_the_bar(self, page: Page):
        page.goto("/cases")

        press(page, "Tab")
        expect(page.locator(".skip")).to_be_focused()
        expect(page.locator(".skip")).to_be_in_viewport()
        press(page, "Enter")

        expect(page.locator("#main")).to_be_focused()

    def test_a_slash_searches_from_anywhere(self, page: Page):
        page.goto("/rulebook")

        press(page, "/")
        expect(page.locator('header [name="q"]')).to_be_focused()
        page.keyboard.type("620502-2025-D00373")
        press(page, "Enter")

        expect(page).to_have_url(re.compile(r"q=620502-2025-D00373"))
        expect(page.locator("main tbody a").first).to_have_text("620502-2025-D00373")

    def test_two_letters_go_to_a_room(self, page: Page):
        page.goto("/rulebook")

        press(page, "g", "c")
        expect(page).to_have_url("/cases")
        press(page, "g", "h")
        expect(page).to_have_url("/")
        press(page, "?")
        expect(page).to_have_url("/keys")

    def test_letters_typed_into_a_field_are_letters(self, page: Page):
        page.goto("/cases")
        page.locator("#q").focus()

        page.keyboard.type("gc?/jk")

        expect(page.locator("#q")).to_have_value("gc?/jk")
        expect(page).to_have_url("/cases")

    def test_whoever_goes_by_tab_sees_where_they_are(self, page: Page):
        page.goto("/cases/620502-2025-D00373")

        tab_to(page, '.acts a[href*="/do/note"]', most=90)


class TestAList:
    def test_goes_line_by_line_and_opens_one(self, page: Page):
        page.goto("/cases?division=620502&status=filed")
        numbers = page.locator("main tbody tr td:first-child a").all_inner_texts()

        press(page, "j", "j", "k")
        expect(page.locator("main tbody tr.at a")).to_have_text(numbers[0])
        expect(page.locator("main tbody tr.at a")).to_be_focused()
        press(page, "j", "Enter")

        expect(page.locator("main h1")).to_contain_text(numbers[1])

    def test_leads_from_a_case_to_the_next_and_back_to_itself(self, page: Page):
        page.goto("/cases?division=620502&status=filed&sort=-claimed")
        numbers = page.locator("main tbody tr td:first-child a").all_inner_texts()
        press(page, "j", "Enter")
        expect(page.locator("main h1")).to_contain_text(numbers[0])
        expect(page.locator("main .head .tools")).to_contain_text(re.compile(rf"1\D+{len(numbers)}"))

        press(page, "j")
        expect(page.locator("main h1")).to_contain_text(numbers[1])
        expect(page.locator("main .head .tools")).to_contain_text(re.compile(rf"2\D+{len(numbers)}"))
        press(page, "k")
        expect(page.locator("main h1")).to_contain_text(numbers[0])
        page.get_by_role("link", name="返回列表").press("Enter")

        expect(page).to_have_url(re.compile("status=filed"))
        assert page.locator("main tbody tr td:first-child a").all_inner_texts() == numbers


class TestAnAct:
    def test_is_recorded_without_a_mouse(self, page: Page):
        page.goto("/cases/620502-2025-D00373")

        page.locator('.acts a[href*="/do/note"]').focus()
        press(page, "Enter")
        expect(page.locator("#act form input:not([type=hidden]), #act form textarea").first).to_be_focused()
        tab_to(page, '#act [name="text"]')
        page.keyboard.type("只用键盘记录的备注")
        tab_to(page, "#act form button")
        press(page, "Enter")

        expect(page.locator(".alert-success")).to_contain_text("只用键盘记录的备注")

    def test_that_is_refused_leads_to_the_first_wrong_field(self, page: Page):
        page.goto("/cases/620502-2025-D00373")
        page.locator('.acts a[href*="/do/note"]').press("Enter")
        expect(page.locator('#act [name="text"]')).to_be_visible()

        page.locator("#act form button").press("Enter")

        expect(page.locator('#act [name="text"][aria-invalid]')).to_be_focused()
        expect(page.locator("#text-wrong")).to_be_visible()
