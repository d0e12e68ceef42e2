"""The vault: personal data and attachments, sealed apart from the events.

Every person and every attachment has a key of its own (AES-256-GCM), wrapped (RFC 3394) by a key derived from the
office's key - one derivation for complainants, another for informants (举报人), a third for attachments.  Destroying a
person's key erases the person; the events, which carry a reference only, stand.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from psycopg import Connection, Cursor

CONTACT_FIELDS = ("name", "phone", "id_number", "bank_account")
NONCE = 12


class Erased(LookupError):
    """The person's key was destroyed; nothing of the data can be read any more."""


class Unreadable(RuntimeError):
    """What is sealed does not open with the office's key: another key, or the bytes were altered."""


@dataclass(frozen=True)
class Sealed:
    """What the vault keeps: a wrapped key, and the sealed bytes (nonce first)."""

    key: bytes
    sealed: bytes


class Vault:
    """Seals and opens with the office's key; keeps nothing in memory but derived keys."""

    def __init__(self, office_key: bytes):
        self._wrapping = {
            purpose: HKDF(SHA256(), 32, salt=None, info=f"qingxin|{purpose}".encode()).derive(office_key)
            for purpose in ("complaint", "report", "attachment")
        }

    @classmethod
    def from_file(cls, path: Path) -> Vault:
        """The vault under the office's key file, which is made on first use and readable by its owner alone."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = path.with_suffix(f".{os.getpid()}")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(base64.b64encode(os.urandom(32)))
            try:
                os.link(fresh, path)  # the first of several wins; the others read its key
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return cls(base64.b64decode(path.read_bytes()))

    def seal(self, purpose: str, ref: object, data: bytes) -> Sealed:
        """Seal bytes for one reference; they open for that purpose and that reference only."""
        key, nonce = AESGCM.generate_key(256), os.urandom(NONCE)
        sealed = nonce + AESGCM(key).encrypt(nonce, data, _bound(purpose, ref))
        return Sealed(aes_key_wrap(self._wrapping[purpose], key), sealed)

    def open(self, purpose: str, ref: object, kept: Sealed) -> bytes:
        """The bytes again.  Raises ``Unreadable``."""
        try:
            key = aes_key_unwrap(self._wrapping[purpose], kept.key)
            return AESGCM(key).decrypt(kept.sealed[:NONCE], kept.sealed[NONCE:], _bound(purpose, ref))
        except (InvalidTag, InvalidUnwrap) as problem:
            raise Unreadable(f"{purpose} {ref}") from problem

    # Persons

    def keep_person(
        self, ref: UUID, record: UUID, standing: str, contact: dict[str, Any]
    ) -> Callable[[Cursor[Any]], None]:
        """What seals a person's data, to be done in the transaction that records it."""
        kept = self.seal(standing, ref, msgspec.json.encode(contact))

        def keep(cursor: Cursor[Any]) -> None:
            cursor.execute(
                "INSERT INTO vault.persons (ref, standing, record, key, sealed) VALUES (%s, %s, %s, %s, %s)",
                (ref, standing, record, kept.key, kept.sealed),
            )

        return keep

    def person(self, connection: Connection[Any], ref: UUID) -> dict[str, Any]:
        """A person's data.  Raises ``Erased`` or ``Unreadable``; the caller has recorded the reading first."""
        row = connection.execute("SELECT standing, key, sealed FROM vault.persons WHERE ref = %s", (ref,)).fetchone()
        if row is None or row[1] is None:
            raise Erased(str(ref))
        contact: dict[str, Any] = msgspec.json.decode(self.open(row[0], ref, Sealed(row[1], row[2])))
        return contact

    @staticmethod
    def erase_person(ref: UUID) -> Callable[[Cursor[Any]], None]:
        """What destroys a person's key, to be done in the transaction that records it."""

        def erase(cursor: Cursor[Any]) -> None:
            cursor.execute(
                "UPDATE vault.persons SET key = NULL, sealed = NULL, erased_at = clock_timestamp() WHERE ref = %s",
                (ref,),
            )

        return erase

    # Attachments

    def keep_attachment(self, record: UUID, sha256: str, data: bytes) -> Callable[[Cursor[Any]], None]:
        """What seals an attachment's bytes, to be done in the transaction that records it."""
        kept = self.seal("attachment", f"{record}|{sha256}", data)

        def keep(cursor: Cursor[Any]) -> None:
            cursor.execute(
                "INSERT INTO vault.attachments (record, sha256, key, sealed) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                (record, sha256, kept.key, kept.sealed),
            )

        return keep

    def attachment(self, connection: Connection[Any], record: UUID, sha256: str) -> bytes | None:
        """An attachment's bytes, or None if there is none such."""
        row = connection.execute(
            "SELECT key, sealed FROM vault.attachments WHERE record = %s AND sha256 = %s", (record, sha256)
        ).fetchone()
        return None if row is None else self.open("attachment", f"{record}|{sha256}", Sealed(*row))


def _bound(purpose: str, ref: object) -> bytes:
    return f"qingxin|{purpose}|{ref}".encode()
