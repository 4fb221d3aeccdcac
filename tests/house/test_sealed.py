"""Sealed columns are bound to their own name, and nothing that is sealed leaves a plain digest behind."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.apps import apps

import tantam
from tantam.lib.fields import _EncryptedField

CODE = Path(tantam.__file__).parent

# Where a hash without a key may be taken, and why nothing sealed can be guessed from it.
PLAIN_DIGESTS = {
    "lib/crypto.py": "the keyed digests themselves",
    "lib/scans.py": "the checksum inside a PNG picture",
    "accounts/authentication/tokens.py": "of a token of 256 bits of chance",
    "journal/models/seals.py": "of what the journal says, which holds ids and codes; the seal over it is keyed",
    "journal/rules/chain.py": "the same, before the key",
    "exchange/engine/reading.py": "of a whole file, to know it again",
    "exchange/engine/sheets/columns.py": "of a sheet's headings, which name nobody",
    "privacy/operations/consents.py": "of a whole scan: proof that it is the one that was signed",
    "privacy/operations/texts.py": "of words that hang in the waiting room",
    "launch/preparation.py": "of our own code",
    "launch/places.py": "of our own code",
    "demo/tables.py": "of people who do not exist",
}
_IN_SQL = re.compile(r"\b(md5|sha(224|256|384|512)|digest|hmac|hashtext(extended)?)\s*\(", re.IGNORECASE)
_HASHING = {"hashlib", "crc32", "adler32", "md5"}


def _sealed_columns():
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, _EncryptedField):
                yield model, field


def test_every_sealed_column_is_bound_to_itself_alone():
    """Bytes copied from one column into another must not open there."""
    columns = defaultdict(set)
    for model, field in _sealed_columns():
        kept_of = getattr(model, "pgh_tracked_model", model)
        columns[field.sealed_for].add(f"{kept_of._meta.label_lower}.{field.name}")

    assert columns
    assert b"" not in columns
    assert {context: names for context, names in columns.items() if len(names) > 1} == {}


def test_kept_history_opens_what_its_trigger_copied():
    twins = [(model, field) for model, field in _sealed_columns() if hasattr(model, "pgh_tracked_model")]

    assert twins
    for model, field in twins:
        tracked = model.pgh_tracked_model._meta.get_field(field.name)
        assert field.sealed_for == tracked.sealed_for, f"{model.__name__}.{field.name}"


def _hashes_without_a_key(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & _HASHING
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} & _HASHING | {alias.name for alias in node.names} & _HASHING
        elif isinstance(node, ast.Attribute) and node.attr in {"crc32", "adler32"}:
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _IN_SQL.search(node.value):
            found.add(node.value)
    return found


def test_no_plain_digest_is_taken_where_it_is_not_listed():
    """A digest of a phone number gives the number back in seconds; `lib.crypto.keyed_digest` does not."""
    taken = {
        path.relative_to(CODE).as_posix()
        for path in CODE.rglob("*.py")
        if not {"migrations", "tests"} & set(path.parts) and _hashes_without_a_key(path.read_text())
    }

    assert taken - set(PLAIN_DIGESTS) == set()


@pytest.mark.parametrize(
    "source",
    ["import hashlib", "from hashlib import blake2b", "from zlib import crc32", "import zlib\nzlib.crc32(b'')",
     "sql = 'SELECT md5(value) FROM x'"],
)  # fmt: skip
def test_a_planted_digest_is_found(source):
    assert _hashes_without_a_key(source)
