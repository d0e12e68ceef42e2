"""Writes the pages of ``docs/`` that say what the code says, so that they cannot say anything else.

``python docs/make.py`` writes them; ``python docs/make.py --check`` writes nothing and exits 1 when one differs.  Some are
whole pages (``PAGES``), some a table inside a page that people write (``TABLES``), between two marks.  What they say stands
in ``docs/writing/``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

DOCS = Path(__file__).parent
sys.path[:0] = [str(DOCS.parent), str(DOCS)]

from writing.actions import action_table, actions, records  # noqa: E402
from writing.law import clocks, papers, rules  # noqa: E402
from writing.lifecycle import lifecycle  # noqa: E402
from writing.powers import powers, role_table  # noqa: E402
from writing.words import glossary, refusals  # noqa: E402

PAGES: dict[str, Callable[[], str]] = {
    "lifecycle.md": lifecycle, "glossary.md": glossary, "actions.md": actions, "refusals.md": refusals, "clocks.md": clocks,
    "records.md": records, "rules.md": rules, "papers.md": papers,
}  # fmt: skip
TABLES: dict[tuple[str, str], Callable[[], str]] = {
    ("api.md", "actions"): action_table,
    ("security.md", "roles"): role_table,
    ("security.md", "powers"): powers,
}


def made() -> dict[Path, str]:
    """Every page as it should be."""
    found = {DOCS / name: write() for name, write in PAGES.items()}
    for (name, mark), write in TABLES.items():
        text = found.get(DOCS / name) or (DOCS / name).read_text("utf-8")
        found[DOCS / name] = put(text, mark, write())
    return found


def put(text: str, mark: str, between: str) -> str:
    """A page with a table put between its marks.  Raises ``ValueError`` where there are none."""
    begin, end = f"<!-- docs/make.py: {mark} -->", "<!-- end -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"the page has no marks for {mark}")
    return f"{before}{begin}\n\n{between}\n\n{end}{after}"


def differing() -> list[Path]:
    """The pages that are not as they should be."""
    return [path for path, text in made().items() if not path.exists() or path.read_text("utf-8") != text]


def main(arguments: Sequence[str]) -> int:
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write("usage: python docs/make.py [--check]\n")
        return 2
    differ = differing()
    for path in differ:
        sys.stdout.write(f"{'differs' if arguments else 'written'}: {path.relative_to(DOCS.parent)}\n")
        if not arguments:
            path.write_text(made()[path], "utf-8")
    return int(bool(arguments and differ))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
