"""What an officer does at the desk, by the words on the page: fill in a field, do an action, read what was said."""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from application.office import today


def ago(days: int) -> str:
    """The day so many days ago."""
    return (today() - timedelta(days=days)).isoformat()


def fill(form: Locator, **facts: object) -> None:
    """Fill in fields by their names: a choice is chosen, a box ticked, anything else typed.  ``__`` stands for a dash."""
    for name, value in facts.items():
        field = form.locator(f'[name="{name.replace("__", "-").rstrip("_")}"]')
        kind = field.first.get_attribute("type")
        if field.first.evaluate("field => field.tagName") == "SELECT":
            field.select_option(str(value))
        elif kind == "radio":
            form.locator(f'[name="{name}"][value="{value}"]').check()
        elif kind == "checkbox":
            field.set_checked(bool(value))
        else:
            field.fill(value.isoformat() if isinstance(value, date) else str(value))


def start(page: Page, action: str) -> Locator:
    """Press the button of an action, and see its form in the page."""
    page.locator(f'.acts a[href*="/do/{action}"]').click()
    form = page.locator("#act form")
    expect(form).to_be_visible()
    return form


def send(page: Page, form: Locator) -> None:
    """Send a form that will be recorded, and read that it was."""
    with page.expect_navigation():
        form.get_by_role("button", name=re.compile("记录|Record")).click()
    expect(page.locator(".alert-success")).to_be_visible()


def act(page: Page, action: str, **facts: object) -> None:
    """Do an action on the record that is open."""
    form = start(page, action)
    fill(form, **facts)
    send(page, form)


def wrong(page: Page, name: str) -> Locator:
    """What is said beside a field."""
    return page.locator(f"#{name}-wrong")
