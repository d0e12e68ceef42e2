"""A month is signed off, and then it turns out that a payment was written down wrongly: both figures stand, with what moved them."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from application.database import Connection
from tests.browser.desk import act, fill

MONTH = {"from": "2025-02-01", "to": "2025-02-28"}
PAID = """
SELECT c.number, j.version, j.amount FROM journal j JOIN case_facts c USING (record)
 WHERE j.event = 'CasePaid' AND j.kind = 'arrears' AND j.division = '620503' AND j.happened_on BETWEEN '2025-02-01' AND '2025-02-28'
   AND j.officer = 'lead.03' AND j.revision = 0 AND j.amount > 100 ORDER BY j.seq LIMIT 1
"""


def test_shows_what_was_signed_what_it_is_now_and_what_moved_it(page_of, owner: Connection):
    row = owner.execute(PAID).fetchone()
    assert row is not None
    number, version, amount = row
    head = page_of("office.1")
    head.goto("/periods")
    fill(head.locator("main form"), report="six-mechanisms", division="620503", **MONTH)
    head.locator("main form button").click()
    expect(head.locator(".alert-success")).to_be_visible()
    period = head.url
    expect(head.get_by_text("没有变动:数据与封账时一致")).to_be_visible()
    signed = head.locator(".tile", has_text="追发欠薪").locator("b").inner_text()

    lead = page_of("lead.03")
    lead.goto(f"/cases/{number}")
    act(
        lead,
        "correct",
        version=str(version),
        field="amount",
        value=str(amount - 100),
        reason="录入金额有误",
        approved_by="head.03",
    )

    head.goto(period)
    moved = head.locator("tr", has_text="追发欠薪")
    before, now = (float(moved.locator("td.number").nth(n).inner_text().replace(",", "")) for n in (0, 1))
    assert before - now == 100
    assert float(signed.replace(",", "")) == before  # what was signed off stands as it was signed
    expect(moved.get_by_role("link", name=number)).to_be_visible()
    expect(moved).to_contain_text("录入金额有误")
    moved.get_by_role("link", name=number).click()
    expect(head).to_have_url(re.compile("/cases/"))
