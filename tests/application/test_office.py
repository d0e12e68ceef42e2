"""What the office does: acts, answers a command once, keeps personal data apart."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest

from application import tokens
from application.database import connect
from application.office import Command, NotOnFile, Office, Stale, today
from application.store import OtherBody
from application.vault import Erased, Sealed, Unreadable, Vault
from domain.powers import Actor
from domain.refused import Refused
from tests.conftest import RECEIVED, Desk, signed

CONTACT = {
    "name": "张三",
    "phone": "13912345678",
    "id_number": "620502197001010014",
    "bank_account": "6222021234567890123",
}


class TestReceiving:
    def test_gives_each_case_a_number_of_its_own(self, desk: Desk):
        numbers = {desk.receive().number for _ in range(3)}

        assert len(numbers) == 3
        assert all(str(number).startswith("620502-2026-") for number in numbers)

    def test_of_the_same_command_is_done_once(self, office: Office):
        command = Command(uuid4(), b"f")
        first = office.receive(dict(RECEIVED), signed("intake.1", "intake"), command, contact=CONTACT)

        again = office.receive(dict(RECEIVED), signed("intake.1", "intake"), command, contact=CONTACT)

        assert (again.repeated, again.case.number, again.position) == (True, first.case.number, first.position)

    def test_of_the_same_command_at_once_answers_with_what_is_stored(self, office: Office):
        for _ in range(5):
            command = Command(uuid4(), b"f")
            with ThreadPoolExecutor(4) as officers:
                asked = [
                    officers.submit(office.receive, dict(RECEIVED), signed("intake.1", "intake"), command)
                    for _ in range(4)
                ]
            acts = [each.result() for each in asked]

            assert {act.case.number for act in acts} == {office.case(acts[0].case.id).number}

    def test_of_the_same_command_with_another_body_is_refused(self, office: Office):
        command = Command(uuid4(), b"f")
        office.receive(dict(RECEIVED), signed("intake.1", "intake"), command)

        with pytest.raises(OtherBody):
            office.receive(dict(RECEIVED), signed("intake.1", "intake"), Command(command.id, b"g"))


class TestActing:
    def test_on_a_case_that_has_changed_is_refused(self, desk: Desk, office: Office):
        case = desk.receive()
        mine, yours = office.case(case.id), office.case(case.id)
        desk.act(mine, "assign")

        with pytest.raises(Stale, match="version 2"):
            desk.act(yours, "note")

    def test_refused_by_the_law_records_nothing(self, desk: Desk, office: Office):
        case = desk.receive()

        with pytest.raises(Refused):
            desk.act(case, "revisit")
        assert office.case(case.id).version == 1

    def test_answers_with_the_case_as_corrected(self, desk: Desk):
        case = desk.story("file", "inspect", "pay")

        after = desk.act(
            case, "correct", version=4, field="amount", value="1.00", reason="录入错误", approved_by="head.1"
        )

        assert str(after.paid) == "1.00"

    def test_on_an_unknown_case_finds_nothing(self, office: Office):
        with pytest.raises(NotOnFile):
            office.case(uuid4())


class TestTheVault:
    def test_keeps_personal_data_out_of_every_event_and_table_but_its_own(self, desk: Desk, url, catch_up):
        desk.receive(contact=CONTACT)
        catch_up()

        with psycopg.connect(url) as superuser:
            tables = superuser.execute(
                "SELECT table_schema || '.' || table_name FROM information_schema.tables"
                " WHERE table_schema IN ('qingxin', 'vault') AND table_type = 'BASE TABLE'"
            ).fetchall()
            for (table,) in tables:
                for (row,) in superuser.execute(f"SELECT to_jsonb(t)::text FROM {table} t"):
                    plain = row + "".join(bytes.fromhex(h).decode("utf-8", "replace") for h in _hex(row))
                    assert not any(secret in plain for secret in CONTACT.values()), table

    def test_opens_for_a_purpose_and_records_it(self, desk: Desk, office: Office):
        case = desk.receive(contact=CONTACT)

        assert office.open_contact(case, "核实案情", signed()) == CONTACT

        opened = office.entries(case.person)[-1].event
        assert (type(opened).__name__, opened.by, opened.purpose) == ("PersonOpened", "lead.1", "核实案情")

    def test_erases_so_that_nothing_opens_and_the_case_stands(self, desk: Desk, office: Office, url, vault):
        case = desk.receive(contact=CONTACT)
        owner = Office(url, vault, role="owner")
        owner.erase_person(case.person, "保存期限届满", signed("keeper", "office_head"))
        owner.erase_person(case.person, "保存期限届满", signed("keeper", "office_head"))
        owner.close()

        with pytest.raises(Erased):
            office.open_contact(case, "核实案情", signed())
        assert [type(e.event).__name__ for e in office.entries(case.person)] == ["PersonSealed", "PersonErased"]
        assert office.case(case.id).number == case.number

    def test_counter_cannot_erase(self, desk: Desk, office: Office):
        case = desk.receive(contact=CONTACT)

        with pytest.raises(Exception, match="permission denied"):
            office.erase_person(case.person, "x", signed())
        assert office.open_contact(case, "核实案情", signed()) == CONTACT

    def test_opens_neither_with_another_key_nor_for_another_person(self, vault):
        kept = vault.seal("complaint", "a", b"secret")

        assert vault.open("complaint", "a", kept) == b"secret"
        for wrong in (lambda: Vault(b"x" * 32).open("complaint", "a", kept), lambda: vault.open("complaint", "b", kept),
                      lambda: vault.open("report", "a", kept),
                      lambda: vault.open("complaint", "a", Sealed(kept.key, kept.sealed[:-1] + b"!"))):  # fmt: skip
            with pytest.raises(Unreadable):
                wrong()

    def test_key_file_is_made_once_and_for_its_owner_alone(self, tmp_path):
        path = tmp_path / "keys" / "office.key"
        first = Vault.from_file(path)

        assert path.stat().st_mode & 0o777 == 0o600
        assert Vault.from_file(path).open("report", 1, first.seal("report", 1, b"x")) == b"x"

    def test_seals_attachments_by_their_fingerprint(self, desk: Desk, office: Office):
        case = desk.receive()
        facts = {"title": "工资表", "name": "工资表.pdf", "media_type": "application/pdf"}

        act = office.attach(case, facts, b"%PDF-1.7", signed(today=today()), Command.new())

        assert office.attachment(act.case, act.entry.event.fact("sha256")) == b"%PDF-1.7"
        assert office.attachment(act.case, "0" * 64) is None


class TestTokens:
    def test_are_shown_once_and_revoked_at_once(self, url):
        with connect(url, "owner") as connection:
            secret = tokens.issue(connection, Actor("li", "intake", "620502-hrss", "620502"))
            assert tokens.bearer(connection, secret) == Actor("li", "intake", "620502-hrss", "620502")
            [listed] = tokens.listed(connection)
            assert secret not in json.dumps(listed._asdict(), default=str)
            assert tokens.revoke(connection, listed.id)
            assert tokens.bearer(connection, secret) is None

    @pytest.mark.parametrize(
        "actor",
        [
            ("li", "king", "620502-hrss", "620502"),
            ("li", "intake", "moon", "620502"),
            ("li", "intake", "620502-hrss", "x"),
            (" ", "intake", "620502-hrss", "620502"),
        ],
    )
    def test_are_for_people_who_exist(self, url, actor):
        with connect(url, "owner") as connection, pytest.raises(tokens.NotAnIdentity):
            tokens.issue(connection, Actor(*actor))


def _hex(row: str) -> list[str]:
    return [value[2:] for value in json.loads(row).values() if isinstance(value, str) and value.startswith("\\x")]
