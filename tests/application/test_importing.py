"""Old histories come in as they are known, once, and nothing is invented."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal

import pytest
import yaml

from application.importing import Importer, bring_in, history, rows
from application.office import Office, source_id
from application.regions import division
from tests.conftest import PUBLISHED

WHO = Importer("importer", "000000-hrss")
PUBLISHED_CASES = {raw["id"]: raw for raw in rows(PUBLISHED)}
TODAY = date(2026, 11, 24)

STANDING = {
    "SC-GONGXIAN-2018": ("referred", "0.00", "1346600.00"),
    "SC-BAZHOU-2018": ("referred", "0.00", "60200.00"),
    "SC-RENSHOU-2017": ("referred", "0.00", "282417.00"),
    "HB-ZHANGWAN-2021": ("referred", "0.00", "14596.00"),
    "GD-PANYU-2023": ("ordered", "0.00", "675983.40"),
    "GD-ZENGCHENG-2024": ("decided", "0.00", "494300.00"),
    "GD-ZHONGSHAN-2025": ("overdue", "0.00", "6270142.00"),
    "FJ-CHENGXIANG-2021": ("decided", "0.00", "0.00"),
    "FJ-FENGZE-2021": ("paid", "700000.00", "0.00"),
    "SD-QINGDAO-2017": ("paid", "1890000.00", "0.00"),
    "HE-WUYI-2021": ("paid", "1126850.00", "0.00"),
    "JS-WUZHONG-2018": ("ordered", "0.00", "3720000.00"),
    "JS-HAIAN-2015": ("referred", "0.00", "260000.00"),
    "HN-XUPU-2022A": ("paid", "18879.00", "0.00"),
    "SC-XINDU-2025": ("referred", "0.00", "333452.00"),
    "BJ-2023-FOUR": ("referred", "0.00", "15337000.00"),
    "CQ-FENGJIE-2018": ("paid", "147349.00", "0.00"),
}


@pytest.mark.parametrize("source", PUBLISHED_CASES)
class TestEveryPublishedCase:
    def test_stands_as_its_facts_say(self, source):
        case = history(PUBLISHED_CASES[source], WHO)

        assert (case.status_on(TODAY), str(case.paid), str(case.balance)) == STANDING[source]

    def test_keeps_every_published_day_and_invents_none(self, source):
        raw, case = PUBLISHED_CASES[source], history(PUBLISHED_CASES[source], WHO)
        published = {str(step["date"]) for step in raw["events"] if step.get("date")}

        assert {entry.event.on for entry in case.pending} - {None} == published

    def test_names_the_place_it_happened_in(self, source):
        assert history(PUBLISHED_CASES[source], WHO).division != "000000"


class TestImporting:
    def test_loads_the_whole_file_and_a_second_time_changes_nothing(self, office: Office):
        first = [outcome.result for outcome in bring_in(office, rows(PUBLISHED), WHO)]
        before = office.recorder.max_notification_id()

        second = [outcome.result for outcome in bring_in(office, rows(PUBLISHED), WHO)]

        assert (first, second) == (["imported"] * 17, ["unchanged"] * 17)
        assert office.recorder.max_notification_id() == before

    def test_of_a_dry_run_records_nothing(self, office: Office):
        assert {outcome.result for outcome in bring_in(office, rows(PUBLISHED), WHO, dry_run=True)} == {"imported"}
        assert office.recorder.max_notification_id() is None

    def test_reports_bad_rows_with_their_reason_and_loads_the_good_ones(self, office: Office, tmp_path):
        good = PUBLISHED_CASES["SC-BAZHOU-2018"]
        bad = [
            {**good, "id": "B1", "channel": "carrier pigeon"},
            {**good, "id": "B2", "events": [{"type": "celebrated"}]},
            {**good, "id": "B3", "events": [{"type": "paid", "date": "2018-13-01", "amount_yuan": "1"}]},
            {
                **good,
                "id": "B4",
                "events": [{"type": "received", "date": "2018-01-25"}, {"type": "paid", "amount_yuan": "-5"}],
            },
            {**good, "id": "B5", "events": [{"type": "received", "date": "2018-01-25", "note": "联系人13912345678"}]},
            {"channel": "complaint", "events": []},
            {**good, "id": "B6", "events": "none"},
            {**good, "id": "B7", "events": [{"type": "paid", "date": "2099-01-01", "amount_yuan": "1"}]},
            {
                **good,
                "id": "B8",
                "events": [{"type": "extended", "date": "2018-01-01", "clock": "C02", "due_on": "soon"}],
            },
        ]
        path = tmp_path / "cases.yaml"
        path.write_text(yaml.safe_dump({"cases": [*bad[:4], good, *bad[4:]]}, allow_unicode=True))

        outcomes = list(bring_in(office, rows(path), WHO))

        assert [o.result for o in sorted(outcomes, key=lambda o: o.row)] == ["refused"] * 4 + ["imported"] + [
            "refused"
        ] * 5
        reasons = {o.source: o.reason for o in outcomes}
        assert "carrier pigeon" in reasons["B1"]
        assert "celebrated" in reasons["B2"]
        assert "2018-13-01" in reasons["B3"]
        assert "events/2 (paid)" in reasons["B4"]
        assert "contact" in reasons["B5"]
        with pytest.raises(LookupError):
            office.case(source_id("B4"))

    def test_says_what_the_law_would_have_had_otherwise(self):
        case = history(PUBLISHED_CASES["HB-ZHANGWAN-2021"], WHO)

        assert {w for entry in case.pending for w in entry.event.warnings} == {
            "two_years",
            "not_filed_yet",
            "approver_missing",
        }

    def test_names_no_approver_the_papers_do_not_name(self):
        for raw in PUBLISHED_CASES.values():
            assert {entry.event.fact("approved_by") for entry in history(raw, WHO).pending} == {None}

    def test_keeps_what_the_papers_add(self):
        case = history(PUBLISHED_CASES["SD-QINGDAO-2017"], WHO)

        assert [(e.event.fact("kind"), e.event.remark) for e in case.pending[-2:]] == [
            ("arrears", "9月和10月工资189万余元"),
            ("current", "11月当期工资97万余元(not arrears)"),
        ]

    def test_bounds_an_undated_opening_by_the_first_dated_step(self):
        case = history(PUBLISHED_CASES["GD-PANYU-2023"], WHO)

        assert (case.pending[0].event.on, case.pending[0].event.happened_by) == (None, date(2023, 8, 7))

    def test_reads_the_same_from_json_and_json_lines(self, tmp_path):
        plain = json.loads(json.dumps(list(PUBLISHED_CASES.values()), default=str))
        (tmp_path / "a.json").write_text(json.dumps({"cases": plain}))
        (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, plain)))

        for name in ("a.json", "a.jsonl"):
            assert [history(raw, WHO).balance for raw in rows(tmp_path / name)] == [
                history(raw, WHO).balance for raw in PUBLISHED_CASES.values()
            ]

    def test_of_a_large_yaml_cuts_it_into_cases(self, tmp_path, monkeypatch):
        monkeypatch.setattr("application.importing.SMALL", 0)

        assert [raw["id"] for raw in rows(PUBLISHED)] == list(PUBLISHED_CASES)


def test_every_sort_of_step_can_be_imported():
    steps = [
        {"type": "assigned", "date": "2024-01-02", "kind": "task", "to_office": "某局", "due_on": "2024-02-01"},
        {"type": "filed", "date": "2024-01-03", "inspectors": ["a", "b"]},
        {"type": "inspected", "date": "2024-01-04", "inspection_kind": "onsite", "amount_confirmed": "100.00"},
        {"type": "ordered", "date": "2024-01-05", "order_kind": "rectification", "due_on": "2024-01-15", "doc_no": "令1"},
        {"type": "served", "date": "2024-01-05", "document_no": "令1", "mode": "direct"},
        {"type": "extended", "date": "2024-01-06", "clock": "C02", "due_on": "2024-05-01", "reason": "复杂"},
        {"type": "escalated", "date": "2024-01-07", "to_office": "某市"},
        {"type": "returned", "date": "2024-01-08"},
        {"type": "closed", "date": "2024-02-01", "reason": "paid_in_full"},
        {"type": "revisited", "date": "2024-03-01", "mode": "phone"},
        {"type": "reopened", "date": "2024-03-02"},
        {"type": "withdrawn", "date": "2024-03-03"},
    ]  # fmt: skip
    case = history({"id": "X", "channel": "petition", "events": steps}, WHO)

    assert [type(e.event).__name__ for e in case.pending][1:] == [f"Case{step['type'].title()}" for step in steps]
    assert case.pending[-3].event.contacted is None


class TestLedgers:
    LINE = {
        "编号": "TS-1", "线索来源": "petition", "区划代码": "620502", "用人单位": "渭河建筑", "涉及人数": "12", "欠薪金额": "96,000.00",
        "受理日期": "2025-01-06", "立案日期": "2025-01-07", "责令日期": "2025-01-10", "责令期限": "2025-01-20", "支付日期": "2025-01-18",
        "支付金额": "96000", "结案日期": "2025-01-21", "结案原因": "paid_in_full",
    }  # fmt: skip

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
    def test_come_as_excel_writes_csv(self, office: Office, tmp_path, encoding):
        path = tmp_path / "ledger.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, self.LINE)
            writer.writeheader()
            writer.writerow(self.LINE)

        assert [o.result for o in bring_in(office, rows(path), WHO)] == ["imported"]

        case = office.case(source_id("TS-1"))
        assert (case.status_on(TODAY), case.paid, case.balance, case.division) == (
            "closed",
            Decimal(96000),
            0,
            "620502",
        )

    def test_come_as_a_sheet(self, office: Office, tmp_path):
        import xlsxwriter

        path = tmp_path / "ledger.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet()
            for column, (name, value) in enumerate(self.LINE.items()):
                sheet.write(0, column, name)
                sheet.write(1, column, value)

        assert [o.result for o in bring_in(office, rows(path), WHO)] == ["imported"]
        assert office.case(source_id("TS-1")).paid == Decimal(96000)

    def test_with_a_strange_column_are_refused(self, office: Office, tmp_path):
        path = tmp_path / "ledger.csv"
        path.write_text("编号,心情\nTS-1,好\n")

        [outcome] = bring_in(office, rows(path), WHO)
        assert outcome.result == "refused"


class TestPlaces:
    @pytest.mark.parametrize(
        ("names", "code"),
        [
            (("甘肃", "天水", "秦州区"), "620502"),
            (("甘肃省", "天水市", None), "620500"),
            (("四川", "宜宾", "珙县"), "511526"),
            (("北京", "北京", None), "110000"),
            (("广东", "中山", None), "442000"),
            (("瓦坎达", None, None), "000000"),
        ],
    )
    def test_have_the_most_exact_code_their_names_give(self, names, code):
        assert division(*names) == code
