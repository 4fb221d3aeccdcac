"""Everything sealed, sealed anew with the current key, batch by batch, while people work."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pgtrigger
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, models, transaction

from tantam.lib.crypto import CannotOpen, KeyRing, default_keyring
from tantam.lib.fields import EncryptedJSONField, EncryptedTextField
from tantam.privacy.models import ConsentEvidence

AT_ONCE: Final = 500
SCANS_AT_ONCE: Final = 5
_SECRETS: Final = b"accounts.authenticator"


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed bytes, and what its values are bound to."""

    model: type[models.Model]
    column: str
    context: bytes
    at_once: int = AT_ONCE

    @property
    def name(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"


def sealed_columns() -> Iterator[SealedColumn]:
    """Every sealed column of every room and of its kept history, and the scans."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField | EncryptedJSONField):
                yield SealedColumn(model, str(field.column), field.sealed_for)
    yield SealedColumn(ConsentEvidence, "sealed", ConsentEvidence.SEALED_FOR, SCANS_AT_ONCE)


def reseal(
    column: SealedColumn, *, pause: float = 0.0, said: Callable[[int], None] = lambda count: None
) -> int:
    """Seal every value of a column that has another key with the current one; answers how many.

    A batch is one short transaction. A row that somebody changes meanwhile keeps what they wrote; a run that was
    stopped goes on where values with an older key are left. No history is made of it: nothing was changed.
    """
    table, name = column.model._meta.db_table, column.column
    key = column.model._meta.pk.column
    ring, place, done = default_keyring(), None, 0
    while True:
        with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
            header = ring.header
            cursor.execute(
                f'''SELECT "{key}", "{name}" FROM "{table}"
                    WHERE octet_length("{name}") > 0 AND substring("{name}" FROM 1 FOR %s) <> %s
                      AND (%s::bigint IS NULL OR "{key}" > %s) ORDER BY "{key}" LIMIT %s''',
                [len(header), header, place, place, column.at_once],
            )
            rows = cursor.fetchall()
            if not rows:
                return done
            anew = [_anew(ring, bytes(old), column.context) for _, old in rows]
            cursor.execute(
                f'''UPDATE "{table}" SET "{name}" = given.anew
                    FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS given(pk, old, anew)
                    WHERE "{table}"."{key}" = given.pk AND "{table}"."{name}" = given.old''',
                [[pk for pk, _ in rows], [bytes(old) for _, old in rows], anew],
            )
            done += cursor.rowcount
            place = rows[-1][0]
        said(done)
        time.sleep(pause)


def reseal_authenticators() -> int:
    """The same for the secrets of second steps, which lie in a column of the library that checks them."""
    ring, done = default_keyring(), 0
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is None:
                continue
            fresh = {name: _secret_anew(ring, value) for name, value in row.data.items()}
            if fresh != row.data:
                row.data = fresh
                row.save(update_fields=["data"])
                done += 1
    return done


def _anew(ring: KeyRing, old: bytes, context: bytes) -> bytes:
    return ring.encrypt(ring.decrypt_bytes(old, context=context), context=context)


def _secret_anew(ring: KeyRing, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        sealed = bytes.fromhex(value)
        if ring.is_sealed_with_current_key(sealed):
            return value
        return _anew(ring, sealed, _SECRETS).hex()
    except (ValueError, CannotOpen):
        return value
