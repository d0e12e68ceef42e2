"""Statistics: a page of SQL each, with the definition of every figure beside it, and a stamp.

A report is asked for a window and a division, as it was on a day and as known at a moment.  The stamp says all of that, and
by which rules, calendar and settings; the same stamp gives the same bytes.

Read ``asking.py`` (what is asked), ``six_mechanisms.py``, ``closed_loop.py``, ``trainings.py``, ``publications.py``,
``oversight.py`` (what is answered), ``running.py`` (how), ``due.py`` (how SQL knows the law's terms).
"""

from __future__ import annotations

from projections.reports.asking import Asked, Figure, Report
from projections.reports.closed_loop import CLOSED_LOOP
from projections.reports.oversight import OVERSIGHT
from projections.reports.publications import PUBLICATIONS
from projections.reports.running import run
from projections.reports.six_mechanisms import SIX_MECHANISMS
from projections.reports.trainings import TRAININGS

REPORTS = {report.name: report for report in (SIX_MECHANISMS, CLOSED_LOOP, TRAININGS, PUBLICATIONS, OVERSIGHT)}

__all__ = ["REPORTS", "Asked", "Figure", "Report", "run"]
