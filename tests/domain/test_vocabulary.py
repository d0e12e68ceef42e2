"""What was stored decodes for ever: one golden file per event and shape."""

import json
from pathlib import Path

import msgspec
import pytest

from domain import vocabulary
from domain.records import RECORDS
from domain.vocabulary import EVENTS, SHAPES, UnknownEvent, decode, encode, stored_name

GOLDEN = Path(__file__).parents[1] / "golden"
FILES = sorted(GOLDEN.glob("*.json"))


@pytest.mark.parametrize("file", FILES, ids=[f.stem for f in FILES])
class TestEveryGoldenFile:
    def test_decodes(self, file):
        name = file.stem if file.stem.count(".") else file.stem
        assert type(decode(name, file.read_bytes().strip())).__name__ == name.partition(".")[0]

    def test_of_the_present_shape_is_stored_again_to_the_letter(self, file):
        event = decode(file.stem, file.read_bytes().strip())

        if stored_name(event) == file.stem:
            assert json.loads(encode(event)) == json.loads(file.read_bytes())


def test_every_shape_ever_stored_has_a_golden_file():
    wanted = {
        name if shape == 1 else f"{name}.{shape}" for name, last in SHAPES.items() for shape in range(1, last + 1)
    }
    assert {file.stem for file in FILES} == wanted


class TestDecoding:
    def test_knows_no_name_outside_the_registry(self):
        with pytest.raises(UnknownEvent):
            decode("os:system", b"{}")

    def test_knows_no_shape_of_the_future(self):
        with pytest.raises(UnknownEvent):
            decode("CasePaid.2", b"{}")

    def test_checks_types(self):
        with pytest.raises(msgspec.ValidationError):
            decode(
                "CasePaid",
                b'{"by":"a","role":"b","office":"c","division":"d","on":null,"kind":"bribe","amount":"1.00","payer_kind":null}',
            )

    def test_turns_an_old_shape_into_the_present_one(self, monkeypatch):
        """A note that was stored as ``words`` before it was ``text``."""
        monkeypatch.setitem(vocabulary.SHAPES, "CaseNoted", 2)
        monkeypatch.setitem(vocabulary.UPCASTS, ("CaseNoted", 1), lambda facts: {"text": facts.pop("words"), **facts})

        event = decode("CaseNoted", b'{"by":"a","role":"b","office":"c","division":"d","on":null,"words":"x"}')

        assert (event.text, stored_name(event)) == ("x", "CaseNoted.2")


def test_event_names_say_what_happened_and_to_what():
    assert all(name.startswith(tuple(record.__name__ for record in RECORDS.values()) + ("Person",)) for name in EVENTS)
