from django.utils.translation import gettext_lazy as _

from tantam.accounts.permissions import Permission
from tantam.ui.menu import Group, MenuItem, register

register(
    MenuItem(
        Group.SETTINGS,
        _("Consent texts"),
        "privacy:texts",
        "file-check",
        permission=Permission.CONSENT_TEXTS,
        order=60,
        prefix="/settings/consent-texts",
    ),
)
