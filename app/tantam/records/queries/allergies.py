"""A patient's allergies in the order in which they matter (B7)."""

from __future__ import annotations

from collections.abc import Collection

from tantam.accounts.models import Member
from tantam.records.models import Allergy
from tantam.records.queries.lines import AllergyLine


def allergies_of(patient_id: int, member: Member) -> list[Allergy]:
    """All of them as far as the member may see, those that warn first, with who noted each."""
    mine = Allergy.objects.visible_to(member).filter(patient=patient_id)
    return list(mine.select_related("noted_by").gravest_first())


def warning_allergies(patient_ids: Collection[int]) -> dict[int, list[AllergyLine]]:
    """Those that warn, by patient, the severe ones first: whoever may see records is warned at every site."""
    found: dict[int, list[AllergyLine]] = {}
    for row in Allergy.objects.warning().filter(patient__in=patient_ids).gravest_first():
        found.setdefault(row.patient_id, []).append(AllergyLine.of(row))
    return found
