"""The fingerprint of a table of law: the same content has the same one, whatever its layout."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any


def fingerprint(content: Any) -> str:
    """The SHA-256 of a table's content, whatever its layout."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return sha256(text.encode()).hexdigest()
