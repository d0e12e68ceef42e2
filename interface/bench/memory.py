"""How much memory the long streams take at their peak, each in a process of its own."""

from __future__ import annotations

import json
import multiprocessing
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from application.database import connect
from application.importing import Importer, bring_in, rows
from interface.bench.crew import Failed
from interface.bench.ground import DIVISION, opened
from interface.bench.reading import LONG, caught_up
from interface.bench.table import Line, Trial, below, line
from projections.rebuild import rebuild

CASES = 5_000
MEGABYTES = 600

Work = Callable[[str, Path], int]
"""Does the work on a database and answers how many events went through."""


def memory(trial: Trial) -> list[Line]:
    """Import and rebuild, beside the same process before it begins."""
    file = trial.home / "histories.jsonl"
    with file.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(_history(number), ensure_ascii=False) + "\n" for number in range(CASES))
    lines = []
    for name, work in (("import", imported), ("rebuild", rebuilt)):
        trial.say(f"memory: {name}")
        idle, peak, events = _in_a_process(work, trial.url, file)
        what = f"{name} of {events:,} events"
        lines.append(line("memory", what, [peak], "idle process", [idle], target=below(MEGABYTES), unit="MB"))
    return lines


def imported(url: str, file: Path) -> int:
    events = 0
    with opened(url) as office, connect(url, "reader") as connection:
        before = connection.execute("SELECT count(*) FROM events").fetchone()
        for _ in bring_in(office, rows(file), Importer("bench", f"{DIVISION}-hrss")):
            pass
        after = connection.execute("SELECT count(*) FROM events").fetchone()
        assert before
        assert after
        events = after[0] - before[0]
    return int(events)


def rebuilt(url: str, file: Path) -> int:
    with connect(url, "projector", statement_seconds=LONG) as connection:
        caught_up(connection)
    with connect(url, "owner", statement_seconds=LONG) as connection:
        return rebuild(connection)


def _in_a_process(work: Work, url: str, file: Path) -> tuple[float, float, int]:
    """The peak before the work and after it, in megabytes; and how many events went through."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    worker = context.Process(target=_work, args=(work, url, file, theirs), daemon=True)
    worker.start()
    theirs.close()
    try:
        answer = ours.recv()
    except EOFError:
        raise Failed(f"{work.__name__} failed") from None
    finally:
        worker.terminate()
        worker.join()
    return tuple(answer)


def _work(work: Work, url: str, file: Path, pipe: Connection[Any, Any]) -> None:
    idle = _peak()
    events = work(url, file)
    pipe.send((idle, _peak(), events))


def _peak() -> float:
    """The most memory this process has held.  On Linux ``ru_maxrss`` would count the parent it was forked from."""
    status = Path("/proc/self/status")
    if status.exists():
        [kilobytes] = [row.split()[1] for row in status.read_text().splitlines() if row.startswith("VmHWM:")]
        return int(kilobytes) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2  # bytes, where there is no /proc


def _history(number: int) -> dict[str, Any]:
    """An invented history of six events, as one would be published."""
    owed, workers = 20_000 + number % 500 * 100, 1 + number % 60
    found = {"amount_yuan": owed, "workers": workers}
    return {
        "id": f"BENCH-{number}",
        "channel": "hotline_12345",
        "division": DIVISION,
        "employer": {"name": f"渭河建筑第{number % 40}有限公司"},
        "summary": "反映拖欠农民工工资",
        "persons_claimed": workers,
        "amount_claimed": f"{owed}.00",
        "events": [
            {"type": "received", "date": "2025-03-03"},
            {"type": "filed", "date": "2025-03-05"},
            {"type": "inspected", "date": "2025-03-10", "inspectors": ["lead.02", "second.02"], **found},
            {
                "type": "ordered",
                "date": "2025-03-12",
                "due_on": "2025-03-19",
                "doc_no": f"责令〔2025〕{number}号",
                **found,
            },
            {"type": "paid", "date": "2025-03-18", **found},
            {"type": "closed", "date": "2025-03-20", "reason": "paid_in_full"},
        ],
    }
