"""The pages without a browser: who may see which, what is in sight, what an address may say.

What is on them is asked in ``test_what_pages_hold.py``; the looks of them are held to account in tests/browser/test_every_page.py.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from domain.case import Case
from domain.codes import ROLES
from domain.powers import Actor, Place, decide
from domain.records import RECORDS, opener
from interface.api.records import PLURALS
from interface.pages.acting import ROOMS
from tests.conftest import Counter
from tests.interface.conftest import DISCIPLINE, ELSEWHERE, OFFICE, OURS, WITHOUT_INDUSTRY, text_of

OPEN = ("/sign-in", "/status")


# Who may see which page


def denied(actor: Actor, action: str, record: Place | None = None) -> int | None:
    """The status of a denial, or None where there is none."""
    decision = decide(actor, action, record)
    return None if decision.allowed else 403 if decision.visible else 404


def answers(actor: Actor, ids: dict[str, str]) -> dict[str, int]:
    """Pages, and how each answers an officer by the law of powers."""
    own = Place(actor.division, actor.scope.industry)
    case = f"/cases/{ids['case']}"
    said: dict[str, int | None] = {
        "/": denied(actor, "read"), "/queue?group=overdue": denied(actor, "read"), "/cases": denied(actor, "read"), "/cases.csv": denied(actor, "read"),
        "/keys": None, "/intake": denied(actor, "receive"), "/board": denied(actor, "read"), "/board/trial": denied(actor, "reports"),
        "/revisits": denied(actor, "read"), "/rulebook": denied(actor, "read"), "/statistics": denied(actor, "reports"),
        "/statistics/by?by=month": denied(actor, "reports"), "/statistics/behind?figure=clues_received": denied(actor, "reports"),
        "/statistics/difference": denied(actor, "reports"), "/periods": denied(actor, "reports"), "/oversight": denied(actor, "oversight"),
        "/journal": denied(actor, "journal"), "/draws/new": denied(actor, "draw.freeze", own),
        case: denied(actor, "read", OURS), f"{case}/difference": denied(actor, "read", OURS),
        f"{case}/contact": denied(actor, "read", OURS) or denied(actor, "contact", OURS),
        f"{case}/files/0": denied(actor, "read", OURS) or 404,
    }  # fmt: skip
    for action in RECORDS["rulebook"].actions:
        said[f"/rulebook/do/{action}"] = denied(actor, f"rulebook.{action}")
    for sort, (room, _described) in PLURALS.items():
        place = Place("620502", None if sort in WITHOUT_INDUSTRY else "housing", {OFFICE})
        said[f"/{room}"] = said[f"/{room}.csv"] = denied(actor, "read")
        said[f"/{room}/{ids[sort]}"] = denied(actor, f"{sort}.read", place)
        if sort != "draw":
            said[f"/{room}/new"] = denied(actor, f"{sort}.{opener(RECORDS[sort])}", own)
    return {address: status or 200 for address, status in said.items()}


class TestWhoMaySee:
    @pytest.mark.parametrize("place", [OFFICE, "620500-housing"])  # the API, which pages ask, is asked from every place
    def test_a_page_is_what_decide_says(self, window, ids, place):
        for role in ROLES:
            actor = Actor("x", role, place, place[:6])
            looking = window(role, place)

            found = {address: looking.ask(address).status_code for address in answers(actor, ids)}

            assert found == answers(actor, ids), (role, place)

    @pytest.mark.parametrize("place", [OFFICE, ELSEWHERE])
    def test_a_form_is_there_for_whoever_may_do_it(self, window, counter, ids, place):
        for role in ROLES:
            actor = Actor("x", role, place, place[:6])
            looking = window(role, place)
            case = counter.ask("GET", f"/api/cases/{ids['case']}", role, office=place)

            for action in set(Case.actions) - {"receive"}:
                status = (
                    denied(actor, "read", OURS)
                    or denied(actor, action, OURS)
                    or (200 if action in case.json["may"] else 409)
                )
                looking.see(f"/cases/{ids['case']}/do/{action}", status)

    def test_a_button_is_there_for_whoever_may_do_it_and_no_other(self, window, ids):
        for role in ROLES:
            actor = Actor("x", role, OFFICE, "620502")
            page = window(role).see(f"/cases/{ids['case']}")

            assert all(
                decide(actor, action, OURS).allowed for action in re.findall(r'href="/cases/[^"/]+/do/(\w+)', page)
            )
        assert "/do/" not in window("auditor", DISCIPLINE).see(f"/cases/{ids['case']}")

    def test_a_room_is_in_the_menu_of_whoever_may_enter(self, window):
        for role in ROLES:
            looking = window(role)
            menu = looking.see("/keys").partition("<nav")[2].partition("</nav>")[0]
            for address in re.findall(r'href="([^"]+)"', menu):
                looking.see(address)

    def test_a_stranger_is_asked_to_sign_in(self, window, counter, ids):
        stranger = window(None)
        there = [
            rule for rule in counter.client.application.url_map.iter_rules() if rule.endpoint.startswith("pages.") and "GET" in rule.methods
        ]  # fmt: skip

        for rule in there:
            given = {"ref": ids["case"], "action": "note", "sha256": "0", "form": "csv", "room": "projects"}
            if rule.endpoint == "pages.statistics.download":
                given["form"] = "pdf"
            address = counter.client.application.url_map.bind("").build(
                rule.endpoint, {k: given[k] for k in rule.arguments}
            )
            if not address.startswith(OPEN):
                answer = stranger.ask(address)
                assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in"), address
                assert len(text_of(answer.text)) < 400

    def test_a_form_from_elsewhere_is_refused(self, window, ids):
        looking = window()
        for address in (
            f"/cases/{ids['case']}/do/note",
            "/intake",
            "/views",
            "/preferences",
            "/periods",
            f"/cases/{ids['case']}/contact",
            "/sign-out",
        ):
            answer = looking.client.post(address, data={"text": "x"})

            assert answer.status_code == 400, address
            assert "<main" in answer.text

        assert "CaseNoted" not in looking.see(f"/cases/{ids['case']}")


# What is in sight


@pytest.fixture
def hidden(counter: Counter, catch_up) -> dict[str, Any]:
    """A case of the county that the next county may not know of."""
    case = counter.receive(summary="秘密的线索", employer={"name": "看不见的建筑公司"})
    catch_up()
    return case


class TestWhatIsOutOfSight:
    PAGES = (
        "/", "/queue", "/cases", "/cases?q=看不见", "/cases?employer=看不见的建筑公司", "/cases.csv", "/board", "/revisits", "/statistics?from=2026-01-01&to=2026-12-31",
        "/statistics/by?by=month&from=2026-01-01&to=2026-12-31", "/statistics/behind?figure=clues_received&from=2026-01-01&to=2026-12-31",
        "/statistics/behind?figure=F7&name=closed-loop&from=2026-01-01&to=2026-12-31&division=620502", "/draws/new?purpose=revisit",
        "/cases?on=2026-03-05", "/intake",
    )  # fmt: skip

    def test_is_nowhere(self, window, hidden):
        looking, at_home = window("inspector_lead", ELSEWHERE, "lead.03"), window()
        assert "看不见的建筑公司" in at_home.see("/cases"), "the county's own see it"

        for address in self.PAGES:
            answer = looking.ask(address)
            assert answer.status_code in (200, 403, 404), address
            assert hidden["number"] not in answer.text, address
            assert "秘密的线索" not in answer.text, address
            assert "employer=" in address or "看不见的建筑公司" not in answer.text, address

    def test_is_answered_like_what_is_not_there(self, window, hidden):
        looking = window("inspector_lead", ELSEWHERE, "lead.03")
        gone = "00000000-0000-0000-0000-000000000000"

        for tail in ("", "/difference", "/contact", "/do/note", "/files/0"):
            there, nowhere = looking.ask(f"/cases/{hidden['id']}{tail}"), looking.ask(f"/cases/{gone}{tail}")
            assert (
                (there.status_code, text_of(there.text))
                == (nowhere.status_code, text_of(nowhere.text))
                == (404, text_of(nowhere.text))
            )

    def test_is_not_counted(self, window, hidden):
        looking = window("inspector_lead", ELSEWHERE, "lead.03")

        page = looking.see("/statistics?from=2026-01-01&to=2026-12-31")

        assert re.search(r'id="f-clues_received">\s*<a [^>]*><b>0</b>', page)

    def test_is_no_place_in_a_list_either(self, window, counter, hidden, catch_up):
        other = counter.receive(employer={"name": "第二家"})
        catch_up()

        page = window().see(f"/cases/{other['number']}?list=division%3D620502")
        alone = window().see(f"/cases/{other['number']}?list=employer%3D第二家")

        assert "第 1 件,共 2 件" in text_of(page)
        assert 'data-key="j"' in page
        assert 'data-key="k"' not in page
        assert 'data-key="j"' not in alone


class TestAMatterForDisciplineInspection:
    WORDS = ("推诿扯皮", "CaseReferred", "纪委", "discipline")

    @pytest.fixture
    def referred(self, counter: Counter, catch_up) -> dict[str, Any]:
        case = counter.receive()
        at = case
        for action, facts in (
            ("inspect", {"kind": "verification", "inspectors": ["lead.1", "second.1"], "finding": "true_arrears", "persons_confirmed": 14, "amount_confirmed": "110000.00"}),
            ("file", {"cause": "拖欠劳动报酬", "inspectors": ["lead.1", "second.1"], "approved_by": "head.1"}),
            ("refer", {"kind": "discipline", "to": "秦州区纪委监委", "reason": "推诿扯皮", "approved_by": "head.1"}),
        ):  # fmt: skip
            answer = counter.act(at, action, **facts)
            assert answer.status_code == 201, answer.text
            at = answer.json["case"]
        catch_up()
        return case

    def test_shows_to_no_ordinary_officer(self, window, referred):
        case = f"/cases/{referred['number']}"
        for role in sorted(set(ROLES) - {"auditor"}):
            looking = window(role)
            for address in (
                case,
                f"{case}?version=4",
                f"{case}?on=2026-03-10",
                f"{case}/difference?a_on=2026-03-01&b_on=2026-03-10",
                "/cases?q=推诿",
                "/",
                "/board",
            ):
                page = looking.ask(address).text.replace("q=推诿", "").replace('value="推诿"', "")
                assert "推诿扯皮" not in page, (role, address)
                assert "秦州区纪委监委" not in page, (role, address)
            history = looking.see(case)
            assert history.count('<li id="e') == 3, role

    def test_shows_to_the_auditors(self, window, referred):
        auditor = window("auditor", DISCIPLINE)

        assert "秦州区纪委监委" in auditor.see(f"/cases/{referred['number']}")
        assert "秦州区纪委监委" in auditor.see(f"/journal?record={referred['id']}")


# What an address may say


GARBAGE = (
    "sort=nonsense", "sort=-", "page=abc", "page=-1", "page=0", "page=99999", "page=99999999999999999999", "list=garbage", "list=%FF%00&sort=%27",
    "on=nonsense", "on=0001-01-01", "on=9999-12-31", "known=nonsense", "known=2026-13-45T99:99", "version=x", "version=-1", "version=0", "version=9999999999",
    "from=2026-02-30", "to=x", "division=9", "division=%27%3B--", "q=%00", "q=" + "长" * 200, "figure=nonsense", "name=nonsense", "by=nonsense", "group=nonsense",
    "cursor=nonsense", "kind=nonsense", "after_days=x", "rule=nonsense", "purpose=nonsense", "overdue=perhaps", "a_on=x&b_known=y", "event=Nonsense",
    "record=nonsense", "yoy=x", "status=nonsense", "employer=%3Cscript%3E", "sheet=x", "draw=nonsense", "paper=x&entry=y", "_csrf=1&&=&a=b=c",
)  # fmt: skip


class TestAnAddressThatMakesNoSense:
    def test_is_told_never_a_fault(self, window, ids):
        looking, auditor = window("body_head"), window("auditor", DISCIPLINE)
        case = f"/cases/{ids['case']}"
        pages = [
            "/", "/queue", "/cases", "/cases.csv", case, f"{case}/difference", f"{case}/contact", f"{case}/do/note", "/intake", "/board", "/board/trial",
            "/revisits", "/rulebook", "/statistics", "/statistics/by", "/statistics/behind", "/statistics/difference", "/periods", "/draws/new",
            *(f"/{room}" for room in ROOMS), "/projects.csv", f"/projects/{ids['project']}", "/inspections/new", "/sign-in", "/status",
        ]  # fmt: skip

        asked = [f"{address}?{garbage}" for n, garbage in enumerate(GARBAGE) for address in pages[n % 3 :: 3]]
        for address in asked:  # each nonsense on every third page
            answer = looking.ask(address)
            assert answer.status_code in (200, 303, 400, 404, 409, 422), (
                address,
                answer.status_code,
                text_of(answer.text)[:300],
            )
        for address in (f"{page}?{garbage}" for garbage in GARBAGE for page in ("/journal", "/oversight")):
            assert auditor.ask(address).status_code in (200, 400, 404, 422), address

    def test_of_a_form_sent_without_a_version_is_stale_never_a_fault(self, window, ids):
        for seen in ("abc", "", "-1", "9" * 30):
            page = window("office_head", "620500-hrss").send(
                f"/inspections/{ids['inspection']}/do/note", 412, text="备注", seen=seen, on="2026-03-10"
            )
            assert "备注" in page

    @pytest.mark.parametrize(
        "path",
        [
            "/cases/nonsense",
            "/cases/%00",
            "/cases/x%00/do/note",
            "/cases/620502-2026-1/do/nonsense",
            "/projects/x",
            "/periods/x",
            "/nowhere",
            "/draws/-1",
            "/rulebook/do/x",
        ],
    )
    def test_is_a_page_that_says_so(self, window, path):
        page = window("body_head").see(path, 404)

        assert "<main" in page
        assert 'href="/"' in page
