"""How every process logs: a JSON object per line, UTC, Chinese left readable.

A traceback is its text alone: the values of variables, which may be personal data, are never written.
"""

from __future__ import annotations

import sys

import structlog


def configure() -> None:
    """Set logging up for this process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
