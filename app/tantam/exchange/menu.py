from django.utils.translation import gettext_lazy as _

from tantam.accounts.permissions import Permission
from tantam.ui.menu import Command, Group, MenuItem, register

register(
    MenuItem(
        Group.SETTINGS, _("Import data"), "exchange:runs", "database-zap", permission=Permission.IMPORT_RUN, order=40,
        prefix="/import",
    ),
    Command(_("Import a file"), "exchange:new", "upload", permission=Permission.IMPORT_RUN),
)  # fmt: skip
