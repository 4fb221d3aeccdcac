"""How looks at this room's pages are called in the list of who looked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tantam.patients.registries.looks import name_look

name_look("consent_evidence", _("Proof of a consent opened"))
