"""Keep the catalogue of the pages: ``./dev words`` finds every English sentence in code and templates, ``./dev words FILE.json``
takes in Chinese for them (``{"English": "中文"}``), and both compile it.  What has no Chinese yet is printed, and fails.

The English is the key; Chinese stands in ``interface/translations/zh_Hans/LC_MESSAGES/messages.po``.  Codes, labels, events and
refusals are not here but in ``domain/``, where the law's words are.
"""

from __future__ import annotations

import fcntl
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
INTERFACE = ROOT / "interface"
CATALOGUE = INTERFACE / "translations" / "zh_Hans" / "LC_MESSAGES" / "messages.po"
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
METHODS = [("static/**", "ignore"), ("pages/**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy": None, "lazy_gettext": None, "ngettext": (1, 2)}
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}


def found() -> Catalog:
    """Every sentence of code and templates, without places: they would change with every line."""
    catalogue = Catalog(charset="utf-8")
    for _file, _line, message, _comments, context in extract_from_dir(INTERFACE, METHODS, OPTIONS, KEYWORDS):  # type: ignore[arg-type]
        catalogue.add(message, context=context)
    return catalogue


def kept() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def missing(catalogue: Catalog) -> list[str]:
    """The sentences without Chinese."""
    return sorted(str(message.id) for message in catalogue if message.id and not message.string)


def renewed(words: dict[str, str]) -> Catalog:
    """The catalogue of what is found now, with the Chinese kept and the Chinese given."""
    before = kept() if CATALOGUE.stat().st_size else Catalog(locale="zh_Hans")
    after = Catalog(
        locale="zh_Hans", charset="utf-8", project="Qingxin", version="0.1", copyright_holder="the Qingxin maintainers",
        msgid_bugs_address="-", last_translator="the Qingxin maintainers", language_team="zh_Hans", fuzzy=False,
        header_comment="# The Chinese of the pages; made by ./dev words, see docs/catalogue.py.",
    )  # fmt: skip
    for message in sorted((m for m in found() if m.id), key=lambda m: str(m.id)):
        old = before.get(message.id)
        after.add(message.id, words.get(str(message.id)) or (old.string if old else ""), flags=message.flags)
    return after


def write(catalogue: Catalog) -> None:
    """Write it, readable and compiled; without dates, so that the same words give the same bytes."""
    catalogue.creation_date = catalogue.revision_date = WRITTEN
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=120, omit_header=False, include_previous=False)
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


def main() -> int:
    words = json.loads(Path(sys.argv[1]).read_text("utf-8")) if len(sys.argv) > 1 else {}
    with CATALOGUE.open("a") as lock:  # two at a time would lose each other's words
        fcntl.flock(lock, fcntl.LOCK_EX)
        write(renewed(words))
    lacking = missing(kept())
    sys.stdout.write("\n".join(lacking or ["every sentence has its Chinese"]) + "\n")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
