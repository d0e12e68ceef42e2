"""The office from a terminal: replay, report, export, import, tokens, rebuild; exit codes and sentences."""

from __future__ import annotations

import csv
import io
import json

import click
import duckdb
import psycopg
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from interface.cli import main
from tests.conftest import PUBLISHED, Desk


@pytest.fixture
def cli(url, tmp_path, monkeypatch):
    """Runs a command against the test's own database."""
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("QINGXIN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("QINGXIN_LANG", raising=False)

    def run(*arguments: str, code: int = 0):
        outcome = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
        assert outcome.exit_code == code, outcome.output
        return outcome

    return run


class TestHistory:
    def test_reads_as_sentences_with_days(self, cli):
        cli("import", str(PUBLISHED))

        told = cli("history", "SC-GONGXIAN-2018").stdout.splitlines()

        assert [line.split()[1] for line in told[1:-1]] == [
            "2018-01-29",
            "2018-01-30",
            "2018-02-06",
            "2018-02-11",
            "2018-05-30",
        ]
        assert "移送公安机关" in told[4]
        assert "余额 1,346,600.00" in told[-1]

    def test_stops_at_a_version_a_day_or_what_was_known(self, cli, desk: Desk, catch_up):
        case = desk.story("assign", "file")
        number = str(case.number)
        catch_up()

        assert len(json.loads(cli("history", number, "--version", "2", "--json").stdout)) == 2
        assert len(json.loads(cli("history", str(case.id), "--on", "2026-03-02", "--json").stdout)) == 3
        assert "no such case then" in cli("history", number, "--known", "2020-01-01", code=1).stderr
        assert "no such case then" in cli("history", number, "--on", "2026-03-01", code=1).stderr

    def test_speaks_english_when_asked(self, cli, desk: Desk):
        assert "received a clue by petition" in cli("history", str(desk.receive().id), "--lang", "en").stdout

    def test_proves_the_chain_or_names_the_entry_that_does_not_fit(self, cli, desk: Desk, url):
        case = desk.story("assign", "note")
        assert "chain holds" in cli("history", str(case.id), "--verify").stdout
        with psycopg.connect(url, autocommit=True, options="-c search_path=qingxin") as superuser:
            superuser.execute("ALTER TABLE events DISABLE TRIGGER ALL")
            superuser.execute(
                "UPDATE events SET state = convert_to(replace(convert_from(state, 'UTF8'), 'lead.1', 'lead.2'), 'UTF8')"
            )

        assert "entry 2" in cli("history", str(case.id), "--verify", code=1).stderr

    def test_of_an_unknown_case_says_so(self, cli):
        assert "no such record" in cli("history", "NOWHERE", code=1).stderr


class TestReport:
    WINDOW = ("report", "six-mechanisms", "--from", "2026-01-01", "--to", "2026-12-31")

    def test_in_every_form(self, cli, desk: Desk, tmp_path):
        desk.story("file", "inspect", "pay")

        values = json.loads(cli(*self.WINDOW, "--json").stdout)["values"]
        assert (values["clues_received"], values["arrears_recovered"], values["first_answer_satisfaction"]) == (
            1,
            "60000.00",
            None,
        )
        assert "clues_received" in cli(*self.WINDOW).stdout
        rows = list(csv.reader(io.StringIO(cli(*self.WINDOW, "--format", "csv").stdout.lstrip("\ufeff"))))
        assert ["arrears_recovered", "60000.00"] in rows
        cli(*self.WINDOW, "--format", "xlsx", "--out", str(tmp_path / "r.xlsx"))
        assert ["clues_received", 1.0] in CalamineWorkbook.from_path(str(tmp_path / "r.xlsx")).get_sheet_by_index(
            0
        ).to_python()

    def test_as_it_was_known_differs_by_what_was_recorded_since(self, cli, desk: Desk):
        desk.receive()
        known = desk.last.entry.recorded_at.isoformat()
        desk.receive()

        assert json.loads(cli(*self.WINDOW, "--known", known, "--json").stdout)["values"]["clues_received"] == 1
        assert json.loads(cli(*self.WINDOW, "--json").stdout)["values"]["clues_received"] == 2

    def test_as_of_a_day_leaves_out_what_came_later(self, cli, desk: Desk):
        desk.story("file", "inspect", "pay")

        assert (
            json.loads(cli(*self.WINDOW, "--on", "2026-03-01", "--json").stdout)["values"]["arrears_recovered"]
            == "0.00"
        )

    def test_explains_itself(self, cli):
        assert "四舍五入" in cli(*self.WINDOW, "--explain", "--json").stdout

    def test_refuses_wrong_usage(self, cli):
        assert "not a day" in cli("report", "six-mechanisms", "--from", "soon", "--to", "2026-01-01", code=2).stderr
        cli("report", "nothing", "--from", "2026-01-01", "--to", "2026-01-01", code=2)
        cli("report", "six-mechanisms", "--from", "2026-02-01", "--to", "2026-01-01", code=2)


class TestExport:
    def test_gives_excel_its_mark_and_no_formulas(self, cli, desk: Desk, tmp_path):
        desk.receive(project="=1+1", summary="@SUM(A1)")

        cli("export", "cases", "--out", str(tmp_path / "cases.csv"))

        text = (tmp_path / "cases.csv").read_bytes()
        assert text.startswith(b"\xef\xbb\xbf")
        [row] = csv.DictReader(io.StringIO(text.decode("utf-8-sig")))
        assert (row["project"], row["summary"], row["claimed"]) == ("'=1+1", "'@SUM(A1)", "120000.00")

    @pytest.mark.parametrize("what", ["cases", "journal"])
    @pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "parquet"])
    def test_of_everything_in_every_form_has_a_line_each(self, cli, desk: Desk, tmp_path, what, form):
        desk.story("assign", "file")
        desk.receive()
        out = tmp_path / f"x.{form}"

        said = cli("export", what, "--format", form, "--out", str(out)).stderr

        lines = 2 if what == "cases" else 4
        assert said.startswith(f"{lines} lines")
        if form == "parquet":
            assert duckdb.sql(f"SELECT count(*), max(version) FROM '{out}'").fetchall() == [(lines, 3)]
        if form == "xlsx":
            assert len(CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()) == lines + 1
        if form == "jsonl":
            assert len([json.loads(line) for line in out.read_text().splitlines()]) == lines

    def test_of_a_past_day_gives_the_register_as_it_was(self, cli, desk: Desk, tmp_path):
        desk.story("file", "inspect", "order", "pay", "pay_rest", "close")
        out = tmp_path / "x.jsonl"

        cli("export", "cases", "--format", "jsonl", "--on", "2026-03-12", "--out", str(out))

        assert json.loads(out.read_text())["status"] == "paid"


class TestImport:
    def test_twice_changes_nothing(self, cli):
        assert "imported 17" in cli("import", str(PUBLISHED)).stdout
        assert "unchanged 17" in cli("import", str(PUBLISHED)).stdout

    def test_says_each_bad_row_and_exits_1(self, cli, tmp_path):
        (tmp_path / "a.json").write_text(
            json.dumps(
                [{"id": "A", "channel": "pigeon", "events": []}, {"id": "B", "channel": "petition", "events": []}]
            )
        )

        outcome = cli("import", str(tmp_path / "a.json"), "--json", code=1)

        told = json.loads(outcome.stdout)
        assert (told["imported"], told["refused"]) == (1, 1)
        assert "pigeon" in next(row for row in told["rows"] if row["source"] == "A")["reason"]

    def test_refuses_a_file_of_another_kind(self, cli, tmp_path):
        (tmp_path / "a.docx").write_text("x")
        assert "not a kind of file" in cli("import", str(tmp_path / "a.docx"), code=1).stderr


class TestTokens:
    WHO = ("--officer", "li", "--role", "intake", "--office", "620502-hrss", "--division", "620502")

    def test_are_issued_listed_and_revoked(self, cli):
        secret = cli("token", "issue", *self.WHO).stdout.strip()
        assert secret.startswith("qx_")
        listed = cli("token", "list", "--json").stdout
        assert secret not in listed
        cli("token", "revoke", str(json.loads(listed)[0]["id"]))
        cli("token", "revoke", "99", code=1)

    def test_for_nobody_are_refused(self, cli):
        assert "no such role" in cli("token", "issue", *self.WHO[:3], "king", *self.WHO[4:], code=1).stderr


class TestRebuild:
    def test_check_names_an_altered_row_and_exits_1(self, cli, desk: Desk, catch_up, url):
        case = desk.story("file", "inspect", "pay")
        catch_up()
        assert "equal to the events" in cli("rebuild", "--check").stdout
        with psycopg.connect(url, autocommit=True) as superuser:
            superuser.execute("UPDATE qingxin.case_facts SET paid = 1")

        outcome = cli("rebuild", "--check", code=1)

        assert str(case.id) in outcome.stdout
        assert "paid" in outcome.stdout
        cli("rebuild", "case_facts")
        cli("rebuild", "--check")
        cli("rebuild", "--all")
        cli("rebuild", code=2)


class TestPersons:
    def test_are_erased_by_reference(self, cli, desk: Desk):
        case = desk.receive(contact={"name": "张三"})

        cli("person", "erase", str(case.person))

        assert type(desk.office.entries(case.person)[-1].event).__name__ == "PersonErased"
        cli("person", "erase", str(case.id), code=1)
        assert desk.office.case(case.id).version == case.version


class TestEveryCommand:
    def commands(self, group, path=()):
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if isinstance(command, click.Group):
                yield from self.commands(command, (*path, name))
            yield (*path, name)

    def test_has_help_with_an_example(self, cli):
        for path in self.commands(main):
            assert "Example:" in cli(*path, "--help").stdout, path

    def test_says_what_to_do_when_there_is_no_database(self, tmp_path, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
        monkeypatch.setenv("QINGXIN_HOME", str(tmp_path))
        outcome = CliRunner().invoke(main, ["token", "list"])

        assert outcome.exit_code == 1
        assert "database is not available" in outcome.stderr
        assert "Traceback" not in outcome.output
