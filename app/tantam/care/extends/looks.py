"""How the pages of care are called where it is shown who looked at a patient."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tantam.patients.registries.looks import name_look

name_look("question", _("Question to answer"))
name_look("care_task", _("Care contact assigned or closed"))
name_look("message", _("Message to the patient"))
