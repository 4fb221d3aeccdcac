"""Patient codes: the organisation's prefix and a running number (`BN-000123`)."""

from __future__ import annotations

import re
from typing import Final

from django.db import connection

from tantam.facility.queries import organisation

DIGITS: Final = 6
_TYPED = re.compile(r"(?P<prefix>[^\W\d_]{0,8})[\s\-._]*0*(?P<number>\d{1,12})")


def prefix() -> str:
    company = organisation()
    return company.patient_code_prefix if company else "BN-"


def take_codes(count: int) -> list[str]:
    """`count` codes nobody has had, in order. A number is never given twice, even when its use is undone.

    Codes which came with imported patients are passed over.
    """
    taken: list[str] = []
    start = prefix()
    with connection.cursor() as cursor:
        while len(taken) < count:
            cursor.execute(
                "SELECT fresh.code FROM (SELECT %s || lpad(n::text, greatest(%s, length(n::text)), '0') AS code, n"
                " FROM (SELECT nextval('patients_code') AS n FROM generate_series(1, %s)) numbers) fresh"
                " WHERE NOT EXISTS (SELECT FROM patients_patient p WHERE p.code = fresh.code) ORDER BY fresh.n",
                [start, DIGITS, count - len(taken)],
            )
            taken += [code for (code,) in cursor.fetchall()]
    return taken


def next_code() -> str:
    return take_codes(1)[0]


def codes_meant(text: str) -> list[str]:
    """The codes a person may mean by `BN-000123`, `bn123`, `bn 123` or `123`; [] when none."""
    typed = text.strip().upper()
    start = prefix()
    match = _TYPED.fullmatch(typed)
    meant: list[str] = []
    if match:
        letters = re.sub(r"[^A-Z]", "", start.upper())
        if match["prefix"] in ("", letters):
            meant.append(f"{start}{int(match['number']):0{DIGITS}d}")
    if typed and typed not in meant and any(character.isdigit() for character in typed) and len(typed) <= 30:
        meant.append(typed)
    return meant
