"""What can go wrong with a command, as a sentence for whoever typed it."""

from __future__ import annotations

import psycopg
from eventsourcing.persistence import PersistenceError

from application.importing import BadRow
from application.migrate import Changed
from application.office import NotOnFile
from application.vault import Erased
from domain.refused import Refused
from interface.settings import NotSet


def sentence(problem: Exception) -> str | None:
    """What to say of a problem; None of one that nobody foresaw."""
    match problem:
        case Refused():
            return problem.sentence()
        case NotSet() | BadRow() | Changed():
            return str(problem)
        case NotOnFile():
            return f"没有这个案件 / no such record: {problem}"
        case Erased():
            return "联系人信息已销毁 / the data have been erased"
        case psycopg.OperationalError() | PersistenceError():
            return f"数据库不可用 / the database is not available: {str(problem).strip().splitlines()[0]}"
    return None
