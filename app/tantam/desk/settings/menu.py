from django.utils.translation import gettext_lazy as _

from tantam.accounts.permissions import Permission
from tantam.ui.menu import Group, MenuItem, register

register(
    MenuItem(
        Group.SETTINGS,
        _("Organisation"),
        "facility:organisation",
        "building-2",
        permission=Permission.FACILITY_MANAGE,
        order=10,
        prefix="/settings/organisation",
    ),
    MenuItem(
        Group.SETTINGS,
        _("Sites and hours"),
        "facility:sites",
        "map-pin",
        permission=Permission.FACILITY_MANAGE,
        order=20,
        prefix="/settings/sites",
    ),
    MenuItem(
        Group.SETTINGS,
        _("Holidays"),
        "facility:holidays",
        "calendar-off",
        permission=Permission.FACILITY_MANAGE,
        order=30,
        prefix="/settings/holidays",
    ),
    MenuItem(
        Group.SETTINGS,
        _("Journal"),
        "facility:journal",
        "scroll-text",
        permission=Permission.JOURNAL_READ,
        order=90,
        prefix="/journal",
    ),
)
