"""What scripts add to forms: a draft that comes back and can be thrown away, a paper only where there is one, a fault that takes nothing."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import no_violations
from tests.browser.desk import fill, start

CASE = "/cases/620502-2025-D00373"


def test_a_draft_is_told_can_be_thrown_away_and_yields_to_the_address(page_of):
    lead = page_of("lead.1")
    lead.goto(CASE)
    form = start(lead, "note")
    fill(form, text="写到一半的备注", on="2026-01-05")
    kept = lead.evaluate("Object.keys(localStorage).find(name => name.startsWith('draft:'))")
    lead.evaluate(
        "name => localStorage.setItem(name, JSON.stringify({...JSON.parse(localStorage.getItem(name)), day: '2026-01-05'}))",
        kept,
    )

    lead.goto(f"{CASE}/do/note")
    form = lead.locator("#act form")
    expect(form.locator('[name="text"]')).to_have_value("写到一半的备注")
    expect(form.locator('[name="on"]')).not_to_have_value("2026-01-05")
    expect(form.locator(".restored")).to_be_visible()
    no_violations(lead, within="#act")
    form.locator(".restored button").click()
    expect(form.locator('[name="text"]')).to_have_value("")
    lead.reload()
    expect(lead.locator('#act form [name="text"]')).to_have_value("")
    expect(lead.locator(".restored")).to_have_count(0)

    lead.goto(f"{CASE}/do/note?text=链接所给")
    fill(lead.locator("#act form"), text="先前的草稿")
    lead.goto(f"{CASE}/do/note?text=另一链接所给")
    expect(lead.locator('#act form [name="text"]')).to_have_value("另一链接所给")


def test_a_paper_is_offered_where_the_kind_has_one(page_of):
    lead = page_of("lead.1")
    lead.goto(CASE)
    if not lead.locator('.acts a[href*="/do/inspect"]').count():
        lead.goto("/cases?status=investigating")
        lead.locator("tbody a").first.click()
    form = start(lead, "inspect")
    paper = form.locator("[data-kinds]")
    expect(paper).to_be_hidden()
    form.locator('[name="kind"]').select_option("interview")
    expect(paper).to_be_visible()


def test_a_paper_is_offered_by_the_clock_that_is_to_stand_still(page_of):
    lead = page_of("lead.1")
    lead.goto("/cases?status=received")
    lead.locator("tbody a").first.click()
    form = start(lead, "suspend")
    paper, clock = form.locator("[data-kinds]"), form.locator('[name="clock"]')
    expect(paper).to_be_hidden()
    clock.select_option("C01")
    expect(paper).to_be_visible()


def test_a_file_that_is_too_large_is_told_before_it_is_sent(page_of):
    lead = page_of("lead.1")
    lead.goto(CASE)
    form = start(lead, "attach")
    field = form.locator('[name="file"]')
    field.evaluate("field => { field.dataset.most = '10'; }")
    field.set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 more"})

    expect(form.locator("[data-large]")).to_contain_text("20 MiB")
    assert field.input_value() == ""


def test_what_was_typed_stays_on_the_form_when_the_session_ended(page_of, owner):
    lead = page_of("lead.1", afresh=True)
    lead.goto(CASE)
    form = start(lead, "note")
    fill(form, text="登录失效前写的备注")
    owner.execute("UPDATE sessions SET ended_at = clock_timestamp()")
    owner.commit()
    form.get_by_role("button", name="记录").click()

    expect(lead.locator("#fault")).to_contain_text("登录已失效")
    expect(form.locator('[name="text"]')).to_have_value("登录失效前写的备注")
    with lead.expect_popup() as opened:
        lead.locator("#fault a").click()
    other = opened.value
    other.locator("#name").fill("lead.1")
    other.locator("#password").fill("qingxin-demo")
    other.locator("main form button").click()
    expect(other.locator("header form.who b")).to_have_text("lead.1")
    form.get_by_role("button", name="记录").click()
    expect(lead.locator("#fault")).to_contain_text("再提交一次")
    with lead.expect_navigation():
        form.get_by_role("button", name="记录").click()
    expect(lead.locator(".story")).to_contain_text("登录失效前写的备注")


def test_a_list_prints_on_a_sheet(page_of):
    lead = page_of("lead.1")
    lead.goto("/cases")
    lead.emulate_media(media="print")
    lead.set_viewport_size({"width": 1030, "height": 700})  # A4 across, less its margins

    table = lead.locator("table[data-lines]").bounding_box()
    assert table["x"] + table["width"] <= 1030 + 1
    assert re.fullmatch("visible", lead.locator(".scroll").first.evaluate("box => getComputedStyle(box).overflowX"))
