"""Accounts and sessions: passwords are kept as hashes, sessions end in time, and the counter may do no more than it must."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest

from application import accounts
from application.database import Connection, connect
from application.tokens import NotAnIdentity
from domain.powers import Actor

LEAD = Actor("lead.1", "inspector_lead", "620502-hrss", "620502")
PASSWORD = "秋收冬藏 and sow again"


@pytest.fixture
def web(url: str) -> Iterator[Connection]:
    with connect(url, "web") as connection:
        yield connection


@pytest.fixture
def account(owner: Connection) -> int:
    return accounts.add(owner, "lead.1", PASSWORD, LEAD)


def later(owner: Connection, **columns: str) -> None:
    """Put the clock of every session forward."""
    for column, ago in columns.items():
        owner.execute(f"UPDATE sessions SET {column} = {column} - %s::interval", (ago,))


class TestKeeping:
    def test_lists_everything_but_the_hash(self, owner: Connection, account: int):
        [listed] = accounts.listed(owner)

        assert (listed.id, listed.name, listed.role, listed.password, listed.subject) == (account, "lead.1", "inspector_lead", True, None)  # fmt: skip
        assert "argon2" not in str(listed)

    def test_keeps_a_password_as_argon2id_with_a_salt_of_its_own(self, owner: Connection, account: int):
        accounts.add(owner, "lead.2", PASSWORD, LEAD)
        hashes = [row[0] for row in owner.execute("SELECT hash FROM accounts").fetchall()]

        assert all(hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$") for hash in hashes)
        assert len(set(hashes)) == 2

    @pytest.mark.parametrize("password", ["", "elevenchars", "aaaaaaaaaaaaaaaa", "x-lead.1-2026-x", "长" * 300])
    def test_refuses_a_password_that_is_too_simple(self, owner: Connection, password: str):
        with pytest.raises(accounts.Unfit, match=" / "):
            accounts.add(owner, "lead.1", password, LEAD)

    @pytest.mark.parametrize("name", ["", "  ", "two words", "x" * 65, "tab\tbed", "nul\0"])
    def test_refuses_a_name_nobody_could_type(self, owner: Connection, name: str):
        with pytest.raises(accounts.Unfit, match="spaces"):
            accounts.add(owner, name, PASSWORD, LEAD)

    def test_refuses_a_name_or_a_subject_twice(self, owner: Connection, account: int):
        accounts.add(owner, "audit.1", None, LEAD, subject="https://id|7")

        with pytest.raises(accounts.Unfit, match="there is an account"):
            accounts.add(owner, " LEAD.1 ", PASSWORD, LEAD)
        with pytest.raises(accounts.Unfit, match="there is an account"):
            accounts.add(owner, "audit.2", None, LEAD, subject="https://id|7")

    def test_refuses_who_could_never_sign_in_and_whom_no_office_knows(self, owner: Connection):
        with pytest.raises(accounts.Unfit, match="needs a password"):
            accounts.add(owner, "lead.1", None, LEAD)
        with pytest.raises(NotAnIdentity):
            accounts.add(owner, "king.1", PASSWORD, Actor("king.1", "king", "620502-hrss", "620502"))

    def test_knows_no_account_that_is_not_there(self, owner: Connection):
        for act in (accounts.disable, accounts.enable):
            with pytest.raises(accounts.NoSuchAccount):
                act(owner, "nobody.1")
        with pytest.raises(accounts.NoSuchAccount):
            accounts.set_password(owner, "nobody.1", PASSWORD)


class TestSigningIn:
    def test_takes_the_right_pair_and_no_other(self, web: Connection, account: int):
        assert accounts.signed_in(web, "lead.1", PASSWORD) == account
        assert accounts.signed_in(web, "lead.1", PASSWORD + " ") is None
        assert accounts.signed_in(web, "lead.2", PASSWORD) is None
        assert accounts.signed_in(web, "lead.1", "") is None
        assert accounts.signed_in(web, "lead.1", "长" * 5000) is None

    def test_takes_what_an_input_method_typed_in_full_width(self, owner: Connection, web: Connection):
        account = accounts.add(owner, "lead.3", "abc-DEF-12345", LEAD)

        assert accounts.signed_in(web, " LEAD.3", "abc-DEF-12345") == account

    def test_takes_as_long_for_a_name_that_is_not_there(self, web: Connection, account: int):
        def takes(name: str) -> float:
            began = time.perf_counter()
            accounts.signed_in(web, name, "not the password")
            return time.perf_counter() - began

        takes("nobody.1")
        known, unknown = (min(takes(name) for _ in range(3)) for name in ("lead.1", "nobody.1"))

        assert 0.4 < unknown / known < 2.5

    def test_does_not_take_who_is_disabled_until_enabled_again(self, owner: Connection, web: Connection, account: int):
        secret = accounts.start(web, account)

        assert accounts.disable(owner, "lead.1")
        assert not accounts.disable(owner, "lead.1")
        assert accounts.signed_in(web, "lead.1", PASSWORD) is None
        assert accounts.session(web, secret) is None
        assert accounts.enable(owner, "lead.1")
        assert accounts.signed_in(web, "lead.1", PASSWORD) == account
        assert accounts.session(web, secret) is None, "a session that was ended stays ended"

    def test_takes_the_new_password_alone_and_ends_what_was_begun_under_the_old(self, owner, web, account):
        secret = accounts.start(web, account)

        accounts.set_password(owner, "lead.1", "another long password")

        assert accounts.signed_in(web, "lead.1", PASSWORD) is None
        assert accounts.signed_in(web, "lead.1", "another long password") == account
        assert accounts.session(web, secret) is None

    def test_knows_by_its_subject_who_has_no_password(self, owner: Connection, web: Connection):
        subject = accounts.subject_of("https://id.example/", "7f3a")
        account = accounts.add(owner, "audit.1", None, LEAD, subject=subject)

        assert accounts.by_subject(web, accounts.subject_of("https://id.example", "7f3a")) == account
        assert accounts.by_subject(web, accounts.subject_of("https://other.example", "7f3a")) is None
        assert accounts.signed_in(web, "audit.1", "") is None
        accounts.disable(owner, "audit.1")
        assert accounts.by_subject(web, subject) is None


class TestTryingTooOften:
    def test_is_refused_by_name_whoever_asks(self, web: Connection):
        for n in range(accounts.PER_NAME):
            accounts.attempted(web, "lead.1", f"10.0.0.{n}")

        with pytest.raises(accounts.TooOften) as refused:
            accounts.attempted(web, "LEAD.1 ", "10.0.0.99")
        assert 0 < refused.value.seconds <= accounts.WINDOW.total_seconds()
        accounts.attempted(web, "lead.2", "10.0.0.99")

    def test_is_refused_by_address_whatever_the_name(self, web: Connection):
        for n in range(accounts.PER_ADDRESS):
            accounts.attempted(web, f"lead.{n}", "10.0.0.1")

        with pytest.raises(accounts.TooOften):
            accounts.attempted(web, "one.more", "10.0.0.1")
        accounts.attempted(web, "one.more", "10.0.0.2")

    def test_is_forgotten_once_it_went_well(self, web: Connection):
        for _ in range(3 * accounts.PER_NAME):
            accounts.attempted(web, "lead.1", "10.0.0.1")
            accounts.forgiven(web, "lead.1", "10.0.0.1")

    def test_is_forgotten_with_its_window(self, owner: Connection, web: Connection):
        for _ in range(accounts.PER_NAME):
            accounts.attempted(web, "lead.1", None)
        owner.execute("UPDATE attempts SET since = since - %s", (accounts.WINDOW,))

        accounts.attempted(web, "lead.1", None)
        accounts.forgiven(web, "lead.1", None)

        assert owner.execute("SELECT count(*) FROM attempts").fetchone() == (1,)

    def test_leaves_no_name_behind(self, owner: Connection, web: Connection):
        accounts.attempted(web, "my-password-by-mistake", "10.0.0.1")

        assert b"my-password" not in b"".join(row[0] for row in owner.execute("SELECT asker FROM attempts").fetchall())


class TestSessions:
    def test_say_who_is_signed_in_and_keep_no_secret(self, owner: Connection, web: Connection, account: int):
        secret = accounts.start(web, account)

        assert len(secret) >= 43
        assert accounts.session(web, secret) == LEAD
        assert accounts.session(web, secret[:-1]) is None
        assert owner.execute("SELECT count(*) FROM sessions WHERE hash = %s", (secret.encode(),)).fetchone() == (0,)

    def test_end_after_an_hour_without_a_request(self, owner: Connection, web: Connection, account: int):
        secret = accounts.start(web, account)
        later(owner, seen_at="59 minutes")
        assert accounts.session(web, secret) == LEAD, "and are seen anew"
        later(owner, seen_at="59 minutes")
        assert accounts.session(web, secret) == LEAD

        later(owner, seen_at="60 minutes")
        assert accounts.session(web, secret) is None

    def test_end_after_twelve_hours_however_busy(self, owner: Connection, web: Connection, account: int):
        secret = accounts.start(web, account)
        later(owner, started_at="11 hours 59 minutes")
        assert accounts.session(web, secret) == LEAD

        later(owner, started_at="1 minute")
        assert accounts.session(web, secret) is None

    def test_write_at_most_once_a_minute_that_they_were_seen(self, owner: Connection, web: Connection, account: int):
        def seen() -> object:
            return owner.execute("SELECT seen_at FROM sessions").fetchone()

        secret, first = accounts.start(web, account), seen()
        accounts.session(web, secret)
        assert seen() == first

        later(owner, seen_at="61 seconds")
        accounts.session(web, secret)
        assert seen() > first

    def test_end_when_asked_one_or_all(self, web: Connection, account: int):
        first, second, third = (accounts.start(web, account) for _ in range(3))

        accounts.end(web, first)
        accounts.end(web, first)
        accounts.end(web, "no such secret")
        assert [accounts.session(web, secret) for secret in (first, second, third)] == [None, LEAD, LEAD]

        accounts.end_all(web, account)
        assert [accounts.session(web, secret) for secret in (second, third)] == [None, None]

    def test_are_forgotten_once_they_count_no_more_when_another_begins(
        self, owner: Connection, web: Connection, account: int
    ):
        old = accounts.start(web, account)
        later(owner, started_at="30 days")
        ended, kept = accounts.start(web, account), accounts.start(web, account)
        accounts.end(web, ended)

        new = accounts.start(web, account)

        assert [accounts.session(web, secret) for secret in (old, ended, kept, new)] == [None, None, LEAD, LEAD]
        assert owner.execute("SELECT count(*) FROM sessions").fetchone() == (2,)

    def test_are_forgotten_a_hundred_at_a_time(self, owner: Connection, web: Connection, account: int):
        owner.execute(
            "INSERT INTO sessions (hash, account, ended_at) SELECT n::text::bytea, %s, now() FROM generate_series(1, 150) n",
            (account,),
        )

        accounts.start(web, account)
        assert owner.execute("SELECT count(*) FROM sessions WHERE ended_at IS NOT NULL").fetchone() == (50,)


class TestInTheDatabase:
    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO accounts (name, hash, officer, role, office, division) VALUES ('x', 'x', 'x', 'x', 'x', 'x')",
            "UPDATE accounts SET hash = 'x'",
            "UPDATE accounts SET disabled_at = NULL",
            "DELETE FROM accounts",
            "UPDATE sessions SET account = 1",
            "UPDATE sessions SET started_at = clock_timestamp()",
            "INSERT INTO sessions (hash, account, started_at) VALUES ('x', 1, 'infinity')",
            "DELETE FROM sessions",
        ],
    )
    def test_the_counter_may_not_make_itself_an_account_nor_lengthen_a_session(
        self, web: Connection, account, statement
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute(statement)

    @pytest.mark.parametrize("role", ["reader", "projector"])
    @pytest.mark.parametrize("table", ["accounts", "sessions", "attempts"])
    def test_nobody_else_may_look(self, url: str, role: str, table: str):
        with connect(url, role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"SELECT * FROM {table}")
