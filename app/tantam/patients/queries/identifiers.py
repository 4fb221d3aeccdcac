"""Who is meant by a number, in whichever code space it is; and every number a patient has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from tantam.patients.models import Identifier, Patient
from tantam.patients.models.identifier import IDENTITY_NUMBER, INSURANCE_NUMBER, OWN_CODE
from tantam.patients.rules.keys import clean_identifier, identifier_index, identity_index, insurance_index


@dataclass(frozen=True, slots=True)
class KnownAs:
    """A number of a patient, and whose it is, in words."""

    label: str
    value: str
    is_current: bool
    identifier: Identifier


_ACTIVE: Final = "SELECT {column}, id FROM patients_patient WHERE {column} = ANY(%s) AND status = 'active'"
_CODES: Final = "SELECT code, id FROM patients_patient WHERE code = ANY(%s)"
_SPACE: Final = (
    "SELECT value_index, patient_id FROM patients_identifier"
    " WHERE value_index = ANY(%s) AND system = %s AND valid_until IS NULL"
)


def patients_identified(system: str, values: Iterable[str]) -> dict[str, int]:
    """Which patient each value means in its code space: {value as given: patient id}. One statement.

    Values nobody has are left out. Identity and insurance numbers come as the readers of `tantam.lib.identity` give
    them and are asked of active patients; an insurance number that two of them have means nobody. Thousands may be
    asked at once.
    """
    wanted = list(dict.fromkeys(values))
    if system == OWN_CODE:
        found = _pairs(_CODES, wanted)
        return {value: found[value] for value in wanted if value in found}
    keys = _keys(system, wanted)
    if not keys:
        return {}
    asked = list(keys.values())
    if system in (IDENTITY_NUMBER, INSURANCE_NUMBER):
        column = "identity_index" if system == IDENTITY_NUMBER else "insurance_index"
        owners = _pairs(_ACTIVE.format(column=column), asked)
    else:
        owners = _pairs(_SPACE, asked, system)
    return {value: owners[key] for value, key in keys.items() if key in owners}


def _keys(system: str, values: list[str]) -> Mapping[str, int]:
    if system in (IDENTITY_NUMBER, INSURANCE_NUMBER):
        index = identity_index if system == IDENTITY_NUMBER else insurance_index
        return {value: key for value in values if (key := index(value)) is not None}
    return {value: identifier_index(code) for value in values if (code := clean_identifier(value))}


def _pairs(statement: str, *parameters: Any) -> dict[object, int]:
    """What each row names and whose it is; what names two people names nobody."""
    found: dict[object, int] = {}
    twice: set[object] = set()
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for key, patient_id in cursor.fetchall():
            if found.setdefault(key, patient_id) != patient_id:
                twice.add(key)
    return {key: patient_id for key, patient_id in found.items() if key not in twice}


def identifiers_of(patient: Patient) -> list[KnownAs]:
    """What other systems call the patient, the current numbers first."""
    rows = Identifier.objects.filter(patient=patient).order_by("-valid_until", "id")
    return [
        KnownAs(row.label or _("Another system"), row.value, row.valid_until is None, row) for row in rows
    ]
