"""The table of clocks: that it names only what the office knows, and leaves nothing without a term."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import get_args, get_type_hints

import msgspec
import pytest

from domain import case_asides, case_events, project_events
from domain.event import plain_type
from domain.record import Entry, standing
from domain.rules import clocks
from domain.rules.clocks import ROWS, RULES_DIGEST, readings
from domain.rules.settings import SETTINGS
from domain.vocabulary import EVENTS
from tests.domain.rules.desk import Desk

day = date.fromisoformat


class TestKeepingTheTable:
    def test_holds_every_clock_a_city_office_runs(self) -> None:
        assert " ".join(dict.fromkeys(row.id for row in ROWS)) == (
            "C01 C01e C01r C02 C03 C04 C05 C06 C07 C08 C08s C08n C09 C10 C11 C12 C13 C23 S1 S2 S3 "
            "C14 C14h C15 C16 C17 C18 C19 C20 C20r C21 C22 C31 C32 T1 E1 R1 C30 "
            "C24 C24a C25 C26 C27 C28 P1 P2 P3 P4 I1 I2"
        )

    def test_names_only_events_and_facts_the_office_knows(self) -> None:
        for row in ROWS:
            for match in (*row.starts, *row.stops, *row.ends, *row.needs, *row.unless, *row.only_if):
                event = EVENTS[match.event]
                assert {*match.where, *match.but, *match.has, *match.says} <= set(event.__struct_fields__), row.id
            assert set(row.cases) <= set(case_events.CaseReceived.__struct_fields__)
            assert set(row.at_least) <= set(project_events.ProjectRegistered.__struct_fields__)
            assert set(row.order) <= set(case_events.CaseOrdered.__struct_fields__)
            assert set(row.answers) <= set(case_asides.CaseReferred.__struct_fields__)

    def test_takes_its_days_from_facts_that_are_there(self) -> None:
        for row in ROWS:
            for match in row.starts:
                fields = {*EVENTS[match.event].__struct_fields__}
                assert {name for name in (row.start_fact, row.due_fact) if name} <= fields, row.id
            assert not row.stop_fact or all(row.stop_fact in match.has for match in row.stops), row.id

    @pytest.mark.parametrize("asked", ["where", "but"])
    def test_asks_only_for_codes_an_event_can_have(self, asked: str) -> None:
        for row in ROWS:
            for match in (*row.starts, *row.stops, *row.ends, *row.needs, *row.unless, *row.only_if):
                hints = get_type_hints(EVENTS[match.event])
                for name, values in getattr(match, asked).items():
                    assert {*values} <= {*get_args(plain_type(hints[name]))} | {True, False}, (row.id, name)

    def test_gives_every_clock_a_term_or_the_name_of_a_setting(self) -> None:
        for row in ROWS:
            assert (row.n is not None) + (row.setting is not None) + (row.unit in ("same_day", "given")) == 1, row.id
            assert (row.unit == "given") == (row.due_fact is not None), row.id

    def test_leaves_to_the_office_what_the_law_leaves_open(self) -> None:
        units = {"working_days": "working_days", "days": "calendar_days"}
        left = {row.id: row for row in ROWS if row.setting}

        assert set(left) == {"C01r", "C08s", "C21", "C22", "C32", "S1", "S2", "S3"}
        assert all(row.unverified and units[SETTINGS[row.setting or ""].unit] == row.unit for row in left.values())

    def test_says_since_when_and_under_what_law(self) -> None:
        assert all(row.law and row.zh and row.en and row.since >= date(2001, 7, 9) for row in ROWS)

    def test_waits_only_for_clocks_it_holds(self) -> None:
        ids = {row.id for row in ROWS}

        assert {name for row in ROWS for name in (row.deemed, row.after) if name} <= ids

    def test_suspends_only_what_is_counted(self) -> None:
        assert {row.id for row in ROWS if row.pause} == {"C01", "C02"}
        assert not any(row.pause and row.unit in ("given", "same_day") for row in ROWS)

    def test_has_a_fingerprint(self) -> None:
        pages = sorted(Path(clocks.__file__).parent.glob("clocks*.toml"))

        assert len(RULES_DIGEST) == 64
        assert sum(len(tomllib.loads(page.read_text("utf-8"))["clock"]) for page in pages) == len(ROWS)

    def test_reads_nothing_from_an_empty_file(self) -> None:
        nothing: list[Entry] = []

        assert readings(nothing, today=day("2025-03-05")) == []

    def test_reads_by_other_rows_when_told_to(self) -> None:
        desk = Desk("2025-03-03")
        rows = [msgspec.structs.replace(row, n=10) for row in ROWS if row.id == "C01"]

        [reading] = readings(standing(desk.case.entries), today=day("2025-03-05"), rows=rows)

        assert (reading.clock, reading.due) == ("C01", day("2025-03-17"))
