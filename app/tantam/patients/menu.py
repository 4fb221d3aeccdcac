from django.utils.translation import gettext_lazy as _

from tantam.accounts.permissions import Permission
from tantam.ui.menu import Group, MenuItem, QuickAdd, register

register(
    MenuItem(
        Group.PATIENTS,
        _("Patients"),
        "patients:find",
        "users",
        permission=Permission.PATIENT_FIND,
        order=10,
        prefix="/patients",
        key="p",
        phone=True,
    ),
    QuickAdd(
        _("Patient"), "patients:register", "user-plus", permission=Permission.PATIENT_REGISTER, order=10
    ),
)
