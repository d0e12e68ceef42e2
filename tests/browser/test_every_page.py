"""Every page of the office, as somebody meets it who reads Chinese by day or English by night: nothing for axe to find, nothing on the
console, no word in the other language; on a phone and a tablet; without scripts; and how heavy it is.

The pages are those of the application itself: one that ``PAGES`` does not know fails the first test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Response, expect

from application.database import Connection
from application.regions import counties, name_of
from domain.records import RECORDS, opener
from interface.app import create_app
from interface.pages.acting import ROOMS
from tests.browser.conftest import no_violations
from tests.browser.desk import fill

Open = Callable[..., Page]

DECADE = "from=2025-01-01&to=2025-04-10"
LIST = "list=division%3D620502%26status%3Dfiled"
PAGES: dict[str, dict[str | None, tuple[str, ...]]] = {
    "pages.signing.sign_in": {None: ("/sign-in", "/sign-in?next=/cases")},
    "pages.public.status": {None: ("/status",)},
    "pages.home.home": {"office.1": ("/",), "keeper.1": ("/",), "audit.1": ("/",)},
    "pages.home.queue": {"office.1": ("/queue", "/queue?group=overdue")},
    "pages.help.keys": {"office.1": ("/keys",)},
    "pages.cases.register": {"office.1": (
        "/cases", "/cases?status=filed&division=620502&sort=-claimed", "/cases?page=2&q=建筑&overdue=false", "/cases?q=没有这样的单位",
        "/cases?on=2025-03-01", "/cases?from=nonsense",
    )},
    "pages.case.case": {"office.1": (
        "/cases/{paid}?version=2", "/cases/{paid}?on=2025-01-20", "/cases/{filed}?" + LIST, "/cases/{corrected}", "/cases/{linked}",
    ), "audit.1": ("/cases/{sealed}",)},
    "pages.case.difference": {"office.1": ("/cases/{paid}/difference", "/cases/{paid}/difference?a_on=2025-01-05&b_on=2025-04-10")},
    "pages.case.contact": {"lead.1": ("/cases/{sealed}/contact",)},
    "pages.intake.receive": {"intake.1": ("/intake", "/intake?channel=inspection_find&employer-name=甲子建筑&persons_claimed=3")},
    "pages.ledgers.ledger": {"office.1": (
        "/projects", "/inspections", "/campaigns", "/employers", "/trainings", "/draws", "/projects?problems=true&sort=-problems",
        "/inspections?overdue=true", "/projects?on=2025-03-01",
    )},
    "pages.ledgers.record": {"office.1": ("/{project-registered}?on=2025-03-01", "/{project-registered}?version=2")},
    "pages.ledgers.open_": {"office.1": tuple(f"/{room}/new" for room in ("projects", "inspections", "campaigns", "employers", "trainings"))},
    "pages.draws.freeze": {"office.1": (
        "/draws/new", "/draws/new?purpose=inspection&division=620500", "/draws/new?purpose=revisit&division=620502&from=2025-04-01&to=2025-04-10",
    )},
    "pages.board.board": {"office.1": ("/board",)},
    "pages.board.trial": {"office.1": ("/board/trial",)},
    "pages.revisits.revisits": {"revisit.1": ("/revisits", "/revisits?sheet=1", "/revisits?after_days=30", "/revisits?after_days=x")},
    "pages.numbers.numbers": {"office.1": ("/numbers",)},
    "pages.rulebook.rulebook": {"office.1": ("/rulebook",)},
    "pages.rulebook.act": {"office.1": ("/rulebook/do/decide?name=idle_days", "/rulebook/do/load", "/rulebook/do/amend", "/rulebook/do/note")},
    "pages.statistics.statistics": {"office.1": (
        f"/statistics?{DECADE}", f"/statistics?name=closed-loop&{DECADE}&yoy=true", f"/statistics?name=trainings&{DECADE}",
        f"/statistics?name=publications&{DECADE}", f"/statistics?{DECADE}&on=2025-03-01",
    )},
    "pages.statistics.by": {"office.1": (
        f"/statistics/by?by=division&{DECADE}", f"/statistics/by?by=month&{DECADE}", f"/statistics/by?name=closed-loop&by=channel&{DECADE}",
    )},
    "pages.statistics.behind": {"office.1": (
        f"/statistics/behind?figure=clues_received&{DECADE}", f"/statistics/behind?name=closed-loop&figure=F7&division=620503&{DECADE}",
    )},
    "pages.statistics.difference": {"office.1": (f"/statistics/difference?{DECADE}&a_on=2025-02-01&b_on=2025-04-10",)},
    "pages.statistics.periods": {"office.1": ("/periods",)},
    "pages.statistics.period": {"office.1": ("/periods/{period}",)},
    "pages.oversight.oversight": {"audit.1": ("/oversight", "/oversight?kind=idle&division=620502")},
    "pages.oversight.journal": {"audit.1": ("/journal", "/journal?officer=lead.1&event=CaseFiled")},
}  # fmt: skip
"""The pages by the name of their route: who looks, and at which addresses.  ``{filed}`` is a case that stands so, ``{project-registered}`` a record."""
FORMS = "pages.acting.act"
"""The forms of all actions of all records: ``test_every_form``."""
FILES = {
    "pages.cases.export", "pages.case.attached", "pages.ledgers.export", "pages.ledgers.attached", "pages.statistics.download",
    "pages.signing.oidc", "pages.signing.oidc_callback",
}  # fmt: skip
"""What answers no page: files (tests/interface/test_pages.py) and the way to the provider (tests/interface/test_oidc.py)."""
ROOM_OF = {sort: room for room, sort in ROOMS.items()}
FAULTS = {404: "/cases/620502-2025-D99999", 403: "/intake"}

LOOKS = [("zh", False), ("en", True)]
"""Chinese in the light, English in the dark."""
looks = pytest.mark.parametrize("look", LOOKS, ids=["chinese-light", "english-dark"])


def test_the_list_of_pages_is_whole():
    app = create_app(lambda: None, lambda: None)  # type: ignore[arg-type,return-value]
    there = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and rule.endpoint.startswith("pages.")
    }

    assert there == {*PAGES, FORMS, *FILES}


# What there is to look at


@pytest.fixture
def names(owner: Connection) -> dict[str, str]:
    """A case of each standing and a record of each sort and standing, by names that an address can use."""

    def first(sql: str) -> str:
        row = owner.execute(sql).fetchone()
        assert row is not None, sql
        return str(row[0])

    cases = owner.execute(
        "SELECT DISTINCT ON (status) status, number FROM case_facts WHERE division = '620502' ORDER BY status, first_seq"
    )
    records = owner.execute(
        "SELECT DISTINCT ON (sort, status) sort, status, coalesce(number, record::text) FROM record_facts ORDER BY sort, status, first_seq"
    )
    of = "SELECT c.number FROM journal j JOIN case_facts c USING (record) WHERE j.event = '{}' ORDER BY seq LIMIT 1"
    return {
        **{str(status): str(number) for status, number in cases},
        **{f"{sort}-{status}": f"{ROOM_OF[sort]}/{ref}" for sort, status, ref in records},
        **{event.removeprefix("Case").lower(): first(of.format(event)) for event in ("CaseCorrected", "CaseRevoked", "CaseLinked", "CaseProposed")},
        "project-signals": first("SELECT 'projects/' || coalesce(number, record::text) FROM record_facts WHERE signals_open > 0 ORDER BY first_seq LIMIT 1"),
        "sealed": first(
            "SELECT c.number FROM journal j JOIN case_facts c ON c.record::text = j.data ->> 'case' WHERE event = 'PersonSealed'"
            " AND c.division = '620502' AND j.data ->> 'standing' = 'complaint' ORDER BY seq LIMIT 1"
        ),
    }  # fmt: skip


@pytest.fixture
def period(page_of: Open) -> str:
    """The address of a closed period that has been restated since."""
    page = page_of("office.1")
    page.goto("/periods")
    if not page.locator("main tbody a").count():
        fill(
            page.locator("main form"),
            report="six-mechanisms",
            division="620502",
            **{"from": "2025-01-01", "to": "2025-01-31"},
        )
        page.locator("main form button").click()
        expect(page.locator(".alert-success")).to_be_visible()
        return page.url
    return str(page.locator("main tbody a").first.get_attribute("href"))


# What is looked for

CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACES = sorted({name_of(code) for code in ("620500", *counties("620500"))}, key=len, reverse=True)
ALLOWED = re.compile(
    r"""(?x:
      [\w-]*\d[\w-]*                                    # a number, a hash, a code of a firm or of an office
    | ([a-z]+\.\w+|—)([、\ ·]+([a-z]+\.\w+|—))*          # officers
    | [\w-]*\d[\w-]*(\ \d+)?(、[\w-]*\d[\w-]*(\ \d+)?)*     # several of them
    | [A-Z]{1,3} | CSV | XLSX | PDF | API | SHA-256 | JSON
    | Qingxin.* | English | Enter | \d{6}-\w+
    )"""
)
"""What stands in Chinese pages as it is."""
TEXTS = """
() => {
  const said = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, of = node.parentElement, text = node.textContent.trim();
    if (!text || of.closest("script, style, code, kbd, textarea, pre, datalist, [lang=en], [data-raw]")) continue;
    said.push(text);
  }
  for (const of of document.querySelectorAll("[aria-label], [title], [placeholder]"))
    for (const name of ["aria-label", "title", "placeholder"]) if (of.getAttribute(name)) said.push(of.getAttribute(name));
  return said;
}
"""
WORDS = """
() => [...document.querySelectorAll("nav, main h2, main h3, thead th, label, legend, button, dt, caption, summary b, .strip small, .hint, .acts a")]
  .filter((of) => !of.closest("[lang=zh-Hans], [data-raw]"))
  .map((of) => of.innerText.trim()).filter(Boolean)
"""
"""The words of the page itself, not those of what is recorded: headings, labels, buttons."""


def in_the_wrong_language(page: Page, lang: str) -> list[str]:
    """What a page says in the other language, of what it says itself."""
    if lang == "zh":
        return [
            text
            for text in page.evaluate(TEXTS)
            if re.search(r"[A-Za-z]{2}", text) and not CHINESE.search(text) and not ALLOWED.fullmatch(text)
        ]
    said = []
    for text in page.evaluate(WORDS):
        rest = text
        for place in PLACES:
            rest = rest.replace(place, "")
        if CHINESE.search(rest):
            said.append(text)
    return said


class Visits:
    """A window in which page after page is looked at; what is wrong with any is told at the end."""

    def __init__(self, page: Page, lang: str):
        self.page, self.lang = page, lang
        self.wrong: list[str] = []
        self.count = 0

    def see(self, address: str, status: int = 200, *, within: str | None = None, thoroughly: bool = True) -> Page:
        """Go there and look; ``within`` a part of the page where the rest of it was looked at before; without axe if not ``thoroughly``."""
        answer = self.page.goto(address, wait_until="load")
        assert answer is not None
        self.count += 1
        if answer.status != status:
            self.wrong.append(f"{address}\n    answered {answer.status}, not {status}")
        self.look(address, within, thoroughly)
        return self.page

    def look(self, address: str, within: str | None = None, thoroughly: bool = True) -> None:
        """What is wrong with the page as it stands, once all its parts have come."""
        expect(self.page.locator("[hx-trigger~=load] > a:only-child")).to_have_count(0)
        if told := in_the_wrong_language(self.page, self.lang):
            self.wrong.append(f"{address}\n    in the wrong language: {told[:12]}")
        ids = self.page.evaluate("() => [...document.querySelectorAll('[id]')].map((of) => of.id)")
        if twice := {id for id in ids if ids.count(id) > 1}:
            self.wrong.append(f"{address}\n    ids that are there twice: {sorted(twice)}")
        try:
            if thoroughly:
                no_violations(self.page, within=within)
        except AssertionError as problem:
            self.wrong.append(str(problem).split("\nassert", 1)[0])

    def end(self) -> None:
        if self.wrong:
            pytest.fail(f"{self.count} pages were looked at\n" + "\n".join(dict.fromkeys(self.wrong)), pytrace=False)


@pytest.fixture
def visits(page_of: Open) -> Iterator[Callable[..., Visits]]:
    made: list[Visits] = []

    def opened(who: str | None, look: tuple[str, bool]) -> Visits:
        made.append(Visits(page_of(who, lang=look[0], dark=look[1]), look[0]))
        return made[-1]

    yield opened
    for each in made:
        each.end()


@looks
class TestEveryPage:
    @pytest.mark.parametrize("who", sorted({who for seen in PAGES.values() for who in seen}, key=str))
    def test_is_whole(self, visits, names, period, look, who):
        seeing = visits(who, look)

        for pages in PAGES.values():
            for n, address in enumerate(pages.get(who, ())):
                if n == 0 or n % 2 == LOOKS.index(look):  # what else a page may show is looked at once
                    seeing.see(address.format(period=period.rpartition("/")[2], **names))

    def test_of_a_fault_says_what_to_do(self, visits, look):
        seeing = visits("audit.1", look)

        for status, address in FAULTS.items():
            seeing.see(address, status)
        seeing.see("/nowhere", 404)

    def test_of_a_trial_says_what_a_rule_would_have_proposed(self, visits, look):
        seeing = visits("office.1", look)
        page = seeing.see("/board/trial")

        page.locator("main form button").click()
        expect(page.locator("#found")).to_be_visible()

        seeing.look("/board/trial, tried")

    def test_of_a_refused_form_keeps_what_was_typed(self, visits, look):
        seeing = visits("intake.1", look)
        page = seeing.see("/intake")

        page.locator("#persons_claimed").fill("-3")
        page.locator("#intake .tools button").click()
        expect(page.locator("#employer-name-wrong, #employer-wrong").first).to_be_visible()

        expect(page.locator("#persons_claimed")).to_have_value("-3")
        seeing.look("/intake, refused")

    def test_on_paper_is_black_on_white(self, page_of, names, look):
        page = page_of("office.1", lang=look[0], dark=look[1])
        page.goto(f"/cases/{names['paid']}")

        page.emulate_media(media="print")

        for part in ("header.bar", "nav.rooms", ".acts"):
            expect(page.locator(part).first).to_be_hidden()
        expect(page.locator(".story")).to_be_visible()
        assert (
            page.evaluate("getComputedStyle(document.querySelector('.card-of')).backgroundColor")
            == "rgb(255, 255, 255)"
        )
        assert page.evaluate("getComputedStyle(document.querySelector('.story .sentence')).color") == "rgb(0, 0, 0)"


UNSEEN = {"case": {"resume", "void"}, "draw": {"make"}, "employer": {"void"}, "inspection": {"void"}}
"""Forms for which nothing stands open in the demo city: no clock is suspended, no paper made, no list frozen."""


@pytest.mark.parametrize(("sort", "look"), [(sort, LOOKS[n % 2]) for n, sort in enumerate(ROOM_OF)])
def test_every_form(visits, names, look, sort):
    """The records of a sort in all their standings, and the form of every action that is open on any of them.

    Forms are made alike, of words that have their own test in both languages (tests/domain/test_words.py): one look each will do.
    """
    done: set[str] = set()
    for who in ("office.1", "revisit.1") if sort == "case" else ("office.1",):
        seeing = visits(who, look)
        for n, address in enumerate(sorted(of_sort(names, sort))):
            page = seeing.see(f"/{address}", thoroughly=who == "office.1" and n % 3 == 0)
            links = page.locator(".acts a[href*='/do/']")
            for form in links.evaluate_all("links => links.map((link) => link.getAttribute('href'))"):
                action = form.partition("/do/")[2].partition("?")[0]
                if action not in done:
                    done.add(action)
                    seeing.see(form, within="#act", thoroughly=len(done) % 2 == 0)

    missing = set(RECORDS[sort].actions) - done - {opener(RECORDS[sort])} - UNSEEN.get(sort, set())
    assert not missing, f"no form was seen of {sort}: {sorted(missing)}"


def of_sort(names: dict[str, str], sort: str) -> list[str]:
    if sort == "case":
        return [
            f"cases/{number}"
            for name, number in names.items()
            if re.fullmatch(r"[\w-]*", number) and "-" not in name and name not in ("sealed",)
        ]
    return [address for name, address in names.items() if name.startswith(f"{sort}-")]


# On a phone, on a tablet, on an office PC


MAIN = (
    "/", "/queue", "/cases", "/cases/{filed}", "/cases/{filed}/do/note", "/cases/{filed}/do/order", "/projects", "/{project-registered}", "/inspections", "/draws",
    "/employers", "/board", "/revisits", "/intake", "/rulebook", f"/statistics?{DECADE}", f"/statistics/by?by=division&{DECADE}", "/periods", "/oversight", "/draws/new",
    "/status", "/inspections/new",
)  # fmt: skip
SIZES = {"phone": (390, 844), "tablet": (820, 1180), "office": (1366, 768)}
SMALLEST = 24
"""CSS pixels a finger needs at least (WCAG 2.2, 2.5.8), unless it is a word in a sentence."""
SMALL = """
(least) => [...document.querySelectorAll("button, select, input:not([type=hidden]):not([type=checkbox]):not([type=radio]), .btn, label.option, .rooms-small summary")]
  .filter((of) => of.checkVisibility())
  .map((of) => [of.outerHTML.slice(0, 100), of.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.height < least || box.width < least))
  .map(([html, box]) => `${html} ${Math.round(box.width)}×${Math.round(box.height)}`)
"""


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_page_never_scrolls_sideways_and_a_finger_hits_its_buttons(page_of, names, size):
    page = page_of("office.1", size=size)
    wrong = []

    for address in MAIN if size[0] < 500 else (*MAIN[::4], "/inspections/new"):
        address = address.format(**names)
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            wrong.append(f"{address}: {wide} pixels too wide")
        wrong += [f"{address}: too small {what}" for what in page.evaluate(SMALL, SMALLEST)]

    assert not wrong, "\n".join(dict.fromkeys(wrong))


# Without scripts


class TestWithoutScripts:
    @pytest.mark.parametrize(
        "address",
        ["/", "/cases", "/cases/{filed}", "/projects", "/board", "/revisits", "/intake", "/draws/new", "/rulebook"],
    )
    def test_a_page_says_what_it_says(self, page_of, names, address):
        page = page_of("office.1", javascript=False)
        page.goto(address.format(**names))

        expect(page.locator("main h1")).to_be_visible()
        assert page.locator("main a, main button").count() > 0

    def test_an_act_is_recorded(self, page_of, names):
        page = page_of("second.1", javascript=False)
        page.goto(f"/cases/{names['filed']}")

        page.locator('.acts a[href*="/do/note"]').click()
        page.locator('#act [name="text"]').fill("没有脚本也能记录")
        page.locator("#act form button").click()

        expect(page.locator(".alert-success")).to_contain_text("没有脚本也能记录")

    def test_the_numbers_behind_a_chart_are_a_table(self, page_of):
        page = page_of("office.1", javascript=False)
        page.goto(f"/statistics?{DECADE}")

        page.locator("section[aria-labelledby=by-division] a").click()

        expect(page.locator("main table tbody tr")).to_have_count(len(counties("620500")))

    def test_the_worker_may_ask(self, page_of):
        page = page_of(None, javascript=False)
        page.goto("/status")

        fill(page.locator("main form"), number="620502-2026-999999", code="AAAAAAAAAA")
        page.locator("main form button").click()

        expect(page.locator("#said")).to_be_visible()


# How heavy


class TestTheFirstLoad:
    MOST = 500_000
    """Bytes that may come for a page to a PC that was never here, charts apart: a county's line carries them in four seconds."""

    @pytest.mark.parametrize("address", ["/", "/cases", "/cases/{filed}"])
    def test_is_light(self, page_of, names, address):
        page = page_of("office.1")
        came: list[Response] = []
        page.on("response", lambda answer: came.append(answer))
        page.goto(address.format(**names), wait_until="networkidle")

        sent = [int(answer.headers.get("content-length", 0)) for answer in came if answer.status == 200]
        assert len(sent) > 3
        assert sum(sent) < self.MOST
        assert not [answer.url for answer in came if "echarts" in answer.url]

    def test_of_what_stays_the_same_is_the_only_one(self, page_of):
        page = page_of("office.1")
        came: list[Response] = []
        page.on("response", lambda answer: came.append(answer))
        page.goto("/cases", wait_until="networkidle")

        kept = {answer.url: answer.headers.get("cache-control") for answer in came if "/static/" in answer.url}

        assert len(kept) >= 4
        assert set(kept.values()) == {"public, max-age=31536000, immutable"}
        assert all(re.search(r"\?v=[0-9a-f]{12}$", address) for address in kept)
