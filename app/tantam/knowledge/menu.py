from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tantam.accounts.permissions import Permission
from tantam.ui.menu import Group, MenuItem, register

# Agents meet a guide where they need it, beside the call; the list is for those who write them.
register(
    MenuItem(
        Group.CARE,
        _("Conversation guides"),
        "knowledge:guides",
        "book-open-text",
        permission=Permission.GUIDE_EDIT,
        order=60,
        prefix="/knowledge/guides/",
    ),
)
