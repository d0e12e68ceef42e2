"""A day at the office: a clue from the counter to the worker revisited, each step by the officer whose it is, in a real browser."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import no_violations
from tests.browser.desk import act, ago, fill, send, start, wrong

EMPLOYER = "秦州丙申水利水电有限公司"
TWO = "lead.1、second.1"


def figure(page, name, since, until):
    """A figure of the six mechanisms, as its card says it."""
    page.goto(f"/statistics?from={since}&to={until}&division=620500")
    return float(page.locator(f"#f-{name} b").inner_text().replace(",", ""))


def test_a_clue_travels_the_closed_loop(page_of):
    auditor = page_of("audit.1")
    before = {name: figure(auditor, name, ago(60), ago(0)) for name in ("clues_received", "arrears_recovered")}

    # The counter: the clue is typed once, what it may repeat is seen beside it
    counter = page_of("intake.1")
    counter.goto("/intake")
    form = counter.locator("#intake")
    fill(form, on=ago(45), channel="complaint_visit", employer__name=EMPLOYER, project="秦州中学教学楼", persons_claimed="９",
         amount_claimed="60,216", summary="反映秦州中学教学楼拖欠9名工人工资", contact__name="王某", contact__phone="13900001234")  # fmt: skip
    expect(counter.locator("#alike input").first).to_be_visible()
    counter.locator("#alike input").first.check()
    form.get_by_role("button", name="登记").click()
    number = counter.locator("#number").inner_text()
    code = counter.locator("#code").inner_text()
    assert re.fullmatch(r"620502-\d{4}-\d{6}", number)
    here = f"/cases/{number}"

    # The city's dispatcher gives it to the county
    dispatcher = page_of("dispatch.1")
    dispatcher.goto(here)
    expect(dispatcher.locator("#linked")).to_be_visible()
    act(dispatcher, "assign", on=ago(45), kind="task", to_office="620502-hrss", officers=TWO)

    # The inspectors verify, file, inspect
    lead = page_of("lead.1")
    lead.goto(here)
    act(
        lead,
        "inspect",
        on=ago(42),
        kind="verification",
        inspectors=TWO,
        finding="欠薪属实",
        persons_confirmed=9,
        amount_confirmed="57900",
    )
    act(lead, "file", on=ago(41), cause="拖欠劳动报酬", inspectors=TWO, approved_by="head.1")
    act(
        lead,
        "inspect",
        on=ago(38),
        kind="onsite",
        inspectors=TWO,
        finding="欠薪属实",
        persons_confirmed=9,
        amount_confirmed="57900",
    )

    # An order beyond what was found is refused beside the field; nothing typed is lost
    form = start(lead, "order")
    fill(
        form,
        on=ago(35),
        kind="rectification",
        basis="《保障农民工工资支付条例》第五十三条",
        persons=9,
        amount="99999",
        due_on=ago(25),
        issue=True,
    )
    form.get_by_role("button", name="记录").click()
    expect(wrong(lead, "amount")).to_contain_text("57,900.00")
    form = lead.locator("#act form")
    expect(form.locator('[name="basis"]')).to_have_value("《保障农民工工资支付条例》第五十三条")
    expect(form.locator('[name="amount"]')).to_have_value("99999")
    no_violations(lead)
    fill(form, amount="57,900.00")
    send(lead, form)

    # The paper was made under the next number, and comes back as PDF
    paper = lead.locator('section[aria-labelledby="papers"] a').first
    document_no = re.search(r"\S+〔\d{4}〕第\d+号", paper.inner_text())[0]
    with lead.expect_download() as downloading:
        paper.click()
    assert downloading.value.path().read_bytes().startswith(b"%PDF-")

    # Served, paid in part, overdue: the police
    second = page_of("second.1")
    second.goto(here)
    act(second, "serve", on=ago(34), document_no=document_no, mode="direct", received_by="法定代表人")
    act(second, "pay", on=ago(30), kind="arrears", amount="20000", payer_kind="employer", persons=3)
    lead.goto(here)
    expect(lead.locator("h1 .chip").first).to_have_text("逾期未改正")
    expect(lead.locator(".strip")).to_contain_text("37,900.00")
    act(lead, "refer", on=ago(15), kind="police", to="秦州公安分局", reason="责令期满未支付", approved_by="head.1")
    act(second, "pay", on=ago(10), kind="arrears", amount="37900", payer_kind="employer", persons=6)
    lead.goto(here)
    expect(lead.locator("h1 .chip").first).to_have_text("已付清")
    act(lead, "close", on=ago(8), reason="paid_in_full", approved_by="head.1")

    # Drawn at random among the cases closed that day, and revisited by somebody else
    caller = page_of("revisit.1")
    caller.goto(f"/draws/new?purpose=revisit&division=620502&from={ago(8)}&to={ago(8)}")
    drawing = caller.locator('form[method="post"][action="/draws/new"]')
    many = drawing.locator("tbody tr").count()
    fill(drawing, size=many)
    drawing.get_by_role("button", name="封存名单").click()
    act(caller, "make", on=ago(0))
    expect(caller.get_by_text("重新抽取:一致")).to_be_visible()
    caller.get_by_role("row", name=re.compile(number)).get_by_role("link", name="回访").click()
    form = caller.locator("#act form")
    fill(
        form,
        on=ago(0),
        mode="random_check",
        contacted="true",
        rebound="false",
        money_received="full",
        satisfaction="satisfied",
    )
    send(caller, form)

    # The worker asks; a wrong code gets what an unknown number gets
    worker = page_of()
    worker.goto("/status")
    fill(worker.locator("main form"), number=number, code="AAAAAAAAAA")
    worker.get_by_role("button", name="查询").click()
    said = worker.locator("#said").inner_text()
    fill(worker.locator("main form"), number="620502-2026-999999", code=code)
    worker.get_by_role("button", name="查询").click()
    expect(worker.locator("#said")).to_have_text(said)
    fill(worker.locator("main form"), number=number, code=code)
    worker.get_by_role("button", name="查询").click()
    expect(worker.locator("main")).to_contain_text("已回访")
    assert "王某" not in worker.content()
    assert EMPLOYER not in worker.content()

    # The auditor replays it, entry by entry; the statistics have moved
    auditor.goto(here)
    told = auditor.locator(".story .sentence").all_inner_texts()
    steps = (
        "受理登记",
        "关联",
        "交办",
        "核查",
        "立案",
        "现场检查",
        "限期改正",
        "送达",
        "支付",
        "移送",
        "支付",
        "结案",
        "回访",
    )
    rest = iter(told)
    assert all(any(step in line for line in rest) for step in steps), told
    assert "回访" in told[-1]
    assert auditor.locator(".acts .btn-primary").count() == 0  # who audits writes nothing
    auditor.get_by_role("link", name="逐条回放").click()
    expect(auditor.locator(".past")).to_be_visible()
    expect(auditor.locator(".story > li")).to_have_count(1)
    for n in range(2, 4):
        auditor.get_by_role("link", name="下一条").click()
        expect(auditor.locator(".story > li")).to_have_count(n)
    after = {name: figure(auditor, name, ago(60), ago(0)) for name in before}
    assert after["clues_received"] == before["clues_received"] + 1
    assert after["arrears_recovered"] == before["arrears_recovered"] + 57900
    auditor.locator("#f-arrears_recovered a").first.click()
    expect(auditor.locator("main")).to_contain_text(number)


def test_two_officers_on_one_case(page_of):
    counter = page_of("intake.1")
    counter.goto("/intake")
    fill(
        counter.locator("#intake"),
        channel="complaint_phone",
        employer__name="两人同办建筑有限公司",
        persons_claimed=2,
        summary="拖欠工资",
    )
    counter.locator("#intake").get_by_role("button", name="登记").click()
    here = f"/cases/{counter.locator('#number').inner_text()}"
    lead, second = page_of("lead.1"), page_of("second.1")
    lead.goto(here)
    second.goto(here)

    typing = start(lead, "note")
    fill(typing, text="已约见项目经理")
    act(second, "note", text="已电话联系工人代表")
    typing.get_by_role("button", name="记录").click()

    expect(lead.locator("#act [role=alert]")).to_contain_text("已电话联系工人代表")
    expect(lead.locator('#act [name="text"]')).to_have_value("已约见项目经理")
    send(lead, lead.locator("#act form"))
    expect(lead.locator(".story")).to_contain_text("已约见项目经理")
    expect(lead.locator(".story")).to_contain_text("已电话联系工人代表")


def test_what_was_typed_outlives_the_session(page_of, owner):
    lead = page_of("lead.1", afresh=True)
    lead.goto("/cases/620502-2025-D00373")
    fill(start(lead, "note"), text="写到一半的备注")

    owner.execute("UPDATE sessions SET ended_at = clock_timestamp()")
    owner.commit()
    lead.goto("/cases/620502-2025-D00373/do/note")
    lead.locator("#name").fill("lead.1")
    lead.locator("#password").fill("qingxin-demo")
    lead.locator("main form button").click()

    expect(lead.locator('#act form [name="text"]')).to_have_value("写到一半的备注")


def test_who_signs_out_leaves_nothing_behind_unasked(page_of):
    lead = page_of("lead.1", afresh=True)
    lead.goto("/cases/620502-2025-D00373")
    fill(start(lead, "note"), text="不留在公用电脑上")
    drafts = "Object.keys(localStorage).filter(name => name.startsWith('draft:')).length"
    asked = []

    lead.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    lead.get_by_role("button", name="退出").click()
    assert lead.evaluate(drafts) == 1
    lead.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    lead.get_by_role("button", name="退出").click()

    expect(lead.locator("#password")).to_be_visible()
    assert lead.evaluate(drafts) == 0
    assert len(asked) == 2
