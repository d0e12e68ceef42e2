"""The vault: personal data and attachments, sealed apart from the events.

Every person and every attachment has a key of its own (AES-256-GCM), wrapped (RFC 3394) by a key derived from the
office's key - one derivation for complainants, another for informants (举报人), a third for attachments.  Destroying a
person's key erases the person; the events, which carry a reference only, stand.
"""

from __future__ import annotations

import base64
import hmac
import os
import unicodedata
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
ALIKE = ("phone", "id_number")
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
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
        self._looking, self._coding, self._drawing, self._cookies = (
            HKDF(SHA256(), 32, salt=None, info=f"qingxin|{purpose}".encode()).derive(office_key)
            for purpose in ("alike", "status", "draw", "cookies")
        )

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

    # Alike, and the complainant's code

    def hashes(self, contact: dict[str, Any]) -> dict[str, bytes]:
        """The keyed hashes (HMAC-SHA-256) by which the same phone or ID number is found again, and nothing is learned."""
        plain = {name: _plain(contact[name]) for name in ALIKE if contact.get(name)}
        return {
            name: hmac.digest(self._looking, f"{name}|{text}".encode(), "sha256")
            for name, text in plain.items()
            if text
        }

    def alike(self, connection: Connection[Any], contact: dict[str, Any]) -> dict[UUID, list[str]]:
        """The records whose person has the same phone or ID number, and which of the two."""
        found: dict[UUID, list[str]] = {}
        for name, digest in self.hashes(contact).items():
            rows = connection.execute("SELECT record FROM vault.hashes WHERE hash = %s AND kind = %s", (digest, name))
            for (record,) in rows.fetchall():
                found.setdefault(record, []).append(name)
        return found

    @staticmethod
    def alike_to(connection: Connection[Any], record: UUID) -> dict[UUID, list[str]]:
        """The records whose person has the same phone or ID number as the person of a record."""
        found: dict[UUID, list[str]] = {}
        rows = connection.execute(
            "SELECT o.record, o.kind FROM vault.hashes h JOIN vault.hashes o ON o.hash = h.hash AND o.kind = h.kind"
            " WHERE h.record = %s AND o.record <> h.record",
            (record,),
        )
        for other, name in rows.fetchall():
            found.setdefault(other, []).append(name)
        return found

    def secret(self, record: UUID) -> bytes:
        """The secret of a draw: fixed by its record and the office's key, and known to no officer before it is drawn."""
        return hmac.digest(self._drawing, record.bytes, "sha256")

    def cookie_key(self) -> bytes:
        """The key under which the counter signs its cookies; the same in every worker."""
        return self._cookies

    def code(self, record: UUID) -> str:
        """The secret code by which a complainant asks what became of a case: fifty bits, without letters that look alike."""
        digest = hmac.digest(self._coding, record.bytes, "sha256")
        number = int.from_bytes(digest[:7], "big")
        return "".join(CODE_ALPHABET[number >> shift & 31] for shift in range(0, 50, 5))

    def code_fits(self, record: UUID, code: str) -> bool:
        """Whether a code is the record's, in time that tells nothing."""
        said = code.strip().upper().replace("-", "").replace("O", "0").replace("I", "1").replace("L", "1")
        return hmac.compare_digest(self.code(record).encode(), said.encode())

    # Persons

    def keep_person(
        self, ref: UUID, record: UUID, standing: str, contact: dict[str, Any]
    ) -> Callable[[Cursor[Any]], None]:
        """What seals a person's data, to be done in the transaction that records it."""
        kept, hashes = self.seal(standing, ref, msgspec.json.encode(contact)), self.hashes(contact)

        def keep(cursor: Cursor[Any]) -> None:
            cursor.execute(
                "INSERT INTO vault.persons (ref, standing, record, key, sealed) VALUES (%s, %s, %s, %s, %s)",
                (ref, standing, record, kept.key, kept.sealed),
            )
            for name, digest in hashes.items():
                cursor.execute(
                    "INSERT INTO vault.hashes (record, kind, hash) VALUES (%s, %s, %s)", (record, name, digest)
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
            cursor.execute(
                "DELETE FROM vault.hashes h USING vault.persons p WHERE p.ref = %s AND h.record = p.record", (ref,)
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


def _plain(text: str) -> str:
    """A number as digits (and the X of an ID), however it was typed; a phone without the country's code."""
    digits = "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isdigit() or c == "X")
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def _bound(purpose: str, ref: object) -> bytes:
    return f"qingxin|{purpose}|{ref}".encode()
