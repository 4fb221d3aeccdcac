"""From where a patient was looked at: every page that shows a person has a name the journal keeps (D9)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_looks: dict[str, str | Promise] = {
    "patient_page": _("Patient page"),
    "details": _("Details and contact points"),
    "history": _("History of changes"),
    "identity": _("Identity number shown"),
    "insurance": _("Insurance number shown"),
    "consents": _("Consents"),
    "looks": _("List of who looked"),
    "call": _("Care call"),
    "doctor_day": _("The doctor's day"),
    "encounter": _("Visit"),
    "said": _("What patients said"),
    "bell": _("Notices"),
    "expected": _("Reception's day"),
    "export": _("Copy of the record made"),
}


def name_look(code: str, label: str | Promise) -> None:
    """Say what a page is called on the list of who looked. Called from a room's `apps.ready()`."""
    _looks[code] = label


def look_label(code: str) -> str:
    return str(_looks.get(code, code))


def look_choices() -> list[tuple[str, str]]:
    """Every named page, sorted by its words."""
    return sorted(((code, str(label)) for code, label in _looks.items()), key=lambda pair: pair[1])
