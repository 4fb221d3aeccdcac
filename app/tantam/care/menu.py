from django.utils.translation import gettext_lazy as _

from tantam.accounts.permissions import Permission
from tantam.ui.menu import Command, Group, MenuItem, register

register(
    MenuItem(
        Group.CARE,
        _("Care calls"),
        "care:work-list",
        "phone-call",
        permission=Permission.CARE_SEE,
        order=10,
        prefix="/care/",
        key="c",
        phone=True,
    ),
    MenuItem(
        Group.CARE,
        _("Care rules"),
        "care:rules",
        "calendar-cog",
        permission=Permission.CARE_RULES,
        order=30,
        prefix="/care/rules/",
    ),
    MenuItem(
        Group.REPORTS,
        _("Care dashboard"),
        "care:dashboard",
        "chart-line",
        permission=Permission.CARE_REPORT,
        order=10,
        prefix="/care/dashboard/",
    ),
    Command(_("New care rule"), "care:rule-new", "plus", permission=Permission.CARE_RULES),
)
