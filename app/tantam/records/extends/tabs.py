from django.utils.translation import gettext_lazy as _

from tantam.accounts.permissions import Permission
from tantam.patients.registries.tabs import PatientTab, register_tab

register_tab(PatientTab("allergies", _("Allergies"), "records:allergies", Permission.RECORD_SEE, 30))
