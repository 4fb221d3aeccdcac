from django.utils.translation import gettext_lazy as _

from tantam.accounts.permissions import Permission
from tantam.patients.registries.tabs import PatientTab, register_tab

register_tab(PatientTab("patient", _("Overview"), "desk:patient", Permission.PATIENT_FIND, 10))
register_tab(PatientTab("timeline", _("Timeline"), "desk:timeline", Permission.PATIENT_FIND, 20))
