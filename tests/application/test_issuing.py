"""Papers with their numbers: none given twice, none left out, none without its paper."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from application import issuing
from application.database import connect
from application.issuing import register_id
from application.office import Act, Command, NotOnFile, Office, Stale, today
from application.vault import Vault
from domain.case import Case
from domain.case_refused import NoSuchDocument, NothingConfirmed
from domain.dated import OutOfOrder
from domain.employer import Employer
from domain.number import Number
from domain.papers import AlreadyIssued, NoPaperFor, NoSuchIssued, issued
from domain.refused import ApproverIsProposer
from domain.rules.calendar import CALENDAR
from domain.rules.clocks import readings
from projections.rebuild import check
from tests.conftest import FACTS, MONDAY, Desk, signed

FIRST, SECOND = "秦州人社监令字〔2026〕第0001号", "秦州人社监令字〔2026〕第0002号"
ORDER = {name: fact for name, fact in FACTS["order"].items() if name != "document_no"}
HANDOVER = {"kind": "discipline", "to": "秦州区纪委监委", "reason": "推诿扯皮", "approved_by": "head.1"}


def order(office: Office, case: Case, command: Command | None = None, **facts: Any) -> Act:
    return issuing.act(office, case, "order", {**ORDER, **facts}, monday(), command or Command.new())


def monday(on: date = MONDAY) -> Any:
    return signed(on=on, today=today())


def book(office: Office, paper: str = "rectification_order", year: int = 2026) -> Number:
    return office.record(Number, register_id("620502-hrss", paper, year))


def void(office: Office, case: Case, number: str, **facts: Any) -> Case:
    given = {"document_no": number, "reason": "金额有误", "approved_by": "head.1", **facts}
    return issuing.void(office, case, given, monday(), Command.new()).case


class TestIssuingWithTheEntry:
    def test_takes_the_number_for_the_entry_itself(self, office: Office, desk: Desk):
        act = order(office, desk.story("file", "inspect"))

        assert act.entry.event.document_no == FIRST
        [made] = issued(act.case.entries)
        assert (made.paper.paper, made.paper.document_no, made.paper.entry) == (
            "rectification_order",
            FIRST,
            act.entry.version,
        )
        assert act.case.version == act.entry.version + 1

    def test_keeps_the_bytes_whose_digest_is_in_the_event(self, office: Office, desk: Desk):
        case = order(office, desk.story("file", "inspect")).case

        [made] = issued(case.entries)
        data = office.attachment(case, made.paper.sha256)
        assert data.startswith(b"%PDF-")
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (made.paper.sha256, made.paper.size)

    def test_lets_the_service_quote_it(self, office: Office, desk: Desk):
        case = order(office, desk.story("file", "inspect")).case

        case = desk.act(case, "serve", document_no=FIRST)
        assert case.papers[-1].served

    def test_uses_the_number_that_was_given_and_takes_none(self, office: Office, desk: Desk):
        case = order(office, desk.story("file", "inspect"), document_no="令〔2026〕1号").case

        [made] = issued(case.entries)
        assert (made.paper.document_no, made.paper.register) == ("令〔2026〕1号", None)
        with pytest.raises(NotOnFile):
            book(office)

    def test_takes_no_number_when_the_law_refuses(self, office: Office, desk: Desk):
        with pytest.raises(NothingConfirmed):
            order(office, desk.story("file"))

        with pytest.raises(NotOnFile):
            book(office)

    def test_makes_a_sheet_without_a_number(self, office: Office, desk: Desk):
        act = issuing.act(office, desk.story(), "file", FACTS["file"], monday(), Command.new())

        [made] = issued(act.case.entries)
        assert (made.paper.paper, made.paper.document_no, act.entry.event.document_no) == (
            "filing_approval",
            None,
            None,
        )

    def test_needs_a_paper_for_it(self, office: Office, desk: Desk):
        with pytest.raises(NoPaperFor):
            issuing.act(office, desk.story(), "pay", FACTS["pay"], monday(), Command.new())

    def test_answers_the_same_command_again(self, office: Office, desk: Desk):
        case, command = desk.story("file", "inspect"), Command.new()
        first = order(office, case, command)

        second = order(office, case, command)
        assert (second.repeated, second.case.version, second.entry.event) == (
            True,
            first.case.version,
            first.entry.event,
        )
        assert book(office).last == 1

    def test_is_stale_when_the_case_has_changed(self, office: Office, desk: Desk):
        case = desk.story("file", "inspect")
        seen = Case.replay(case.id, case.entries)
        desk.act(case, "note")

        with pytest.raises(Stale):
            order(office, seen)
        with pytest.raises(NotOnFile):
            book(office)


class TestIssuingAfterwards:
    def test_gives_the_document_its_number(self, office: Office, desk: Desk):
        case = desk.story("file", "inspect")
        case = office.act(case, "order", ORDER, monday(), Command.new()).case

        case = issuing.issue(office, case, "rectification_order", case.version, monday(), Command.new()).case
        assert desk.act(case, "serve", document_no=FIRST).papers[-1].served

    def test_uses_the_number_of_the_entry(self, office: Office, desk: Desk):
        case = desk.story("file", "inspect", "order")

        case = issuing.issue(office, case, "rectification_order", case.version, monday(), Command.new()).case
        assert issued(case.entries)[0].paper.document_no == "令〔2026〕1号"

    def test_gives_one_number_to_an_entry(self, office: Office, desk: Desk):
        case = order(office, desk.story("file", "inspect")).case

        with pytest.raises(AlreadyIssued, match="第0001号"):
            issuing.issue(office, case, "rectification_order", case.version - 1, monday(), Command.new())
        assert book(office).last == 1

    def test_knows_which_paper_goes_with_which_entry(self, office: Office, desk: Desk):
        case = desk.story("file")

        for paper, entry in (("rectification_order", case.version), ("filing_approval", 1), ("filing_approval", 99)):
            with pytest.raises(NoPaperFor):
                issuing.issue(office, case, paper, entry, monday(), Command.new())

    def test_is_not_dated_before_the_entry(self, office: Office, desk: Desk):
        case = desk.story("file")

        with pytest.raises(OutOfOrder):
            issuing.issue(office, case, "filing_approval", case.version, monday(date(2026, 3, 1)), Command.new())

    def test_goes_on_after_the_end(self, office: Office, desk: Desk):
        case = desk.story("file", "inspect", "pay", "pay_rest", "close")

        case = issuing.issue(
            office, case, "closing_approval", case.version, monday(date(2026, 3, 16)), Command.new()
        ).case
        assert issued(case.entries)[0].paper.paper == "closing_approval"

    def test_numbers_begin_anew_each_year(self, office: Office, desk: Desk):
        case = order(office, desk.story("file", "inspect")).case
        late = date(2025, 12, 30)
        other = desk.receive(on=late)

        act = issuing.act(office, other, "escalate", FACTS["escalate"], monday(late), Command.new())
        assert issued(act.case.entries)[0].paper.document_no == "秦州人社监督字〔2025〕第0001号"
        assert issued(case.entries)[0].paper.document_no == FIRST

    def test_names_the_address_the_employers_file_gives(self, office: Office, desk: Desk):
        employer = {"name": "渭河建筑有限公司", "uscc": "91110000600037341L"}
        case = desk.story("file")
        before = issuing.issue(office, case, "filing_approval", 2, monday(), Command.new()).case
        office.open(
            Employer, {"employer": employer, "division": "620502", "address": "秦州区成纪大道"}, monday(), Command.new()
        )

        after = issuing.issue(office, before, "filing_approval", 2, monday(), Command.new()).case
        assert len({made.paper.sha256 for made in issued(after.entries)}) == 2


class TestNumbers:
    def test_have_no_gap_when_sixteen_ask_at_once(self, office: Office, desk: Desk):
        cases = [desk.story("file", "inspect") for _ in range(16)]

        with ThreadPoolExecutor(16) as crew:
            acts = list(crew.map(lambda case: order(office, case), cases))

        given = sorted(act.entry.event.document_no for act in acts)
        assert given == [f"秦州人社监令字〔2026〕第{nth:04d}号" for nth in range(1, 17)]
        register = book(office)
        assert (register.last, list(register.taken)) == (16, given)

    def test_have_no_gap_between_processes(self, office: Office, desk: Desk, url: str, vault: Vault, monkeypatch):
        """Two offices that do not share the queue of a process; whoever comes second takes the next number."""
        monkeypatch.setattr(issuing, "_TAKING", Free())
        other = Office(url, vault)
        cases = [desk.story("file", "inspect") for _ in range(8)]

        with ThreadPoolExecutor(4) as crew:
            pairs = zip([office, other] * 4, cases, strict=True)
            acts = list(crew.map(lambda pair: order(*pair), pairs))
        other.close()

        assert sorted(book(office).taken) == sorted(act.entry.event.document_no for act in acts)
        assert book(office).last == 8

    def test_come_with_the_entries_or_not_at_all(self, office: Office, desk: Desk, vault: Vault, monkeypatch):
        case = desk.story("file", "inspect")

        def broken(*_: Any) -> Any:
            def keep(_: Any) -> None:
                raise OSError("the disk is full")

            return keep

        monkeypatch.setattr(vault, "keep_attachment", broken)
        with pytest.raises(OSError):
            order(office, Case.replay(case.id, case.entries))

        assert office.case(case.id).version == case.version
        with pytest.raises(NotOnFile):
            book(office)

    def test_are_shared_by_offices_of_one_authority(self):
        same = {register_id(office, "rectification_order", 2026) for office in ("620502-hrss", "620502-county_hrss")}

        assert len(same) == 1
        assert register_id("620502-rights_centre", "rectification_order", 2026) not in same


class Free:
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


class TestVoiding:
    def test_leaves_the_number_in_its_place(self, office: Office, desk: Desk):
        case = void(office, order(office, desk.story("file", "inspect")).case, FIRST)

        again = issuing.issue(office, case, "rectification_order", case.version - 2, monday(), Command.new()).case

        assert [(m.paper.document_no, m.in_force) for m in issued(again.entries)] == [(FIRST, False), (SECOND, True)]
        register = book(office)
        assert (list(register.taken), list(register.void)) == ([FIRST, SECOND], [FIRST])
        assert office.attachment(again, issued(again.entries)[0].paper.sha256)

    def test_means_that_it_cannot_be_served(self, office: Office, desk: Desk):
        case = void(office, order(office, desk.story("file", "inspect")).case, FIRST)

        with pytest.raises(NoSuchDocument):
            desk.act(Case.replay(case.id, case.entries), "serve", document_no=FIRST)
        again = issuing.issue(office, case, "rectification_order", case.version - 2, monday(), Command.new()).case
        assert desk.act(again, "serve", document_no=SECOND).papers[-1].served

    def test_lets_the_clocks_find_the_service_of_the_new_number(self, office: Office, desk: Desk):
        case = void(office, order(office, desk.story("file", "inspect")).case, FIRST)
        case = issuing.issue(office, case, "rectification_order", case.version - 2, monday(), Command.new()).case
        case = desk.act(case, "serve", document_no=SECOND)

        [served] = [each for each in readings(case.entries, today=MONDAY, calendar=CALENDAR) if each.clock == "C05"]
        assert served.stopped == MONDAY

    def test_needs_another_to_approve(self, office: Office, desk: Desk):
        case = order(office, desk.story("file", "inspect")).case

        with pytest.raises(ApproverIsProposer):
            void(office, case, FIRST, approved_by="lead.1")

    def test_happens_once(self, office: Office, desk: Desk):
        case = void(office, order(office, desk.story("file", "inspect")).case, FIRST)

        with pytest.raises(NoSuchIssued):
            void(office, case, FIRST)

    def test_of_a_number_of_the_offices_own_touches_no_register(self, office: Office, desk: Desk):
        case = order(office, desk.story("file", "inspect"), document_no="令〔2026〕1号").case

        assert not issued(void(office, case, "令〔2026〕1号").entries)[0].in_force


class TestPossible:
    def test_are_the_papers_of_the_entries_in_force(self, office: Office, desk: Desk):
        case = order(office, desk.story("file", "inspect")).case

        assert [(each.paper, each.entry, each.numbered) for each in issuing.possible(case)] == [
            ("inspection_record", 3, False), ("filing_approval", 2, False), ("inquiry_notice", 2, True),
            ("complaint_register", 1, False), ("inquiry_notice", 1, True),
        ]  # fmt: skip


class TestHandingOver:
    """A paper about what concerns an official is as hidden as the entry."""

    def test_hides_the_paper_and_the_number(self, office: Office, desk: Desk):
        case = issuing.act(office, desk.story("file"), "refer", HANDOVER, monday(), Command.new()).case

        [made] = issued(case.entries)
        assert made.paper.confidential
        assert case.confidential == {made.version - 1, made.version}
        assert all(entry.event.confidential for entry in book(office, "discipline_handover").entries)

    def test_hides_what_made_it_void(self, office: Office, desk: Desk):
        case = issuing.act(office, desk.story("file"), "refer", HANDOVER, monday(), Command.new()).case
        case = void(office, case, issued(case.entries)[0].paper.document_no)

        assert case.version in case.confidential
        assert all(entry.event.confidential for entry in book(office, "discipline_handover").entries)


def test_a_register_is_no_line_of_a_ledger(office: Office, desk: Desk, catch_up, url: str):
    void(office, order(office, desk.story("file", "inspect")).case, FIRST)
    catch_up()

    with connect(url, "owner") as owner:
        assert check(owner) == []
        assert owner.execute("SELECT count(*) FROM record_facts").fetchone() == (0,)
        assert owner.execute("SELECT count(*) FROM set_aside").fetchone() == (0,)
