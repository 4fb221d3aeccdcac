"""What a look at a record is called in the journal (D9)."""

from django.utils.translation import gettext_lazy as _

from tantam.patients.registries.looks import name_look

name_look("encounter_print", _("Visit printed"))
name_look("slip", _("Examination slip"))
name_look("allergies", _("Allergies"))
name_look("reexamination", _("Re-examination date"))
name_look("timeline", _("Timeline"))
