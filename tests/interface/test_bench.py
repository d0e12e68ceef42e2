"""``qingxin bench``, with tiny numbers: what it reports, and what it leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import count
from pathlib import Path

import psycopg

from interface.bench.table import Trial, below, in_turn, line, rate, share, slower

ROOT = Path(__file__).parents[2]


class TestBench:
    def test_reports_ratios_for_what_was_asked_and_leaves_no_database_behind(self, server: str, tmp_path: Path) -> None:
        env = {**os.environ, "DATABASE_URL": server, "QINGXIN_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
        asked = ["--rounds", "1", "--seconds", "0.1", "--only", "append", "--only", "load", "--json"]

        with subprocess.Popen(
            [sys.executable, "-m", "interface", "bench", *asked],
            env=env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            told, said = process.communicate(timeout=120)

        assert process.returncode == 0, said
        lines = json.loads(told)
        assert [line["group"] for line in lines] == ["append"] * 6 + ["load"]
        assert {line["baseline"] for line in lines} == {"raw INSERT", "bare SELECT"}
        assert all(line["ratio"] > 0 and line["value"] > 0 and line["baseline_value"] > 0 for line in lines)
        with psycopg.connect(server) as connection:
            left = connection.execute(
                "SELECT datname FROM pg_database WHERE datname = %s", (f"qingxin_bench_{process.pid}",)
            ).fetchall()
        assert left == []

    def test_measures_pages_beside_a_bare_one_and_says_how_long_they_took(self, server: str, tmp_path: Path) -> None:
        env = {**os.environ, "DATABASE_URL": server, "QINGXIN_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
        asked = ["--rounds", "1", "--seconds", "0.01", "--only", "pages", "--json"]

        done = subprocess.run(
            [sys.executable, "-m", "interface", "bench", *asked],
            env=env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

        assert done.returncode == 0, done.stderr
        lines = json.loads(done.stdout)
        assert {line["name"].partition(",")[0] for line in lines} >= {
            "home",
            "queue",
            "case",
            "register",
            "register by claim",
            "board",
        }
        assert {(line["baseline"], line["unit"], line["target"]) for line in lines} == {
            ("bare page, one SELECT", "ms", "< 150 ms")
        }
        assert all(line["ratio"] > 1 and line["value"] > line["baseline_value"] > 0 for line in lines)


class TestMeasuring:
    def test_takes_turns_and_lets_another_begin_each_round(self) -> None:
        ticks = count(1)

        def way() -> float:
            return next(ticks)

        found = in_turn(Trial("", Path(), 2, 0.1, full=False, say=lambda _: None), "", {"ours": way, "raw": way})

        assert found == {"ours": [1, 4], "raw": [2, 3]}

    def test_shows_the_median_of_the_rounds_own_ratios(self) -> None:
        measured = line("append", "ours", [50, 90, 40], "raw", [100, 100, 50])

        assert measured.ratio == 0.8
        assert measured.met is None

    def test_marks_a_target_met_or_missed(self) -> None:
        targets = {share(0.6): False, slower(2.5): True, rate(100): False, below(100): True}

        for target, met in targets.items():
            assert line("", "", [50], "", [100], target=target).met is met
