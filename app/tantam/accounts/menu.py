from django.utils.translation import gettext_lazy as _

from tantam.accounts.permissions import Permission
from tantam.ui.menu import Command, Group, MenuItem, register

register(
    MenuItem(
        Group.STAFF,
        _("Members"),
        "accounts:members",
        "users",
        permission=Permission.MEMBERS_SEE,
        order=10,
        prefix="/members",
    ),
    Command(
        _("Invite a colleague"), "accounts:invitation-new", "user-plus", permission=Permission.MEMBERS_MANAGE
    ),
    Command(_("Compose a role"), "accounts:role-new", "id-card", permission=Permission.ROLES_COMPOSE),
    Command(_("My account and security"), "accounts:profile", "shield-check", permission=None),
)
