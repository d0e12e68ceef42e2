"""What stands behind figures, on pages and in files: as much is opened as the figure says, as it was then, and no more than may be known."""

from __future__ import annotations

import io
import re
from datetime import date
from html import unescape
from string import ascii_uppercase
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest

from domain.rules.settings import SETTINGS
from interface.pages import statistics, statistics_files
from tests.interface.conftest import DISCIPLINE, Window, rows_of, text_of

YEAR = "from=2026-01-01&to=2026-12-31"
FIRM = {"name": "渭河建筑有限公司", "uscc": "91110000600037341L"}
PROJECT = {"name": "安置房", "industry": "housing", "contractor": FIRM}


class City(Window):
    """The city's head at a browser, and what the counties record."""

    def __init__(self, looking, counter, desk, catch_up):
        self.client, self.counter, self.desk, self.catch_up = looking.client, counter, desk, catch_up

    def ask(self, address, **more):
        self.catch_up()
        return super().ask(address, **more)

    def behind(self, figure, **asked):
        return self.see(f"/statistics/behind?{YEAR}&{urlencode({'figure': figure, **asked})}")

    def api(self, address):
        self.catch_up()
        return self.counter.ask("GET", address, "office_head", office="620500-hrss").json

    def post(self, plural, **facts):
        body = {"on": "2026-03-10", "division": "620502", **facts}
        answer = self.counter.ask("POST", f"/api/{plural}", "body_head", body=body)
        assert answer.status_code == 201, answer.text
        return answer.json

    def act(self, plural, record, action, **facts):
        body = {"on": "2026-03-10", **facts}
        answer = self.counter.ask(
            "POST", f"/api/{plural}/{record['id']}/{action}", "body_head", body=body, version=record["version"]
        )
        assert answer.status_code == 201, answer.text
        record["version"] += 1

    def project(self, name):
        return self.post("projects", **{**PROJECT, "name": name})["id"]


@pytest.fixture
def city(window, counter, desk, catch_up):
    return City(window("office_head", "620500-hrss"), counter, desk, catch_up)


class TestBehindAFigure:
    def test_stand_as_many_records_as_it_counts_by_month_as_well(self, window, counter, ids, catch_up):
        for day in ("2026-02-02", "2026-02-03", "2026-03-04"):
            counter.receive(on=day)
        catch_up()
        asked = "/api/reports/six-mechanisms?from=2026-01-01&to=2026-12-31"
        values = counter.ask("GET", asked, "office_head").json["values"]
        looking = window("office_head")

        whole = text_of(looking.see("/statistics/behind?figure=clues_received&from=2026-01-01&to=2026-12-31"))
        months = looking.see("/statistics/by?by=month&from=2026-01-15&to=2026-12-31")
        links = [unescape(link) for link in re.findall(r'href="(/statistics/behind[^"]+)"', months)]
        [february] = [link for link in links if "group=2026-02" in link and "figure=clues_received" in link]

        assert f"共由{values['clues_received']}条记录构成" in whole
        assert "共由2条记录构成" in text_of(looking.see(february))

    def test_a_rate_stands_on_those_that_do_not_count_as_well(self, city):
        for satisfaction in ("satisfied", "dissatisfied"):
            case = city.desk.story("file", "inspect", "pay", "pay_rest", "close")
            city.desk.act(case, "revisit", satisfaction=satisfaction)

        page = city.behind("first_answer_satisfaction")

        assert "共由2条记录构成 · 分子/分母:1 / 2" in text_of(page)
        assert re.findall(r"<td>(是|否)</td>", page) == ["否", "是"]

    def test_a_coverage_stands_on_the_projects_without_a_lesson_as_well(self, city):
        trained, _other = city.project("一标段"), city.project("二标段")
        city.post(
            "trainings",
            kind="first_lesson",
            topic="开工第一课",
            attendance=1,
            leaflets=0,
            consultations=0,
            projects=[trained],
        )

        page = city.behind("coverage", name="trainings")

        assert "分子/分母:1 / 2" in text_of(page)
        assert {"一标段", "二标段"} <= set(re.findall("[一二]标段", page))

    def test_employers_and_divisions_are_counted_once_with_their_records_under_them(self, city):
        cases = [city.desk.story("file", "inspect") for _ in range(3)]

        for figure, said in (("employers_inspected", "共计1家用人单位"), ("divisions_inspected", "共计1个县区")):
            page = city.behind(figure)
            assert said in text_of(page)
            assert page.count("data-thing") == 1
            assert len(set(re.findall(r'href="(/cases/[^"]+)"', page))) == len(cases)

    def test_every_cell_of_the_closed_loop_opens_its_own_cases(self, city):
        city.desk.story("file", "inspect")
        city.desk.receive()
        loop = city.see(f"/statistics?name=closed-loop&{YEAR}")
        links = re.findall(r'href="(/statistics/behind[^"]+cell=[^"]+)">([^<]+)</a>', loop)

        assert len(links) > 10
        for link, shown in links:
            page = city.see(unescape(link))
            if re.search(r"cases|clocks|count|by_clock|F18", link):
                told = re.search(r"合计 ([\d,.]+)", text_of(page))
                assert told, link
                assert told[1] == shown, link
            assert page.count("data-thing") > 0, link

    def test_a_project_is_counted_once_however_often_it_was_checked(self, city):
        project = city.post("projects", **PROJECT)
        visit = {"tier": 1, "inspectors": ["a", "b"], "results": [{"item": "ACC-1", "result": "pass"}]}
        for _ in range(2):
            city.act("projects", project, "supervise", **visit)
        city.post("inspections", kind="routine", employer=FIRM, inspectors=["a", "b"], industry="housing", project_id=project["id"],
                  results=[{"item": "ACC-1", "result": "fail"}])  # fmt: skip

        page = city.behind("F20", name="closed-loop", cell="ACC")

        assert "共由1个项目构成 · 分子/分母:0 / 1" in text_of(page)

    def test_all_of_it_is_shown_page_by_page_and_leaves_as_a_file(self, city, monkeypatch):
        monkeypatch.setattr(statistics, "BEHIND", 2)
        for n in range(5):
            city.desk.receive(employer={"name": f"=第{n}家"})

        pages = [city.behind("clues_received", page=str(n)) for n in (1, 2, 3)]
        lines = rows_of(city.ask(f"/statistics/behind.csv?figure=clues_received&{YEAR}").get_data())

        assert [page.count("data-thing") for page in pages] == [2, 2, 1]
        assert len({link for page in pages for link in re.findall(r'href="(/cases/[^"]+)"', page)}) == len(lines) == 5
        assert all(line["名称"].startswith("'=") for line in lines)

    @pytest.mark.parametrize("at", ["0", "-1", "x", "9999999"])
    def test_a_page_that_is_none_is_the_first(self, city, at):
        city.desk.receive()

        assert city.behind("clues_received", page=at).count("data-thing") == 1

    @pytest.mark.parametrize("column", ["channel", "office", "officer", "industry", "month", "division", "quarter"])
    def test_every_figure_of_every_group_opens_as_much(self, city, column):
        for division in ("620502", "620503"):
            city.desk.story("assign", "file", "inspect", "order", division=division)
        city.desk.act(city.desk.last.case, "publicise")
        for name in [name for name in statistics.SHOWN if column in statistics.REPORTS[name].by]:
            table = city.see(f"/statistics/by?name={name}&by={column}&{YEAR}")
            for link, shown in re.findall(r'href="(/statistics/behind[^"]+)">([^<]+)</a>', table):
                page = text_of(city.see(unescape(link)))
                assert "data-thing" in city.see(unescape(link)), link
                if re.fullmatch(r"[\d,.]+", shown):
                    assert f"合计 {shown}" in page or re.search(rf"共(计|由){shown}", page), (link, page[:300])

    def test_an_office_is_called_by_its_name(self, city):
        city.desk.receive()

        table = city.see(f"/statistics/by?by=office&{YEAR}")

        assert '<th scope="row">秦州区人社局</th>' in table
        assert '<th scope="row">620502-hrss</th>' not in table

    def test_of_the_past_it_tells_how_things_stood_then(self, city):
        case = city.desk.receive()
        city.desk.act(case, "file", on=date(2026, 3, 5))

        page = city.behind("clues_received", on="2026-03-03")
        table = city.see(f"/statistics/by?by=month&{YEAR}&on=2026-03-03")

        for past in (page, table):
            assert "历史时点,只读" in past
            assert 'id="stamp"' in past
        assert "已立案" not in page
        assert re.search(r'href="/cases/[^"]+\?on=2026-03-03"', page)
        assert "已立案" in city.behind("clues_received")

    @pytest.mark.parametrize(
        "address",
        [
            "by?figure=nosuch",
            "behind?figure=nosuch",
            "behind?name=closed-loop&figure=F16&cell=nosuch",
            "behind.csv?figure=nosuch",
        ],
    )
    def test_there_is_none_of_what_is_no_figure(self, city, address):
        assert city.ask(f"/statistics/{address}").status_code == 404

    def test_by_group_it_is_told_what_is_shown(self, city):
        page = text_of(city.see(f"/statistics/by?name=closed-loop&figure=F4&by=channel&division=620503&{YEAR}"))

        for said in ("闭环统计 · 渠道", "麦积区", "核查率:", "统计戳"):
            assert said in page

    def test_of_what_is_about_an_official_only_the_confidants_open_anything(self, city, window):
        case = city.desk.receive()
        city.desk.act(
            case, "refer", kind="discipline", to="620500-discipline", reason="线索移交", approved_by="office.2"
        )
        auditor = window("auditor", DISCIPLINE)

        for more in ("", "&by=division&group=620502", "&by=office&group=620502-hrss", "&on=2026-12-01"):
            address = f"/statistics/behind?figure=discipline_referrals&{YEAR}{more}"
            assert "data-thing" not in city.see(address), more
            assert str(case.number) not in city.ask(address.replace("behind?", "behind.csv?")).text
        assert "data-thing" in auditor.see(f"/statistics/behind?figure=discipline_referrals&{YEAR}")


class TestByMonth:
    def test_what_stands_is_told_of_the_months_of_the_window_alone(self, city):
        city.desk.story("file", "inspect")
        city.desk.receive(on=date(2026, 5, 4))

        page = city.see("/statistics/by?name=closed-loop&by=month&from=2026-01-01&to=2026-04-10")

        assert re.findall(r'<th scope="row"[^>]*>([^<]+)</th>', page) == ["2026-03"]


class TestFiguresAsAFile:
    def test_are_those_of_the_page_and_of_the_api_by_county(self, city):
        case = city.desk.receive()
        city.desk.act(
            case, "refer", kind="discipline", to="620500-discipline", reason="线索移交", approved_by="office.2"
        )

        figures, groups, _stamp = sheets(city.ask(f"/statistics.xlsx?{YEAR}").get_data())

        [shown] = re.findall(r"<b>([^<]+)</b>移交纪委监委", city.see(f"/statistics?{YEAR}"))
        assert shown == "1"
        assert next(row for row in figures if row[0] == "移交纪委监委")[1] == "1"
        told = city.api(f"/api/reports/six-mechanisms?{YEAR}&by=division")["groups"]
        place = groups[0].index("移交纪委监委")
        assert [row[place] for row in groups[1:]] == [str(group["values"]["discipline_referrals"]) for group in told]
        assert "秦州区" in [row[0] for row in groups[1:]]

    def test_have_a_cell_for_every_number_with_its_words(self, city):
        city.desk.story("file", "inspect")

        figures, groups, stamp = sheets(city.ask(f"/statistics.xlsx?name=closed-loop&{YEAR}").get_data())

        named = {row[0]: row[1] for row in figures if len(row) > 1}
        assert named["动态清零 · 元"] == "110000"
        assert named["超期 · C07 责令改正期限"] == "0"
        assert "制度落实率 · 工资专用账户" in [row[0] for row in figures]
        assert not [row[0] for row in [*figures, groups[0]] if re.search("by_age|received_to|[a-z]{4}", row[0])]
        assert {row[0] for row in stamp} == {
            "自",
            "至",
            "行政区划",
            "所知时点",
            "日志序号",
            "规则簿版本",
            "日历版本",
            "设定",
        }
        assert ["行政区划", "天水市"] in stamp

    def test_stand_beside_a_year_before_where_the_page_has_them_so(self, city):
        city.desk.receive()

        plain, *_ = sheets(city.ask(f"/statistics.xlsx?{YEAR}").get_data())
        figures, *_ = sheets(city.ask(f"/statistics.xlsx?{YEAR}&yoy=true").get_data())

        head, clues = figures[0], next(row for row in figures if row[0] == "受理线索")
        assert set(head) - set(plain[0]) == {"上年同期", "增减%"}
        assert clues[head.index("上年同期")] == "0"
        assert city.ask(f"/statistics.pdf?{YEAR}&yoy=true").get_data().startswith(b"%PDF")

    def test_say_in_words_which_numbers_of_the_office_they_hang_on(self, city):
        [meaning] = re.findall(r"<small>(转办及时率[^<]+)</small>", city.see(f"/statistics?name=closed-loop&{YEAR}"))

        assert SETTINGS["first_assign_days"].zh in meaning
        assert "_days" not in meaning

    def test_on_paper_are_all_the_figures_by_county(self, city):
        given = city.api(f"/api/reports/closed-loop?{YEAR}&by=division&explain=true")
        with city.client.application.test_request_context():
            groups = [(group["by"], group["values"]) for group in given["groups"]]
            tables = list(statistics_files._tables(given, groups))
            names = [line.name for line in statistics_files.lines(given, given["values"])]

        assert [name for table in tables for name in table["columns"]] == names
        assert all(len(row) == len(table["columns"]) + 1 for table in tables for row in table["rows"])
        assert city.ask(f"/statistics.pdf?name=closed-loop&{YEAR}").get_data().startswith(b"%PDF")

    def test_the_stamp_of_the_page_is_in_words(self, city):
        page = text_of(city.see(f"/statistics?{YEAR}&yoy=true"))

        assert "与上年同期对比 是" in page
        assert "行政区划 天水市" in page
        assert "True" not in page


class TestAClosedPeriod:
    def test_tells_what_moved_number_by_number_and_its_stamp_in_words(self, city):
        city.desk.story("assign", "file", "inspect")
        city.catch_up()
        closing = {
            "on": "2026-11-23",
            "report": "closed-loop",
            "from": "2026-01-01",
            "to": "2026-10-31",
            "division": "620500",
        }
        made = city.counter.ask(
            "POST", "/api/periods", "office_head", office="620500-hrss", body={**closing, "by": "office"}
        )
        assert made.status_code == 201, made.text
        city.desk.story("assign", "file", "inspect")

        page = text_of(city.see(f"/periods/{made.json['id']}"))

        assert "动态清零 · 案件 1 2" in page
        assert "动态清零 · 案件 秦州区人社局 1 2" in page
        assert "分组 承办单位" in page
        assert "by_age" not in page


def sheets(book: bytes) -> list[list[list[str]]]:
    """The sheets of a workbook, row by row; a blank cell is empty."""
    with ZipFile(io.BytesIO(book)) as file:
        words = [
            unescape(re.sub("<[^>]+>", "", each))
            for each in re.findall(r"<si>(.*?)</si>", file.read("xl/sharedStrings.xml").decode(), re.S)
        ]
        names = sorted(each for each in file.namelist() if each.startswith("xl/worksheets/sheet"))
        return [
            [cells_of(row, words) for row in re.findall(r"<row[^>]*>(.*?)</row>", file.read(name).decode(), re.S)]
            for name in names
        ]


def cells_of(row: str, words: list[str]) -> list[str]:
    found = {place: words[int(value)] if 't="s"' in kind else value
             for place, kind, value in re.findall(r'<c r="([A-Z]+)\d+"([^>]*)><v>(.*?)</v>', row)}  # fmt: skip
    last = max(found, key=lambda place: (len(place), place))
    columns = [first + second for first in ("", *ascii_uppercase) for second in ascii_uppercase]
    return [found.get(place, "") for place in columns[: columns.index(last) + 1]]
