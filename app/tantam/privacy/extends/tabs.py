"""The tabs of a patient's page this room adds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tantam.accounts.permissions import Permission
from tantam.patients.registries.tabs import PatientTab, register_tab

register_tab(PatientTab("consents", _("Consents"), "privacy:consents", Permission.PATIENT_FIND, 60))
register_tab(PatientTab("looks", _("Who looked"), "privacy:looks", Permission.LOOKS_SEE, 90))
