"""Accounts from the terminal: added, listed, disabled, given other passwords; and what the demo city does with them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from application import accounts
from application.database import connect
from application.office import Office
from interface import demo
from interface.cli import main
from interface.demo import loading
from interface.settings import Settings
from tests.conftest import Desk

PASSWORD = "秋收冬藏 and sow again"
WHO = ("--role", "inspector_lead", "--office", "620502-hrss", "--division", "620502")


@pytest.fixture
def cli(url, tmp_path, monkeypatch):
    """Runs a command against the test's own database, with something to read from standard input."""
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("QINGXIN_HOME", str(tmp_path / "home"))

    def run(*arguments: str, said: str = "", code: int = 0) -> Result:
        outcome = CliRunner().invoke(main, ["account", *arguments], input=said, catch_exceptions=False)
        assert outcome.exit_code == code, outcome.output
        return outcome

    return run


def signs_in(url: str, name: str, password: str) -> bool:
    with connect(url, "web") as connection:
        return accounts.signed_in(connection, name, password) is not None


class TestKeeping:
    def test_adds_with_a_password_from_standard_input(self, cli, url):
        added = json.loads(cli("add", "li.wei", *WHO, "--json", said=f"{PASSWORD}\n").stdout)
        listed = json.loads(cli("list", "--json").stdout)

        assert added["officer"] == "li.wei"
        assert [(a["name"], a["role"], a["password"], a["disabled_at"]) for a in listed] == [("li.wei", "inspector_lead", True, None)]  # fmt: skip
        assert "argon2" not in str(listed)
        assert signs_in(url, "li.wei", PASSWORD)

    def test_lists_as_a_table(self, cli):
        cli("add", "li.wei", *WHO, "--officer", "lead.9", said=PASSWORD)

        assert "lead.9" in cli("list").stdout

    def test_takes_no_password_on_the_command_line(self, cli):
        for command in ("add", "password"):
            assert "--password" not in cli(command, "--help").stdout

    def test_changes_disables_and_enables(self, cli, url):
        cli("add", "li.wei", *WHO, said=PASSWORD)

        cli("password", "li.wei", said="another long password\n")
        assert signs_in(url, "li.wei", "another long password")
        cli("disable", "li.wei")
        assert not signs_in(url, "li.wei", "another long password")
        assert "disabled already" in cli("disable", "li.wei", code=1).stderr
        cli("enable", "li.wei")
        assert signs_in(url, "li.wei", "another long password")

    def test_refuses_with_a_sentence(self, cli):
        assert "at least 12" in cli("add", "li.wei", *WHO, said="short\n", code=1).stderr
        assert "no such role" in cli("add", "li.wei", "--role", "king", *WHO[2:], said=PASSWORD, code=1).stderr
        assert "no account li.wei" in cli("password", "li.wei", said=PASSWORD, code=1).stderr
        assert "no account li.wei" in cli("disable", "li.wei", code=1).stderr

    def test_adds_who_signs_in_at_the_provider(self, cli, url, monkeypatch):
        assert "no provider" in cli("add", "li.wei", *WHO, "--oidc-subject", "7f3a", code=1).stderr
        monkeypatch.setenv("QINGXIN_OIDC_ISSUER", "https://id.example/")
        monkeypatch.setenv("QINGXIN_OIDC_CLIENT_ID", "qingxin")

        cli("add", "li.wei", *WHO, "--oidc-subject", "7f3a")

        with connect(url, "web") as connection:
            assert accounts.by_subject(connection, "https://id.example|7f3a")


class TestTheDemo:
    @pytest.fixture
    def settings(self, tmp_path) -> Settings:
        tmp_path.joinpath("keys").mkdir()
        return Settings(tmp_path, None, 8765, 2)

    def test_opens_no_account_with_a_known_password_in_an_office_with_work_of_its_own(self, desk: Desk, url, settings):
        desk.receive()

        demo.prepare(url, settings, load=True)

        with connect(url, "owner") as connection:
            assert accounts.listed(connection) == []
        assert not (settings.home / "demo-accounts.json").exists()

    def test_gives_every_officer_an_account_once_and_says_the_password(self, office: Office, url, settings, capsys):
        with connect(url, "owner") as connection:
            demo.open_accounts(connection)
            demo.open_accounts(connection)
            listed = accounts.listed(connection)
        (settings.home / "demo-accounts.json").write_text("[]")
        loading.say_accounts(settings)

        assert [account.name for account in listed] == [officer for officer, *_ in demo.ACCOUNTS]
        assert signs_in(url, "audit.1", demo.PASSWORD)
        assert demo.PASSWORD in capsys.readouterr().out
