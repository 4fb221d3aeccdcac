"""Where a patient's pages are. The patient page itself belongs to a room above, and may not be there."""

from __future__ import annotations

from functools import lru_cache

from django.urls import NoReverseMatch, reverse


@lru_cache(maxsize=1)
def _pattern() -> str:
    try:
        return reverse("desk:patient", args=[0])
    except NoReverseMatch:
        return reverse("patients:details", args=[0])


def patient_url(patient_id: int) -> str:
    """The address of the patient page."""
    return _pattern().replace("/0/", f"/{patient_id}/")
