"""How a platform's exports come in for screening: attendance, payroll, transfers, deposits, papers, a line each.

CSV or a spreadsheet, with Chinese or English headings.  A bad line is reported with its number and a sentence while the good ones
are read; a file that says who a worker is, is refused whole: screening needs references, and nothing of the person is ever kept.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from hashlib import sha256
from types import NoneType
from typing import Any, Literal, get_args

import msgspec

from domain.money import yuan
from domain.privacy import personal_data
from domain.refused import Refused
from domain.rules.signals import Attendance, DepositHeld, Papers, Pay, Row, Rows, Transfer
from domain.words import spoken

Export = Literal["attendance", "payroll", "transfers", "deposit", "papers"]
Cells = list[str]

MOST_LINES = 200_000
MOST_COLUMNS = 256
MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024  # of a spreadsheet, which is a packed file
HEADING_WITHIN = 10  # lines; platforms print a title above the headings

# What is refused: the file


class TooLargeAnExport(Refused):
    """文件过大:最多{lines}行、{megabytes}兆字节;请分批导出。

    The file is too large: at most {lines} lines and {megabytes} megabytes; export it in parts.
    """

    malformed = True


class NotAnExport(Refused):
    """文件无法读取:须为UTF-8或GB18030编码的CSV,或XLSX工作簿。

    The file cannot be read: it must be a CSV in UTF-8 or GB 18030, or an XLSX workbook.
    """

    malformed = True


class ColumnsMissing(Refused):
    """文件前几行中找不到表头:{export}须有{columns}各列。

    No headings in the first lines of the file: an export of {export} needs the columns {columns}.
    """

    malformed = True


class ColumnTwice(Refused):
    """第{line}行表头有多列均可作“{column}”;请只保留一列。

    Line {line}: more than one column can be the {name}; keep only one.
    """

    malformed = True


class WorkerNamed(Refused):
    """第{line}行工人栏含有{what};请由平台导出工人编号(不含姓名、证件号、电话),再行导入。

    Line {line} says who the worker is ({what_en}); export references instead - no names, ID numbers or phones.
    """

    malformed = True


_WHO = {
    "name": ("姓名", "a name"),
    "id_number": ("身份证号码", "an ID number"),
    "phone": ("电话号码", "a phone number"),
    "bank_account": ("银行卡号", "a bank card number"),
}

# What is read


class BadLine(msgspec.Struct, frozen=True):
    """A line that could not be read, and why, in both languages; what stood there is not repeated."""

    line: int
    zh: str
    en: str

    def sentence(self, lang: str = "zh") -> str:
        """Why the line was left out."""
        return f"第{self.line}行:{self.zh}。" if lang == "zh" else f"Line {self.line}: {self.en}."


class Upload(msgspec.Struct, frozen=True):
    """What a file brought: its rows, its bad lines, and what it was."""

    export: Export
    rows: Rows
    bad: tuple[BadLine, ...]
    sha256: str
    lines: int  # below the headings, good and bad


def read(content: bytes, export: Export) -> Upload:
    """The rows of an export.  Raises ``TooLargeAnExport``, ``NotAnExport``, ``ColumnsMissing``, ``ColumnTwice``, ``WorkerNamed``."""
    if len(content) > MOST_BYTES:
        raise _too_large()
    kind, table = _EXPORTS[export]
    lines = _lines(content)
    columns = _columns(lines, export)
    good, bad = [], []
    for count, (line, cells) in enumerate(lines, start=1):
        if count > MOST_LINES:
            raise _too_large()
        found = _row(kind, line, {name: cells[at] for name, at in columns.items() if at < len(cells)})
        bad.append(found) if isinstance(found, BadLine) else good.append(found)
    rows = msgspec.structs.replace(Rows(), **{table: tuple(good)})
    return Upload(export, rows, tuple(bad), sha256(content).hexdigest(), len(good) + len(bad))


_EXPORTS: dict[Export, tuple[type[Row], str]] = {
    "attendance": (Attendance, "attendance"),
    "payroll": (Pay, "pay"),
    "transfers": (Transfer, "transfers"),
    "deposit": (DepositHeld, "deposits"),
    "papers": (Papers, "papers"),
}


def _too_large() -> TooLargeAnExport:
    return TooLargeAnExport(at="file", lines=MOST_LINES, megabytes=MOST_BYTES // 1024**2)


# Lines


def _lines(content: bytes) -> Iterator[tuple[int, Cells]]:
    """The lines that are not blank, with the number each has in the file."""
    packed = content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    for line, cells in _sheet(content) if packed else _csv(content):
        texts = [_text(cell) for cell in cells]
        if any(texts):
            yield line, texts


def _csv(content: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    """A CSV as Excel writes it: UTF-8 with or without a BOM, or GB 18030."""
    reader = csv.reader(io.StringIO(_decoded(content), newline=""))
    first = 1
    try:
        for cells in reader:
            yield first, cells
            first = reader.line_num + 1
    except csv.Error:
        raise NotAnExport(at="file") from None


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotAnExport(at="file")


def _sheet(content: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    """The first sheet of a workbook."""
    from python_calamine import CalamineError, CalamineWorkbook  # heavy, and only needed for workbooks

    _not_a_bomb(content)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        if sheet.height > 2 * MOST_LINES or sheet.width > MOST_COLUMNS:
            raise _too_large()
        first = (sheet.start or (0, 0))[0] + 1
        yield from enumerate(sheet.to_python(skip_empty_area=True), start=first)
    except CalamineError:
        raise NotAnExport(at="file") from None


def _not_a_bomb(content: bytes) -> None:
    if not content.startswith(b"PK"):
        return
    try:
        unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(content)).infolist())
    except zipfile.BadZipFile:
        raise NotAnExport(at="file") from None
    if unpacked > MOST_UNPACKED:
        raise _too_large()


def _text(cell: Any) -> str:
    """A cell as text; a sheet keeps every number as a float and every day as a day."""
    match cell:
        case datetime() | date():
            return cell.isoformat()[:10]
        case bool():
            return "1" if cell else "0"
        case float():
            return str(int(cell)) if cell.is_integer() else f"{cell:.15g}"  # what a sheet can hold
    return unicodedata.normalize("NFKC", str(cell)).strip()


# Headings

_HEADINGS = {
    "project": ("项目", "项目编号", "项目编码", "项目名称", "project"),
    "worker": ("工人", "工人编号", "人员编号", "worker", "worker ref"),
    "month": ("月份", "考勤月份", "工资月份", "所属月份", "month"),
    "days": ("天数", "出勤天数", "考勤天数", "days"),
    "registered": ("实名登记", "是否实名", "是否实名登记", "registered"),
    "left_on": ("退场日期", "离场日期", "left on"),
    "settled": ("是否结清", "结清", "结清确认", "settled"),
    "amount": ("金额", "实发工资", "实发金额", "发放金额", "拨付金额", "存储金额", "amount"),
    "paid_on": ("发放日期", "支付日期", "paid on"),
    "on": ("拨付日期", "日期", "on", "date"),
    "kind": ("类型", "类别", "款项类型", "款项性质", "存储方式", "kind"),
    "stored_on": ("存储日期", "stored on"),
    "expires_on": ("到期日期", "保函到期日", "expires on"),
    "used_on": ("动用日期", "使用日期", "used on"),
    "refilled_on": ("补足日期", "补存日期", "refilled on"),
    "permit_on": ("施工许可日期", "许可日期", "开工批复日期", "permit on"),
    "board_uploaded": ("维权告示牌", "告示牌", "告示牌已上传", "board uploaded"),
    "guarantee": ("工程款支付担保", "支付担保", "guarantee"),
    "participants": ("参建单位", "participants"),
    "account_opened_on": ("专户开设日期", "专用账户开设日期", "account opened on"),
    "contract_signed_on": ("合同签订日期", "contract signed on"),
    "settled_on": ("过程结算日期", "最近结算日期", "settled on"),
}
_NAMED = {"姓名", "工人姓名", "身份证号", "身份证号码", "证件号码", "手机号", "联系电话", "name", "id number", "phone"}


def _columns(lines: Iterator[tuple[int, Cells]], export: Export) -> dict[str, int]:
    """Where each fact stands, from the line of headings.  Raises ``ColumnsMissing``, ``ColumnTwice`` or ``WorkerNamed``."""
    facts = _facts(_EXPORTS[export][0])
    needed = {fact.name for fact in facts if fact.required}
    for line, cells in lines:
        headings = [_heading(cell) for cell in cells]
        found = [(fact.name, at) for fact in facts for at, h in enumerate(headings) if h in _HEADINGS[fact.name]]
        columns = dict(found)
        if needed <= columns.keys():
            _no_column_twice(line, [name for name, _ in found])
            return columns
        if needed - columns.keys() == {"worker"} and _NAMED & set(headings):
            raise _named(line, "name")
        if line >= HEADING_WITHIN:
            break
    words = tuple(_HEADINGS[fact.name][0] for fact in facts if fact.name in needed)
    raise ColumnsMissing(at="file", export=export, columns=words)


@cache
def _facts(kind: type[Row]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return tuple(fact for fact in msgspec.structs.fields(kind) if fact.name != "line")


def _no_column_twice(line: int, names: list[str]) -> None:
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ColumnTwice(at="file", line=line, column=_HEADINGS[twice][0], name=twice)


def _heading(cell: str) -> str:
    return re.sub(r"\(.*?\)", "", cell).replace("_", " ").strip().lower()


def _named(line: int, what: str) -> WorkerNamed:
    zh, en = _WHO[what]
    return WorkerNamed(at="worker", line=line, what=zh, what_en=en)


# Cells

_WHO_IT_IS = {
    "name": re.compile(r".*[\u3400-\u9fff].*|[A-Za-z]+( [A-Za-z]+)+"),
    # Whatever its check digit, which a sheet that keeps numbers as floats has lost; or masked.
    "id_number": re.compile(r"\d{6}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]|\d{3,6}\*+\d{2,4}[Xx]?"),
}
_MONTH = re.compile(r"(\d{4})[-/.年]?(\d{1,2})(?:[-/.月](?:\d{1,2}日?)?)?")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T][\d:.]+)?")
_DAY_IN_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YES = {"1", "是", "有", "已", "√", "y", "yes", "true", "已上传", "已登记", "已结清", "已确认"}
_NO = {"0", "否", "无", "未", "×", "x", "n", "no", "false", "未上传", "未登记", "未结清", "未确认"}
_WORDS = {
    "人工费": "labour_cost", "人工费用": "labour_cost", "工程进度款": "progress", "进度款": "progress", "其他": "other",
    "现金": "cash", "保函": "guarantee", "银行保函": "guarantee", "无": "none", "未存储": "none",
}  # fmt: skip


class _NotThat(ValueError):
    """A cell that does not hold what its column says: why, in Chinese and English."""


def _row(kind: type[Row], line: int, cells: dict[str, str]) -> Row | BadLine:
    """A line as a row, or why it is none.  Raises ``WorkerNamed``."""
    facts: dict[str, Any] = {"line": line}
    _nobody(line, cells.get("worker", ""))
    for fact in _facts(kind):
        try:
            facts[fact.name] = _value(fact, cells.get(fact.name, ""))
        except _NotThat as problem:
            zh, en = problem.args
            return BadLine(line, f"“{_HEADINGS[fact.name][0]}”{zh}", f"{fact.name} {en}")
    return kind(**facts)


def _nobody(line: int, worker: str) -> None:
    shapes = (what for what, shape in _WHO_IT_IS.items() if shape.fullmatch(worker))
    if what := next(shapes, None) or personal_data(worker):
        raise _named(line, what)


def _value(fact: msgspec.structs.FieldInfo, cell: str) -> Any:
    """The fact a cell gives, by the type of its column.  Raises ``_NotThat``."""
    options = get_args(fact.type)
    if not cell:
        if NoneType in options:
            return None
        raise _NotThat("未填写", "is missing")
    if fact.name == "month":
        return _month(cell)
    if date in (fact.type, *options):
        return _day(cell)
    if Decimal in (fact.type, *options):
        return _number(fact.name, cell)
    if bool in options:
        return _yes_or_no(cell)
    return _word(cell, options) if fact.name == "kind" else _reference(cell)


def _month(cell: str) -> str:
    found = _MONTH.fullmatch(cell)
    if not found or not 1 <= int(found[2]) <= 12 or not 2000 <= int(found[1]) <= 2100:
        raise _NotThat("不是有效月份,请填 YYYY-MM", "is no month; write YYYY-MM")
    return f"{found[1]}-{int(found[2]):02}"


def _day(cell: str) -> date:
    found = _DAY.fullmatch(cell) or _DAY_IN_DIGITS.fullmatch(cell)
    try:
        day = date(*map(int, found.groups())) if found else date.min
    except ValueError:
        day = date.min
    if not 2000 <= day.year <= 2100:
        raise _NotThat("不是有效日期,请填 YYYY-MM-DD", "is no day; write YYYY-MM-DD")
    return day


def _number(name: str, cell: str) -> Decimal:
    plain = cell.replace(",", "").strip("¥元 ")
    if name != "days" and (amount := yuan(plain)) is not None:
        return amount
    try:
        days = Decimal(plain)
    except InvalidOperation:
        days = Decimal("NaN")
    if name == "days" and days.is_finite() and 0 <= days <= 31:
        return days
    if name == "days":
        raise _NotThat("不是0至31之间的天数", "is no number of days from 0 to 31")
    raise _NotThat("不是有效金额(元,最多两位小数)", "is no amount in yuan with at most two decimals")


def _yes_or_no(cell: str) -> bool:
    if cell.lower() in _YES:
        return True
    if cell.lower() in _NO:
        return False
    raise _NotThat("请填是或否", "must say yes or no")


def _word(cell: str, options: tuple[str, ...]) -> str:
    code = _WORDS.get(cell, cell.lower())
    if code not in options:
        raise _NotThat(f"须为{spoken(options)}之一", f"must be one of {spoken(options, 'en')}")
    return code


def _reference(cell: str) -> str:
    if len(cell) > 200 or personal_data(cell):
        raise _NotThat("过长或含有个人信息", "is too long or holds personal data")
    return cell
