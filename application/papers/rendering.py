"""How a paper looks: Typst, with our own fonts and nothing of the machine, so that the same facts give the same bytes anywhere.

The facts reach the pages as JSON through ``sys.inputs`` and are never part of their source.  The day in the file is the day of the
paper; no clock is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

PAGES = Path(__file__).parent
MEDIA_TYPE = "application/pdf"


@cache
def fonts() -> typst.Fonts:
    """Noto Serif SC and Noto Sans SC, which have every character a name may have; no other font is looked for."""
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def pdf(contents: Mapping[str, Any]) -> bytes:
    """The paper as PDF/A-2b."""
    return _compiled(contents, format="pdf", pdf_standards=["a-2b"])


def png(contents: Mapping[str, Any], ppi: float = 96) -> list[bytes]:
    """Its pages as pictures, to look at."""
    made: Any = _compiled(contents, format="png", ppi=ppi)
    return made if isinstance(made, list) else [made]


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
