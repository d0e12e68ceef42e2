"""What pages hold, without a browser: what others typed, what leaves as a file, an officer's own things, the way through a list."""

from __future__ import annotations

import io
import re
from zipfile import ZipFile

import pytest

from interface.api.records import PLURALS
from tests.interface.conftest import CALLER, DISCIPLINE, rows_of, text_of

# Texts of others


class TestWhatOthersTyped:
    EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"

    def test_is_text_everywhere(self, window, counter, catch_up):
        case = counter.receive(employer={"name": self.EVIL}, summary=self.EVIL, project=self.EVIL)
        counter.act(case, "note", text=self.EVIL)
        catch_up()
        looking, auditor = window(), window("auditor", DISCIPLINE)

        pages = [looking.see(a) for a in ("/", "/queue", "/cases", f"/cases/{case['id']}", f"/cases/{case['id']}/difference?b_on=2026-03-05", "/board",
                 f"/cases/{case['id']}/do/note", "/intake", "/statistics/behind?figure=clues_received&from=2026-01-01&to=2026-12-31",
                 f"/cases?q={self.EVIL}&employer={self.EVIL}", f"/status?number={self.EVIL}")]  # fmt: skip
        pages.append(auditor.see("/journal"))

        for page in pages:
            assert "<script>alert" not in page
            assert "<img src=x" not in page
        assert sum("&lt;script&gt;alert(1)" in page for page in pages) > 5

    def test_is_no_formula_in_a_file(self, window, counter, catch_up):
        for name in ("=1+1", "+cmd", "-2", "@SUM(A1)"):
            counter.receive(employer={"name": f"{name}公司"}, project=name)
        catch_up()
        looking = window()

        lines = rows_of(looking.ask("/cases.csv").get_data())
        with ZipFile(io.BytesIO(looking.ask("/cases.xlsx").get_data())) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()

        assert {line["用人单位"] for line in lines} == {"'=1+1公司", "'+cmd公司", "'-2公司", "'@SUM(A1)公司"}
        assert "<f>" not in sheet


class TestAnExport:
    @pytest.mark.parametrize(
        "query", ["", "status=received", "q=第3", "sort=-claimed", "employer=第5家", "on=2026-03-02", "status=closed"]
    )
    def test_has_the_lines_of_its_list(self, window, counter, catch_up, query):
        for n in range(7):
            counter.receive(
                employer={"name": f"第{n}家"}, amount_claimed=f"{(n * 37) % 11 + 1}000.00", summary=f"第{n}件"
            )
        catch_up()
        looking = window()

        listed = re.findall(r'<td class="nowrap"><a href="/cases/([^"?]+)', looking.see(f"/cases?{query}"))
        written = [line["编号"] for line in rows_of(looking.ask(f"/cases.csv?{query}").get_data())]

        assert written == listed
        assert len(listed) == {
            "": 7,
            "status=received": 7,
            "sort=-claimed": 7,
            "on=2026-03-02": 7,
            "status=closed": 0,
        }.get(query, 1)

    def test_of_a_ledger_has_the_lines_of_the_ledger(self, window, ids):
        for _sort, (room, _described) in PLURALS.items():
            looking = window()
            listed = looking.see(f"/{room}").count("<tr><td")
            assert len(rows_of(looking.ask(f"/{room}.csv").get_data())) == listed == 1, room
            assert looking.ask(f"/{room}.xlsx").get_data().startswith(b"PK")

    def test_has_a_name_and_is_kept_by_nobody_on_the_way(self, window, ids):
        answer = window().ask("/cases.csv")

        assert re.fullmatch(r'attachment; filename="cases-\d{4}-\d\d-\d\d\.csv"', answer.headers["Content-Disposition"])
        assert answer.headers["Cache-Control"] == "no-store"


# An officer's own things


class TestSavedViews:
    def test_are_an_officers_own(self, window, ids):
        mine, other = window(), window("inspector_second")
        mine.send("/views", name="我的在办", list="cases", query="status=filed")

        assert "我的在办" in mine.see("/cases")
        assert "我的在办" not in other.see("/cases")
        assert "我的在办" not in mine.see("/projects")

    def test_cannot_be_forgotten_by_another(self, window, ids):
        mine, other = window(), window("inspector_second")
        mine.send("/views", name="我的在办", list="cases", query="status=filed")
        [number] = re.findall(r"/views/(\d+)/forget", mine.see("/cases"))

        other.send(f"/views/{number}/forget")
        assert "我的在办" in mine.see("/cases")

        mine.send(f"/views/{number}/forget")
        assert "我的在办" not in mine.see("/cases?status=received")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": ""},
            {"name": "x" * 41},
            {"list": "periods"},
            {"list": "https://evil.example"},
            {"query": "q=" + "x" * 2001},
        ],
    )
    def test_are_refused_where_they_make_no_sense(self, window, wrong):
        window().send("/views", 422, **{"name": "x", "list": "cases", "query": "", **wrong})


class TestReadingWhoComplained:
    def test_of_an_informant_is_for_fewer(self, window, counter, catch_up):
        case = counter.receive(complainant_kind="report", contact=CALLER)
        catch_up()

        assert 'name="purpose"' in window("intake").see(f"/cases/{case['id']}/contact")
        window("inspector_second").see(f"/cases/{case['id']}/contact", 403)

    def test_asks_for_a_purpose(self, window, ids):
        page = window().send(f"/cases/{ids['case']}/contact", 422)

        assert "张三" not in page
        assert 'id="purpose-wrong"' in page

    def test_is_recorded_before_anything_is_shown(self, window, ids, catch_up):
        looking, auditor = window(), window("auditor", DISCIPLINE)
        assert "张三" not in looking.see(f"/cases/{ids['case']}")

        page = looking.send(f"/cases/{ids['case']}/contact", 200, purpose="核实身份")
        catch_up()

        assert "张三" in page
        assert "13900001234" in page
        told = text_of(auditor.see("/journal?event=PersonOpened"))
        assert "lead.1" in told
        assert "核实身份" in told
        assert "张三" not in told

    def test_is_refused_to_whom_it_is_not_for(self, window, ids):
        page = window("lead_cadre").send(f"/cases/{ids['case']}/contact", 403, purpose="好奇")

        assert "张三" not in page


# From one case to the next


class TestGoingThroughAList:
    def test_goes_by_the_order_and_the_filters_of_the_list(self, window, counter, catch_up):
        made = [counter.receive(employer={"name": f"第{n}家"}, amount_claimed=f"{n}000.00") for n in (3, 1, 2)]
        catch_up()
        by_amount = [made[0]["id"], made[2]["id"], made[1]["id"]]
        looking = window()

        page = looking.see(f"/cases/{made[2]['number']}?list=sort%3D-claimed")

        assert f'data-key="k" href="/cases/{by_amount[0]}' in page
        assert f'data-key="j" href="/cases/{by_amount[2]}' in page
        assert "第 2 件,共 3 件" in text_of(page)

    def test_offers_nothing_where_the_case_is_not_in_the_list(self, window, counter, catch_up):
        case = counter.receive()
        catch_up()

        page = window().see(f"/cases/{case['number']}?list=status%3Dclosed")

        assert 'data-key="j"' not in page
        assert 'data-key="k"' not in page
        assert 'href="/cases?status=closed"' in page


class TestWhatWaits:
    def test_says_where_it_is_not_all_and_leads_on_to_the_rest(self, window, counter, catch_up, monkeypatch):
        monkeypatch.setattr("interface.api.cases.MOST_WEIGHED", 2)
        cases = [counter.receive()["number"] for _ in range(3)]
        catch_up()
        looking = window()

        home, first = looking.see("/"), looking.see("/queue")
        cursor = re.search(r"cursor=(\w+)", first)[1]
        second = looking.see(f"/queue?cursor={cursor}")

        assert re.search(r"<b>2\+</b>", home)
        assert [[number in page for number in cases] for page in (first, second)] == [
            [True, True, False],
            [False, False, True],
        ]
        assert ("下一页" in first, "下一页" in second) == (True, False)
        assert "+" not in re.search(r"<h1>.*?</h1>", second, re.DOTALL)[0]
