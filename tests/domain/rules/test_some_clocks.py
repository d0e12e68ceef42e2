"""A list asks for some of the clocks of a case: what they say is what all of them say."""

from __future__ import annotations

from hypothesis import given

from domain.case import Case
from domain.record import standing
from domain.rules.clocks import readings
from domain.rules.settings import PROPOSED
from tests.domain.test_walks import TODAY, walks


class TestSomeClocks:
    @given(walks())
    def test_are_those_of_all_clocks_that_were_asked_for_and_still_run(self, case: Case) -> None:
        entries = standing(case.entries)
        everything = readings(entries, today=TODAY, settings=PROPOSED)
        asked = {"C02", "C03", "C19"}

        assert readings(entries, today=TODAY, settings=PROPOSED, clocks=asked) == [
            r for r in everything if r.clock in asked
        ]
        running = readings(entries, today=TODAY, settings=PROPOSED, running=True)
        assert [r for r in everything if r.days_left is not None] == [r for r in running if r.days_left is not None]
        assert [r for r in everything if r in running] == running
