"""What papers say and how they come out: the same bytes every time, every character in the font, nothing read as markup."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pylopdf_fonts_zh_cn
import pytest

from application.papers.contents import chinese, contents, office_name, runs
from application.papers.rendering import fonts, pdf, png
from domain.case import Case
from domain.employer import Employer
from domain.inspection import Inspection
from domain.record import Record
from domain.rules.papers import PAPERS, papers_of
from domain.words import WORDS
from interface.demo import city
from tests.conftest import act, given, signed

DAY = date(2026, 3, 2)
RARE = "骉䶮㛃"
STORY = (
    "assign",
    "file",
    "verify",
    "inspect",
    "notify",
    "order",
    "serve",
    "extend",
    "publicise",
    "refer",
    "close_owing",
    "revisit",
)


def paper(case: Record, code: str, **more: Any) -> dict[str, Any]:
    """The contents of a paper for the last entry it puts in writing."""
    sheet = PAPERS[code]
    entry = next(entry for entry in reversed(case.entries) if sheet in papers_of(entry.event))
    number = f"秦州人社监{sheet.mark}字〔2026〕第0001号" if sheet.mark else None
    return contents(case, entry, sheet, **{"office": "620502-hrss", "on": DAY, "number": number, **more})


def words_of(part: Any) -> str:
    """Everything a paper says, in a line; what is to be filled by hand as ``＿``."""
    match part:
        case {"t": text}:
            return text
        case {"b": _}:
            return "＿"
        case dict():
            return "".join(map(words_of, part.values()))
        case list():
            return "".join(map(words_of, part))
    return str(part)


@pytest.fixture(scope="module")
def told() -> Case:
    return given(*STORY)


class TestSaying:
    def test_puts_the_facts_into_the_text(self, told):
        said = words_of(paper(told, "rectification_order"))

        for part in (
            "渭河建筑有限公司",
            "14名",
            "110,000.00元",
            "壹拾壹万元整",
            "2026年3月9日",
            "天水市秦州区人力资源和社会保障局",
        ):
            assert part in said

    def test_leaves_a_line_for_what_is_not_known_and_drops_what_need_not_be(self):
        facts = {"known": "甲"}

        assert runs("[{known}和]{unknown}[,又{unknown}]。____", facts) == [
            {"t": "甲和"},
            {"b": 6},
            {"t": "。"},
            {"b": 2},
        ]

    def test_never_names_the_complainant(self, told):
        register = paper(told, "complaint_register")
        rows = {row[i][0]["t"]: row[i + 1] for row in register["rows"] for i in range(0, len(row), 2)}

        assert (rows["反映人姓名"], rows["联系电话"], rows["证件及号码"], rows["联系地址"]) == ([], [], [], [])

    def test_is_as_the_case_was_at_the_entry(self, told):
        early = paper(Case.replay(told.id, told.entries, version=4), "filing_approval")

        assert paper(told, "filing_approval") == early

    def test_says_what_was_put_right_since(self):
        case = given("file", "inspect", "order")
        before = words_of(paper(case, "rectification_order"))
        case.correct(version=case.version, field="amount", value="100000.00", reason="录入错误", approved_by="head.1")

        assert "壹拾壹万元整" in before
        assert "壹拾万元整" in words_of(paper(Case.replay(case.id, case.entries), "rectification_order"))

    def test_tells_no_official_of_what_concerns_one(self):
        case = given("file", "inspect", "pay", "pay_rest")
        act(case, "refer", kind="discipline", to="620500-discipline", reason="线索另行移交")
        act(case, "close")

        said = words_of(paper(case, "closing_approval"))
        assert "登记支付" in said
        assert "线索另行移交" not in said
        assert "纪" not in said

    def test_has_the_punctuation_of_a_chinese_paper(self):
        assert chinese("甲,乙(110,000.00元);08:30") == "甲\uff0c乙\uff08110,000.00元\uff09\uff1b08:30"

    @pytest.mark.parametrize(
        ("office", "name"),
        [
            ("620502-hrss", "天水市秦州区人力资源和社会保障局"), ("620500-hrss", "天水市人力资源和社会保障局"),
            ("620000-hrss", "甘肃省人力资源和社会保障局"), ("110101-hrss", "东城区人力资源和社会保障局"),
            ("620525-rights_centre", "天水市张家川回族自治县劳动保障维权中心"),
        ],
    )  # fmt: skip
    def test_signs_with_the_office_in_full(self, office, name):
        assert office_name(office) == name


class TestRendering:
    @pytest.mark.parametrize("code", PAPERS)
    def test_every_paper_comes_out_the_same_twice(self, code):
        case = drawn_up(code)

        first, second = pdf(paper(case, code)), pdf(paper(case, code))
        assert first.startswith(b"%PDF-")
        assert first == second

    def test_another_day_is_another_paper(self, told):
        assert pdf(paper(told, "prior_notice")) != pdf(paper(told, "prior_notice", on=date(2026, 3, 3)))

    def test_takes_nothing_for_markup(self):
        case = given()
        case.entries.clear()
        case = given()
        wild = '#panic("x") $x$ *b* \\ {amount} [x] ____ <&> #{'
        act(case, "assign", plan=wild)

        made = paper(case, "assignment_sheet")
        assert wild.replace(" ", "") in words_of(made).replace(" ", "")
        assert len(png(made)) == 2  # the sheet, and the slip to return

    def test_knows_our_two_fonts_alone(self):
        assert set(fonts().families()) == {"Noto Sans SC", "Noto Serif SC"}

    @pytest.mark.parametrize("font", ["NotoSerifSC-Regular.otf", "NotoSansSC-Regular.otf"])
    def test_has_every_character(self, font):
        has = characters(Path(pylopdf_fonts_zh_cn.__file__).parent / font)
        firms = "".join(firm.name for firm in city.firms())
        words = "".join(zh for group in WORDS.values() for zh, _ in group.values())
        table = (Path(__file__).parents[2] / "domain" / "rules" / "papers.toml").read_text("utf-8")
        counties = "".join(county.name for county in city.COUNTIES.values())

        needed = set(chinese(RARE + firms + words + table + counties)) - {"\n"}
        assert needed - has == set()


FIRM = {"name": "渭河建筑有限公司", "uscc": "91110000600037341L"}


def listed() -> Employer:
    """An employer that was told of a listing, listed, published and removed."""
    firm = Employer(uuid4()).signed(signed())
    firm.register(employer=FIRM, division="620502", address="天水市秦州区民主路1号")
    firm.notify(ground="mass_incident", document_no="列告〔2026〕1号", subjects=("unit", "legal_representative"), persons=14,
                amount="120000.00", order_due_on=date(2026, 2, 24))  # fmt: skip
    firm.signed(signed(on=date(2026, 3, 30)))
    firm.list(document_no="列〔2026〕1号", subjects=("unit",), basis="人社部令45第五条", approved_by="head.1")
    firm.publicise(level="city", channel="门户网站")
    firm.delist(kind="revoked", reason="原决定被撤销", approved_by="head.1", document_no="移〔2026〕1号")
    return firm


def visited() -> Inspection:
    """An inspection that found a defect of the system: warned of, ordered, summoned."""
    visit = Inspection(uuid4()).signed(signed())
    visit.make(kind="four_no_two_direct", employer=FIRM, division="620502", inspectors=("lead.1", "second.1"), project="滨河路安置房二期",
               results=({"item": "ACC-1", "result": "fail"},), finding="未开设专用账户", number="查〔2026〕1号")  # fmt: skip
    visit.warn_(text="未开设农民工工资专用账户", owner="项目经理", due_on=date(2026, 3, 9))
    visit.order(
        document_no="令〔2026〕1号", due_on=date(2026, 3, 9), basis="条例第五十五条", persons=14, amount="120000.00"
    )
    visit.summon(who="项目经理", minutes="通报检查情况,要求限期整改", promise="三日内开户", due_on=date(2026, 3, 12))
    return visit


class TestOtherRecords:
    def test_say_of_a_listing_what_the_file_says(self):
        notice, decision, removal = (
            words_of(paper(listed(), code)) for code in ("listing_notice", "listing_decision", "removal_decision")
        )

        for part in ("14名", "120,000.00元", "壹拾贰万元整", "2026年2月24日", "法定代表人", "5个工作日"):
            assert part in notice
        for part in ("拖欠农民工工资失信联合惩戒对象名单", "期限3年", "天水市秦州区人力资源和社会保障局"):
            assert part in decision
        assert "个主体" not in decision
        for part in ("列〔2026〕1号", "2026年3月30日", "2029年3月30日", "原决定被撤销"):
            assert part in removal

    def test_say_of_an_inspection_what_was_found(self):
        record, order, warning = (
            words_of(paper(visited(), code)) for code in ("inspection_record", "rectification_order", "warning_notice")
        )

        assert "未开设专用账户" in record
        assert "查〔2026〕1号" in record
        for part in (
            "发现下列问题\uff1a未开设专用账户\uff1b专用账户开设\uff1b拖欠14名劳动者工资120,000.00元。",
            "足额支付所欠工资人民币120,000.00元",
            "现场检查笔录",
        ):
            assert part in order
        assert "投诉登记" not in order
        assert "不合格项" in warning

    def test_accuse_nobody_of_arrears_where_none_were_found(self):
        visit = Inspection(uuid4()).signed(signed())
        visit.make(
            kind="routine",
            employer=FIRM,
            division="620502",
            inspectors=("lead.1", "second.1"),
            results=({"item": "ACC-1", "result": "fail"},),
        )
        visit.order(document_no="令〔2026〕1号", due_on=date(2026, 3, 9), basis="条例第五十五条")

        order = words_of(paper(visit, "rectification_order"))
        assert "发现下列问题\uff1a专用账户开设。" in order
        assert "工资共计" not in order
        assert "足额支付" not in order

    def test_quote_the_number_that_stands(self):
        firm = listed()
        firm = Employer.replay(firm.id, firm.entries[:3]).signed(signed(on=date(2026, 3, 30)))
        made = {"name": "x.pdf", "media_type": "application/pdf", "size": 1, "sha256": "0" * 64}
        firm.issue(paper="listing_decision", entry=3, document_no="列〔2026〕1号", **made)
        firm.void(document_no="列〔2026〕1号", reason="填写有误", approved_by="head.1")
        firm.issue(paper="listing_decision", entry=3, document_no="列〔2026〕2号", **made)
        firm.delist(kind="revoked", reason="原决定被撤销", approved_by="head.1", document_no="移〔2026〕1号")

        removal = words_of(paper(firm, "removal_decision"))
        assert "列〔2026〕2号" in removal
        assert "列〔2026〕1号" not in removal


def drawn_up(code: str) -> Record:
    """A record with an entry that the paper puts in writing."""
    [put, *_] = PAPERS[code].puts
    if not put.event.startswith("Case"):
        return listed() if put.event.startswith("Employer") else visited()
    action = next(action for action, event in Case.actions.items() if event.__name__ == put.event)
    story = {"CaseReopened": ("file", "inspect", "pay", "pay_rest", "close", "reopen"), "CaseDeclined": ("decline",),
             "CaseWithdrawn": ("file", "withdraw"), "CaseEscalated": ("escalate",), "CaseAssigned": ("assign",)}  # fmt: skip
    if put.event in story:
        return given(*story[put.event])
    case = given(*STORY[:-3])
    match put.event:
        case "CaseClosed" | "CaseRevisited":
            return given(*STORY)
        case "CaseListed":
            case.list(list="失信联合惩戒对象名单", document_no="列〔2026〕1号", subjects=2, term_years=3)
        case "CaseSuspended":
            case.signed(signed(imported=True)).suspend(
                clock="C01", reason="补充劳动合同或考勤记录", approved_by="head.1"
            )
        case "CasePursued":
            case.pursue(kind="demand_served", document_no="催〔2026〕1号")
        case "CaseOrdered" | "CaseReferred" | "CaseInspected":
            more = {"fine": "20000.00", "extra_pct": 50} if put.event == "CaseOrdered" else {}
            act(case, action, kind=put.kind[0], **more)
    return case


def characters(font: Path) -> set[str]:
    """The characters a font has a glyph for: its ``cmap``, the subtable of 32-bit groups (OpenType, format 12)."""
    data = font.read_bytes()
    tables = {data[at : at + 4]: struct.unpack_from(">II", data, at + 8) for at in _places(12, 16, _short(data, 4))}
    cmap, _ = tables[b"cmap"]
    found: set[str] = set()
    for at in _places(cmap + 4, 8, _short(data, cmap + 2)):
        start = cmap + struct.unpack_from(">I", data, at + 4)[0]
        if _short(data, start) == 12:
            for group in _places(start + 16, 12, struct.unpack_from(">I", data, start + 12)[0]):
                first, last, glyph = struct.unpack_from(">III", data, group)
                found |= {chr(code) for code in range(first, last + 1) if glyph + code - first}
    return found


def _short(data: bytes, at: int) -> int:
    return int(struct.unpack_from(">H", data, at)[0])


def _places(start: int, size: int, many: int) -> Iterator[int]:
    return iter(range(start, start + size * many, size))


class TestACharacterNoFontHas:
    """A rare name or an old text does not hold up a paper, and the paper does not pretend that nothing is lacking."""

    @pytest.mark.parametrize(
        ("name", "printed", "codes"),
        [
            ("劳务😀局", "劳务〓局", "U+1F600"), ("𠮷野建设", "〓野建设", "U+20BB7"), ("Łódź建设", "〓ódź建设", "U+0141"),
            ("한국", "〓〓", "U+D55C、U+AD6D"),
        ],
    )  # fmt: skip
    def test_is_set_as_a_geta_and_told_by_its_code_at_the_foot(self, name, printed, codes):
        made = paper(given("file"), "filing_approval")

        assert pdf({**made, "office": name}) == pdf(
            {**made, "office": printed, "lacking": f"〓处为字库所缺的字:{codes}"}
        )
