"""A platform's exports, as they come: in two encodings, under two languages, with bad lines and with names where none belong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from application import screening
from application.screening import ColumnsMissing, ColumnTwice, NotAnExport, TooLargeAnExport, WorkerNamed, read
from domain.refused import Refused
from domain.rules.signals import Attendance, DepositHeld, Papers, Pay, Transfer

HEADINGS = "项目编号,工人编号,考勤月份,出勤天数,是否实名,退场日期,是否结清"
ATTENDANCE = f"{HEADINGS}\nP-1,w-1,2025-12,22,是,,\nP-1,w-2,2025年12月,10.5,否,2025/12/15,未结清\n"
NOBODY = "620502197001010014"  # made up, with its right check digit


def sheet(*lines: Sequence[Any]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        for n, line in enumerate(lines):
            page.write_row(n, 0, line)
    return content.getvalue()


def one_worker(worker: str, heading: str = "工人编号") -> bytes:
    return f"项目编号,{heading},月份,天数\nP-1,{worker},2025-12,22\n".encode()


class TestReading:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_reads_attendance_as_excel_writes_it(self, encoding: str) -> None:
        content = ATTENDANCE.encode(encoding)

        found = read(content, "attendance")

        assert found.bad == ()
        assert (found.lines, found.sha256) == (2, sha256(content).hexdigest())
        assert found.rows.attendance == (
            Attendance(line=2, project="P-1", worker="w-1", month="2025-12", days=Decimal(22), registered=True),
            Attendance(
                line=3, project="P-1", worker="w-2", month="2025-12", days=Decimal("10.5"), registered=False,
                left_on=date(2025, 12, 15), settled=False,
            ),
        )  # fmt: skip

    def test_reads_english_headings(self) -> None:
        content = b'project,worker,month,amount,paid_on\nP-1,w-1,2025-12,"6,000.50",2026-01-15\nP-1,w-2,2025-12,6000,\n'

        assert read(content, "payroll").rows.pay == (
            Pay(
                line=2, project="P-1", worker="w-1", month="2025-12", amount=Decimal("6000.50"), paid_on=date(2026, 1, 15)
            ),
            Pay(line=3, project="P-1", worker="w-2", month="2025-12", amount=Decimal(6000), paid_on=None),
        )  # fmt: skip

    def test_reads_a_sheet_with_its_days_and_numbers(self) -> None:
        content = sheet(
            ["拨付台账"], [], ["项目编号", "拨付日期", "拨付金额(元)", "款项类型"],
            ["P-1", date(2026, 2, 20), 220000.5, "人工费用"], [], ["P-1", "20260221", 0.1 + 0.2, "进度款"],
        )  # fmt: skip

        found = read(content, "transfers")

        assert found.bad == ()
        assert found.rows.transfers == (
            Transfer(line=4, project="P-1", on=date(2026, 2, 20), amount=Decimal("220000.50"), kind="labour_cost"),
            Transfer(line=6, project="P-1", on=date(2026, 2, 21), amount=Decimal("0.30"), kind="progress"),
        )

    def test_reads_deposits(self) -> None:
        content = (
            "项目,存储方式,保函到期日,施工许可日期\nP-1,银行保函,2026-03-01,2025-01-01\nP-2,未存储,,2025.1.1\n".encode()
        )

        assert read(content, "deposit").rows.deposits == (
            DepositHeld(
                line=2, project="P-1", kind="guarantee", expires_on=date(2026, 3, 1), permit_on=date(2025, 1, 1)
            ),
            DepositHeld(line=3, project="P-2", kind="none", permit_on=date(2025, 1, 1)),
        )

    def test_reads_papers_and_leaves_open_what_is_not_said(self) -> None:
        content = "项目,告示牌,支付担保,合同签订日期\nP-1,已上传,无,2026-01-01 10:00:00\n".encode()

        assert read(content, "papers").rows.papers == (
            Papers(
                line=2, project="P-1", board_uploaded=True, guarantee=False, contract_signed_on=date(2026, 1, 1)
            ),
        )  # fmt: skip

    def test_leaves_out_columns_it_has_no_use_for(self) -> None:
        content = f"姓名,身份证号,项目,工人编号,月份,天数\n张三,{NOBODY},P-1,w-1,2025-12,22\n".encode()

        found = read(content, "attendance")

        assert found.bad == ()
        assert NOBODY not in repr(found)
        assert "张三" not in repr(found)

    def test_counts_lines_as_an_editor_does(self) -> None:
        content = f'{HEADINGS}\n\n"P-1","w-1",2025-12,22,"是\n",,\nP-1,w-2,2025-12,9,,,\n'.encode()

        assert [row.line for row in read(content, "attendance").rows.attendance] == [3, 5]

    def test_reads_an_export_without_lines(self) -> None:
        assert read(HEADINGS.encode(), "attendance").lines == 0


class TestReportingABadLine:
    @pytest.mark.parametrize(
        ("line", "zh", "en"),
        [
            ("P-1,w-1,2025-13,22,,,", "不是有效月份", "month is no month"),
            ("P-1,w-1,十二月,22,,,", "不是有效月份", "month is no month"),
            ("P-1,w-1,2025-12,32,,,", "不是0至31之间的天数", "days is no number of days"),
            ("P-1,w-1,2025-12,NaN,,,", "不是0至31之间的天数", "days is no number of days"),
            ("P-1,w-1,2025-12,x,,,", "不是0至31之间的天数", "days is no number of days"),
            ("P-1,w-1,2025-12,,,,", "“天数”未填写", "days is missing"),
            (",w-1,2025-12,22,,,", "“项目”未填写", "project is missing"),
            ("P-1,,2025-12,22,,,", "“工人”未填写", "worker is missing"),
            ("P-1,w-1,2025-12", "“天数”未填写", "days is missing"),
            ("P-1,w-1,2025-12,22,也许,,", "请填是或否", "must say yes or no"),
            ("P-1,w-1,2025-12,22,,2025-02-30,", "不是有效日期", "left_on is no day"),
            ("P-1,w-1,2025-12,22,,0001-01-01,", "不是有效日期", "left_on is no day"),
            ("13800138000,w-1,2025-12,22,,,", "含有个人信息", "holds personal data"),
        ],
    )
    def test_gives_its_number_and_a_sentence(self, line: str, zh: str, en: str) -> None:
        found = read(f"{HEADINGS}\nP-1,w-0,2025-12,22,,,\n{line}\n".encode(), "attendance")

        [bad] = found.bad
        assert bad.line == 3
        assert bad.sentence().startswith("第3行:")
        assert zh in bad.sentence()
        assert en in bad.sentence("en")
        assert len(found.rows.attendance) == 1
        assert found.lines == 2

    @pytest.mark.parametrize("amount", ["-1", "0.001", "十万", "99999999999999"])
    def test_takes_no_amount_that_is_none(self, amount: str) -> None:
        found = read(f"项目,日期,金额,类型\nP-1,2026-02-20,{amount},进度款\n".encode(), "transfers")

        assert "不是有效金额" in found.bad[0].sentence()

    def test_takes_no_other_kind_of_transfer(self) -> None:
        found = read("项目,日期,金额,类型\nP-1,2026-02-20,1,罚款\n".encode(), "transfers")

        assert "须为" in found.bad[0].sentence()
        assert "must be one of" in found.bad[0].sentence("en")

    def test_does_not_repeat_what_stood_there(self) -> None:
        found = read(f"{HEADINGS}\n张三13800138000,w-1,2025-12,22,,,\n".encode(), "attendance")

        assert "13800138000" not in repr(found.bad)


class TestRefusingToKnowWhoItIs:
    @pytest.mark.parametrize(
        ("worker", "what"),
        [
            ("张三", "姓名"), ("买买提·吐尔逊", "姓名"), ("张三2", "姓名"), ("Zhang San", "姓名"),
            (NOBODY, "身份证号码"), ("620502197001010015", "身份证号码"), ("620502********0014", "身份证号码"),
            ("13800138000", "电话号码"), ("138 0013 8000", "电话号码"), ("138****8000", "身份证号码"),
            ("6222020000000000000", "银行卡号"),
        ],
    )  # fmt: skip
    def test_refuses_the_whole_file_and_asks_for_references(self, worker: str, what: str) -> None:
        with pytest.raises(WorkerNamed) as refused:
            read(one_worker(worker), "attendance")

        assert what in refused.value.sentence()
        assert "请由平台导出工人编号" in refused.value.sentence()
        assert "export references instead" in refused.value.sentence("en")
        assert worker not in refused.value.sentence() + refused.value.sentence("en")

    def test_finds_an_id_that_a_sheet_keeps_as_a_number(self) -> None:
        content = sheet(["项目", "工人编号", "月份", "天数"], ["P-1", int(NOBODY), "2025-12", 22])

        with pytest.raises(WorkerNamed):
            read(content, "attendance")

    @pytest.mark.parametrize("heading", ["姓名", "身份证号", "手机号", "name"])
    def test_refuses_names_where_there_are_no_references(self, heading: str) -> None:
        with pytest.raises(WorkerNamed):
            read(one_worker("x", heading), "attendance")

    @pytest.mark.parametrize("worker", ["w-1", "GS0012345", "8f14e45f", "100200300", "a1b2-c3d4", "00012345678901"])
    def test_takes_a_reference(self, worker: str) -> None:
        assert read(one_worker(worker), "attendance").rows.attendance[0].worker == worker


class TestRefusingAFile:
    @pytest.mark.parametrize(
        "content",
        [
            "项目,工人编号,月份,天数".encode("utf-16"),
            b"\xff\xff\xff\xff",
            b"PK\x03\x04 and then nothing",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and then nothing",
            b'project,worker,month,days\n"' + b"x" * 200_000,
        ],
    )
    def test_says_what_it_can_read(self, content: bytes) -> None:
        with pytest.raises(NotAnExport, match="a CSV in UTF-8 or GB 18030, or an XLSX workbook"):
            read(content, "attendance")

    def test_does_not_take_another_packed_file_for_a_workbook(self) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as file:
            file.writestr("readme.txt", "no workbook")

        with pytest.raises(NotAnExport):
            read(packed.getvalue(), "attendance")

    @pytest.mark.parametrize("content", [b"", b"\n\n", b"a,b\n1,2\n", "标题\n".encode() * 30])
    def test_says_which_columns_it_needs(self, content: bytes) -> None:
        with pytest.raises(ColumnsMissing) as refused:
            read(content, "attendance")

        assert "项目、工人、月份、天数" in refused.value.sentence()

    def test_does_not_choose_between_two_columns(self) -> None:
        with pytest.raises(ColumnTwice) as refused:
            read("项目,日期,金额,拨付金额,类型\n".encode(), "transfers")

        assert "“金额”" in refused.value.sentence()

    def test_takes_no_more_bytes_than_it_can_hold(self) -> None:
        with pytest.raises(TooLargeAnExport, match="200000 lines and 20 megabytes"):
            read(b" " * (20 * 1024 * 1024 + 1), "attendance")

    def test_takes_no_more_lines_than_it_can_hold(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(screening, "MOST_LINES", 1)

        with pytest.raises(TooLargeAnExport):
            read(ATTENDANCE.encode(), "attendance")

    def test_takes_no_workbook_that_unpacks_without_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(screening, "MOST_UNPACKED", 100)

        with pytest.raises(TooLargeAnExport):
            read(sheet(["项目"]), "attendance")

    def test_takes_no_sheet_wider_than_any_export(self) -> None:
        with pytest.raises(TooLargeAnExport):
            read(sheet(["项目", *["x"] * 256]), "attendance")

    @given(st.binary(max_size=300), st.sampled_from(["attendance", "payroll", "transfers", "deposit", "papers"]))
    def test_never_fails_in_any_other_way(self, content: bytes, export: Any) -> None:
        with pytest.raises(Refused):
            read(content, export)

    @given(st.text(max_size=60))
    def test_never_fails_on_what_stands_in_a_line(self, cells: str) -> None:
        try:
            found = read(f"{HEADINGS}\n{cells}".encode("utf-8", "replace"), "attendance")
        except (WorkerNamed, NotAnExport):
            return

        assert len(found.rows.attendance) + len(found.bad) == found.lines
