"""The documents say what the code says: generated pages, links, commands, the version."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import click
import pytest

from domain.refused import Refused
from interface import __version__
from interface.api.words import SENTENCES
from interface.cli import main

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh.md")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def commands(name: str) -> set[tuple[str, ...]]:
    """The words of every ``./dev …`` in a README, up to the first that is no command."""
    found = re.findall(r"\./dev ([a-z][a-z -]*[a-z])", text(name))
    return {named(line.split()) for line in found}


def named(words: list[str]) -> tuple[str, ...]:
    if words[0] != "run":
        return (words[0],)
    command, path = main, ["run"]
    for word in words[1:]:
        if not isinstance(command, click.Group):
            break
        path.append(word)
        command = command.get_command(click.Context(command), word)
    return tuple(path)


def exists(words: tuple[str, ...]) -> bool:
    """Whether ``./dev`` knows the command, down to its last subcommand."""
    if words[0] != "run":
        return f"    {words[0]})" in text("dev")
    command: click.Command | None = main
    for word in words[1:]:
        command = command.get_command(click.Context(command), word) if isinstance(command, click.Group) else None
    return command is not None and not isinstance(command, click.Group)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


class TestGenerated:
    def test_pages_say_what_the_code_says(self):
        make = runpy.run_path(str(ROOT / "docs" / "make.py"))

        assert make["differing"]() == [], "run: python docs/make.py"

    def test_tables_need_their_marks(self):
        make = runpy.run_path(str(ROOT / "docs" / "make.py"))

        with pytest.raises(ValueError, match="no marks for powers"):
            make["put"]("# A page", "powers", "")


class TestLinking:
    @pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
    def test_leads_somewhere(self, page):
        links = re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))

        for link in links:
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = page.parent / path if path else page
            assert target.is_file(), f"{link} leads nowhere"
            assert not anchor or anchor in anchors(target), f"{link} names no heading"

    def test_every_page_stands_in_the_index(self):
        index = text("docs/README.md")

        missing = [p.name for p in (ROOT / "docs").rglob("*.md") if p.name != "README.md" and p.name not in index]
        assert missing == []


class TestNamingCommands:
    @pytest.mark.parametrize("readme", READMES)
    def test_that_exist(self, readme):
        found = commands(readme)

        assert {("demo",), ("test",), ("run", "history")} <= found
        assert [words for words in found if not exists(words)] == []

    def test_the_same_in_both_languages(self):
        assert commands("README.md") == commands("README.zh.md")

    def test_with_every_setting_in_both_languages(self):
        settings = [set(re.findall(r"^\| `([A-Z_]+)` \|", text(readme), re.MULTILINE)) for readme in READMES]

        assert settings[0] == settings[1]
        assert set(re.findall(r"^``([A-Z_]+)``", text("interface/settings.py"), re.MULTILINE)) <= settings[0]


class TestDescribingTheApi:
    def test_names_refusals_that_exist(self):
        known = {key.replace("_", "-") for key in SENTENCES} | {
            kind.__new__(kind).code.replace("_", "-") for kind in Refused.__subclasses__()
        }

        named_there = set(re.findall(r"urn:qingxin:([a-z-]+)", text("docs/api.md")))
        assert named_there
        assert named_there - known == set()


class TestChangelog:
    def test_has_this_version(self):
        assert re.search(rf"^## .*\b{re.escape(__version__)}\b", text("CHANGELOG.md"), re.MULTILINE)
