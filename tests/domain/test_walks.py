"""Random lawful walks: whatever officers do, the record replays to the same case."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case import Case
from domain.record import Entry
from domain.refused import Refused
from domain.vocabulary import decode, encode, stored_name
from tests.conftest import ACTIONS, FACTS, MONDAY, RECEIVED, signed

STEPS = sorted(set(FACTS) - {"attach"})
TODAY = date(2026, 11, 24)


@st.composite
def walks(draw: st.DrawFn, most: int = 25) -> Case:
    """A case after up to so many acts, each by somebody, on days that need not be in order; refused acts are skipped."""
    case = Case(uuid4()).signed(signed("intake.1", "intake", MONDAY))
    case.receive(**{**RECEIVED, "number": None, "industry": draw(st.sampled_from([None, "housing"]))})
    for _ in range(draw(st.integers(0, most))):
        step = draw(st.sampled_from([*STEPS, "correct", "revoke"]))
        on = MONDAY + timedelta(days=draw(st.integers(0, 40)))
        case.signed(
            signed(
                draw(st.sampled_from(["lead.1", "revisit.1"])), on=draw(st.sampled_from([str(on), str(on)[:7], None]))
            )
        )
        facts = dict(FACTS.get(step, {}))
        if step == "correct":
            facts = {"version": draw(st.integers(1, case.version)), "field": draw(st.sampled_from(["amount", "amount_confirmed", "on"])),
                     "value": draw(st.sampled_from(["100.00", "70000.00", "2026-03-05"])), "reason": "录入错误", "approved_by": "head.1"}  # fmt: skip
        elif step == "revoke":
            facts = {"version": draw(st.integers(1, case.version)), "reason": "撤销", "approved_by": "head.1"}
        elif "amount" in facts:
            facts["amount"] = str(draw(st.integers(1, 110_000)))
        if step == "order":
            facts["due_on"] = on + timedelta(days=draw(st.integers(-1, 20)))
        try:
            getattr(case, ACTIONS.get(step, step))(**facts)
        except Refused:
            continue
        case = Case.replay(case.id, case.entries).signed(case.signature)
    return case


@settings(max_examples=150, deadline=None)
@given(walks())
def test_a_case_read_back_is_the_case_that_was_written(case):
    stored = [(stored_name(e.event), encode(e.event)) for e in case.entries]

    again = Case.replay(case.id, [Entry(case.id, i, decode(*each)) for i, each in enumerate(stored, start=1)])

    for name in (
        "version",
        "step",
        "paid",
        "owed",
        "balance",
        "ordered",
        "claimed",
        "office",
        "offices",
        "past",
        "due_on",
    ):
        assert getattr(again, name) == getattr(case, name), name


@settings(max_examples=150, deadline=None)
@given(walks())
def test_amounts_balance_and_stay_to_the_fen(case):
    assert case.balance is None or case.balance == max(case.owed - case.paid, Decimal(0))
    assert case.paid == case.paid.quantize(Decimal("0.01"))


@settings(max_examples=100, deadline=None)
@given(walks(), st.data())
def test_a_version_once_read_never_changes(case, data):
    version = data.draw(st.integers(1, case.version))

    assert Case.replay(case.id, case.entries, version=version).status_on(TODAY) == Case.replay(
        case.id, case.entries[:version]
    ).status_on(TODAY)
