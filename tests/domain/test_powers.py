"""Who may know of which case, and who may do what."""

import pytest

from domain.case import Case
from domain.codes import ROLES
from domain.offices import office_exists
from domain.powers import POWERS, Actor, Place, covered, decide
from domain.records import RECORDS

CASE = Place("620502", "housing", {"620502-hrss"})


class TestSight:
    @pytest.mark.parametrize(
        ("office", "division", "sees"),
        [
            ("620502-hrss", "620502", True),
            ("620503-hrss", "620503", False),
            ("620500-hrss", "620500", True),
            ("000000-hrss", "000000", True),
            ("620500-housing", "620500", True),
            ("620500-transport", "620500", False),
            ("620502-bank", "620502", False),
            ("510000-hrss", "510000", False),
        ],
    )
    def test_is_by_division_and_industry(self, office, division, sees):
        assert decide(Actor("x", "intake", office, division), "read", CASE).visible is sees

    def test_includes_what_was_given_to_the_office(self):
        given = Place("620502", None, {"620500-transport"})

        assert decide(Actor("x", "intake", "620500-transport", "620500"), "read", given).allowed

    @pytest.mark.parametrize(
        ("code", "prefix"), [("000000", ""), ("620000", "62"), ("620500", "6205"), ("620502", "620502")]
    )
    def test_covers_what_lies_below(self, code, prefix):
        assert covered(code) == prefix


class TestPowers:
    @pytest.mark.parametrize("action", Case.actions)
    def test_the_auditor_writes_nothing(self, action):
        assert not decide(Actor("x", "auditor", "620500-discipline", "620500"), action, CASE).allowed

    def test_the_journal_is_for_auditors_alone(self):
        assert [role for role in ROLES if decide(Actor("x", role, "620500-hrss", "620500"), "journal").allowed] == [
            "auditor"
        ]

    def test_an_informant_is_known_to_intake_and_the_lead_inspector_alone(self):
        case = Place("620502", None, {"620502-hrss"}, informant=True)

        assert [r for r in ROLES if decide(Actor("x", r, "620502-hrss", "620502"), "contact", case).allowed] == [
            "intake",
            "inspector_lead",
        ]

    def test_receiving_is_for_ones_own_division(self):
        assert not decide(Actor("x", "intake", "620502-hrss", "620502"), "receive", Place("620503")).allowed
        assert decide(Actor("x", "intake", "620500-hrss", "620500"), "receive", Place("620503")).allowed

    def test_every_act_is_in_somebodys_power(self):
        acts = {f"{sort}.{action}" for sort, record in RECORDS.items() for action in record.actions if sort != "case"}

        assert set().union(*POWERS.values()) == set(Case.actions) | acts

    def test_a_denial_says_why_in_both_languages(self):
        no = decide(Actor("x", "legal_reviewer", "620502-hrss", "620502"), "file", CASE)

        assert "legal_reviewer" in no.reason("zh")
        assert "legal_reviewer" in no.reason("en")


@pytest.mark.parametrize(
    ("office", "there"),
    [("620502-hrss", True), ("620500-discipline", True), ("62-hrss", False), ("620502-moon", False)],
)
def test_offices_are_a_division_and_a_kind(office, there):
    assert office_exists(office) is there
