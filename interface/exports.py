"""Exports: the register and the journal as files that Excel, auditors and DuckDB read.

Lines are streamed; nothing is ever in memory whole.  A cell that a spreadsheet would take for a formula is written as text.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from psycopg import Connection
from psycopg.rows import dict_row

from projections import past
from projections.journal import COLUMNS
from projections.pages import as_of, over
from projections.projector import FACTS, RECORDS, STATISTICS
from projections.views import STANDING

BOM = "\ufeff"
PAGE = 5000
FORMULA = ("=", "+", "-", "@", "\t", "\r")

SORTS = {
    "projects": "project", "campaigns": "campaign", "inspections": "inspection", "employers": "employer", "trainings": "training",
    "draws": "draw",
}  # fmt: skip
WHAT = ("cases", "journal", *SORTS)
"""What may be exported."""
CASES = tuple(name for name in FACTS if name not in ("step", "first_seq", "owed", *STATISTICS))


def lines(
    connections: Callable[[], AbstractContextManager[Connection[Any]]],
    what: str,
    *,
    divisions: str,
    today: date,
    on: date | None = None,
    known: datetime | None = None,
) -> tuple[Sequence[str], Iterator[dict[str, Any]]]:
    """The columns and the lines of an export, in the official order."""
    moment = as_of(on, known)
    parameters = {**moment.parameters, "divisions": divisions + "%", "today": on or today}
    if what == "journal":
        where = f"revision = 0 AND division LIKE %(divisions)s AND ({moment.sql if moment.parameters else 'true'})"
        return COLUMNS, _streamed(connections, f"SELECT * FROM journal WHERE {where} ORDER BY seq", parameters)
    if sort := SORTS.get(what):
        source = f"({over('record_facts', moment.sql)})" if moment.parameters else "record_facts"
        sql = f"SELECT {', '.join(RECORDS)} FROM {source} facts WHERE sort = %(sort)s AND division LIKE %(divisions)s ORDER BY first_seq"
        return RECORDS, _streamed(connections, sql, {**parameters, "sort": sort})
    source = f"({past.facts(on, known).sql})"
    names = ", ".join(f"{STANDING} AS status" if name == "status" else name for name in CASES)
    sql = f"SELECT {names} FROM {source} facts WHERE division LIKE %(divisions)s ORDER BY first_seq"
    return CASES, _streamed(connections, sql, parameters)


def _streamed(
    connections: Callable[[], AbstractContextManager[Connection[Any]]], sql: str, parameters: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    with (
        connections() as connection,
        connection.transaction(),
        connection.cursor("export", row_factory=dict_row) as cursor,
    ):
        cursor.itersize = PAGE
        yield from cursor.execute(sql, parameters)


def write(rows: Iterable[dict[str, Any]], columns: Sequence[str], form: str, to: Path | BinaryIO) -> int:
    """Write lines in a format; answers how many."""
    if isinstance(to, Path):
        with to.open("wb") as file:
            return _WRITERS[form](rows, columns, file)
    return _WRITERS[form](rows, columns, to)


def _csv(rows: Iterable[dict[str, Any]], columns: Sequence[str], to: BinaryIO) -> int:
    text = io.TextIOWrapper(to, encoding="utf-8", newline="", write_through=True)
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([_cell(row[name]) for name in columns])
        count += 1
    text.detach()
    return count


def _cell(value: Any) -> Any:
    """A value for a spreadsheet; a text that begins like a formula gets an apostrophe before it."""
    plain = _plain(value)
    return f"'{plain}" if isinstance(value, str) and plain.startswith(FORMULA) else plain


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime() | date():
            return value.isoformat()
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


def _xlsx(rows: Iterable[dict[str, Any]], columns: Sequence[str], to: BinaryIO) -> int:
    import xlsxwriter  # heavy to read: when the first is asked for

    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet()
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        for column, name in enumerate(columns):
            sheet.write_string(0, column, name, bold)
        count = 0
        for count, row in enumerate(rows, start=1):
            for column, name in enumerate(columns):
                value = row[name]
                if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
                    sheet.write_number(count, column, value, money if isinstance(value, Decimal) else None)
                elif value is not None:
                    sheet.write_string(count, column, _plain(value)[:32000])
        sheet.freeze_panes(1, 0)
    to.write(buffer.getvalue())
    return count


def _jsonl(rows: Iterable[dict[str, Any]], columns: Sequence[str], to: BinaryIO) -> int:
    count = 0
    for row in rows:
        shown = {
            name: row[name] if isinstance(row[name], dict | int | bool | None) else _plain(row[name])
            for name in columns
        }
        to.write(json.dumps(shown, ensure_ascii=False).encode() + b"\n")
        count += 1
    return count


def _parquet(rows: Iterable[dict[str, Any]], columns: Sequence[str], to: BinaryIO) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, _arrow(pa, name)) for name in columns])
    count, source = 0, iter(rows)
    with pq.ParquetWriter(to, schema, compression="zstd") as writer:
        while page := list(islice(source, PAGE * 10)):
            table = {name: [_arrow_value(name, row[name]) for row in page] for name in columns}
            writer.write_table(pa.table(table, schema=schema))
            count += len(page)
    return count


_INTEGERS = frozenset({
    "seq", "revision", "version", "persons", "found_persons", "step", "inspections", "orders", "payments", "revisits", "returns",
    "visits", "problems", "problems_open", "signals_open", "leaflets", "consultations", "reopenings", "persons_claimed", "persons_confirmed", "persons_paid", "first_seq", "last_seq",
})  # fmt: skip
_MONEY = frozenset({"amount", "found", "claimed", "confirmed", "ordered", "paid", "current_paid", "owed", "balance"})
_INSTANTS = frozenset({"recorded_at", "known_from", "known_until", "last_recorded_at"})
_FLAGS = frozenset({"final", "contacted", "rebound", "confidential"})


def _arrow(pa: Any, name: str) -> Any:
    if name in _INTEGERS:
        return pa.int64()
    if name in _MONEY:
        return pa.decimal128(14, 2)
    if name in _INSTANTS:
        return pa.timestamp("us", tz="UTC")
    if name in _FLAGS:
        return pa.bool_()
    return (
        pa.date32() if name.endswith("_on") or name in ("happened_from", "happened_by", "listed_until") else pa.string()
    )


def _arrow_value(name: str, value: Any) -> Any:
    if value is None or name in _INTEGERS | _MONEY | _INSTANTS | _FLAGS or isinstance(value, date):
        return value
    return _plain(value)


_WRITERS: dict[str, Callable[[Iterable[dict[str, Any]], Sequence[str], BinaryIO], int]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "jsonl": _jsonl,
    "parquet": _parquet,
}
