"""How looks at this room's pages are called in the list of who looked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tantam.patients.registries.looks import name_look

name_look("personal_data", _("Everything kept about the patient"))
name_look("consent_evidence", _("Proof of a consent opened"))
name_look("search", _("Shown in a search"))
name_look("work-list", _("Shown in the care list"))
name_look("recent", _("Shown among those looked at last"))
name_look("bell", _("Shown in the bell"))
name_look("rule-preview", _("Shown as reached by a care rule"))
name_look("import", _("Shown in an import"))
name_look("likely", _("Shown as a likely duplicate"))
