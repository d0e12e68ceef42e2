"""How a paper looks: Typst, with our own fonts and nothing of the machine, so that the same facts give the same bytes anywhere.

The facts reach the pages as JSON through ``sys.inputs`` and are never part of their source.  The day in the file is the day of the
paper; no clock is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

PAGES = Path(__file__).parent
MEDIA_TYPE = "application/pdf"
GETA = "〓"
"""What printers set for a character they have no type for."""
MOST_LACKING = 60
_LACKING = re.compile(r'the text `?"(.+?)"`? could not be displayed', re.DOTALL)


@cache
def fonts() -> typst.Fonts:
    """Noto Serif SC and Noto Sans SC, which have nearly every character a name may have; no other font is looked for."""
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def pdf(contents: Mapping[str, Any]) -> bytes:
    """The paper as PDF/A-2b."""
    return _printable(contents, format="pdf", pdf_standards=["a-2b"])


def png(contents: Mapping[str, Any], ppi: float = 96) -> list[bytes]:
    """Its pages as pictures, to look at."""
    made: Any = _compiled(contents, format="png", ppi=ppi)
    return made if isinstance(made, list) else [made]


def _printable(contents: Mapping[str, Any], **options: Any) -> bytes:
    """The same; a character that no font of ours has is printed as 〓, and the foot of the page says by its code which it was.

    A paper must not be held up by a rare character of a name, and must not pretend that it is not there.  The page says which it
    lacks, one at a time.  Raises ``typst.TypstError`` for any other fault, or for too many of these.
    """
    lacking: list[str] = []
    while True:
        try:
            return _compiled(_without(contents, lacking), **options)
        except typst.TypstError as problem:
            found = _LACKING.search(str(problem))
            if not found or len(lacking) >= MOST_LACKING or set(found[1]) <= {*lacking, GETA}:
                raise
            lacking += [one for one in dict.fromkeys(found[1]) if one not in lacking]


def _without(contents: Mapping[str, Any], lacking: Sequence[str]) -> Mapping[str, Any]:
    if not lacking:
        return contents
    told = "、".join(f"U+{ord(one):04X}" for one in lacking)
    return {
        **_replaced(contents, str.maketrans(dict.fromkeys(lacking, GETA))),
        "lacking": f"{GETA}处为字库所缺的字:{told}",
    }


def _replaced(part: Any, table: Mapping[int, str]) -> Any:
    match part:
        case str():
            return part.translate(table)
        case Mapping():
            return {name: _replaced(value, table) for name, value in part.items()}
        case list() | tuple():
            return [_replaced(value, table) for value in part]
    return part


def _compiled(contents: Mapping[str, Any], **options: Any) -> bytes:
    day = datetime(contents["year"], contents["month"], contents["date"], tzinfo=UTC)
    made: bytes = typst.compile(
        str(PAGES / "paper.typ"),
        root=str(PAGES),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(contents, ensure_ascii=False, sort_keys=True)},
        timestamp=day,
        **options,
    )
    return made
