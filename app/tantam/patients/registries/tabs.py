"""The pages about one patient, side by side. Rooms add theirs from `apps.ready()`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tantam.accounts.permissions import Permission


@dataclass(frozen=True, slots=True)
class PatientTab:
    """A page about a patient; its URL takes the patient's id."""

    key: str
    label: str | Promise
    url_name: str
    permission: str
    order: int


_tabs: dict[str, PatientTab] = {}


def register_tab(tab: PatientTab) -> None:
    """Registering the same key again replaces it."""
    _tabs[tab.key] = tab


def patient_tabs(patient_id: int, permissions: Collection[str]) -> list[dict[str, Any]]:
    """What `<c-tabs>` takes: the pages about this patient which someone with these permissions may open."""
    items = []
    for tab in sorted(_tabs.values(), key=lambda tab: tab.order):
        if tab.permission not in permissions:
            continue
        try:
            url = reverse(tab.url_name, args=[patient_id])
        except NoReverseMatch:
            continue
        items.append({"key": tab.key, "label": tab.label, "url": url})
    return items


register_tab(PatientTab("details", _("Details"), "patients:details", Permission.PATIENT_FIND, 40))
register_tab(PatientTab("history", _("Changes"), "patients:history", Permission.PATIENT_FIND, 80))
