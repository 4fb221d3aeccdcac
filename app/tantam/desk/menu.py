from django.utils.translation import gettext_lazy as _

from tantam.accounts.permissions import Permission
from tantam.ui.menu import Command, Group, MenuItem, Search, register

register(
    MenuItem(Group.TODAY, _("Today"), "desk:home", "house", order=10, prefix="/", key="h", phone=True),
    MenuItem(
        Group.TODAY,
        _("My patients"),
        "desk:doctor-day",
        "stethoscope",
        permission=Permission.BEFORE_ENCOUNTER,
        order=20,
        prefix="/my-patients",
        key="m",
        phone=True,
    ),
    Command(_("All notices"), "desk:bell", "bell"),
    Search("desk:search", permission=Permission.PATIENT_FIND),
)
