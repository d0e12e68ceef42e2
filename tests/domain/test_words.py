"""Every code has its words, every event and refusal its sentence in both languages."""

import re
from importlib import import_module
from typing import get_args

import pytest

from domain import codes
from domain.event import facts_of, sort_of
from domain.project_events import ProjectSignalled
from domain.records import RECORDS
from domain.refused import Refused
from domain.vocabulary import EVENTS
from domain.words import LANGUAGES, WORDS, label, sentence, template, word

CODES = {code for name, kind in vars(codes).items() if get_args(kind) and name != "Literal" for code in get_args(kind)}
MODULES = [import_module(f"domain.{name}") for name in ("refused", "case_refused", *RECORDS)]
REFUSALS = [r for m in MODULES for r in vars(m).values() if isinstance(r, type) and issubclass(r, Refused)]
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_has_words_in_both_languages(code):
    assert CHINESE.search(word(code, "zh"))
    assert not CHINESE.search(word(code, "en"))


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
@pytest.mark.parametrize("lang", LANGUAGES)
class TestEverySentence:
    def test_is_made_of_the_events_own_facts(self, event, lang):
        own = set(event.__struct_fields__) | {"by", "on"}

        assert set(re.findall(r"\{(\w+)\}", template(event, lang))) <= own

    def test_names_who_signed(self, event, lang):
        assert (
            "{by}" in template(event, lang) or event is ProjectSignalled
        )  # what a screening raised; the screening is signed

    def test_is_in_its_language(self, event, lang):
        assert bool(CHINESE.search(template(event, lang))) == (lang == "zh")


@pytest.mark.parametrize(
    ("lang", "typed", "ends"),
    [
        ("zh", "已谈妥。", "已谈妥。"),
        ("zh", "已谈妥", "已谈妥。"),
        ("en", "Agreed.", "Agreed."),
        ("zh", "真的？", "真的？"),
    ],
)
def test_a_sentence_ends_once(lang, typed, ends):
    assert sentence(EVENTS["CaseNoted"], {"by": "lead.1", "text": typed}, lang).endswith(ends)
    assert not sentence(EVENTS["CaseNoted"], {"by": "lead.1", "text": typed}, lang).endswith(("。。", "..", "？。"))


@pytest.mark.parametrize("refusal", sorted(set(REFUSALS) - {Refused}, key=lambda r: r.__name__))
class TestEveryRefusal:
    def test_has_a_sentence_in_both_languages(self, refusal):
        assert CHINESE.search(template(refusal, "zh"))
        assert not CHINESE.search(template(refusal, "en").replace("contact", ""))

    def test_has_a_word_as_a_warning_unless_it_is_about_a_field(self, refusal):
        code = re.sub(r"(?<!^)(?=[A-Z])", "_", refusal.__name__).lower()
        assert refusal.malformed or code in WORDS["warning"]


def test_everything_that_can_be_done_has_a_word():
    assert {f"done_{sort_of(event)}" for event in EVENTS.values()} <= set(WORDS["done"])


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_every_fact_has_a_label_in_both_languages(event):
    for fact in facts_of(event):
        assert CHINESE.search(label(fact.encode_name, "zh", event.__name__)) or fact.encode_name == "sha256"
        assert not CHINESE.search(label(fact.encode_name, "en", event.__name__))
