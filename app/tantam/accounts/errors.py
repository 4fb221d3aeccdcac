from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tantam.lib.errors import Refusal


class InvitationNotOpen(Refusal):
    code = "accounts.invitation-not-open"
    message = _("This link has been used, withdrawn or is too old. Ask for a new invitation.")


class UsernameTaken(Refusal):
    code = "accounts.username-taken"
    message = _("This user name is taken. Choose another.")


class EmailTaken(Refusal):
    code = "accounts.email-taken"
    message = _("Another member already has this email address.")


class NotOneself(Refusal):
    code = "accounts.not-oneself"
    message = _(
        "You cannot end your own access or take away your own administrator role. Ask another administrator."
    )


class LastAdministrator(Refusal):
    code = "accounts.last-administrator"
    message = _("This is the last administrator. Make a colleague administrator first.")


class AlreadySetUp(Refusal):
    code = "accounts.already-set-up"
    message = _("This installation has already been set up. Sign in instead.")


class WorksElsewhereToo(Refusal):
    code = "accounts.works-elsewhere-too"
    message = _(
        "%(member)s also works at a site whose members you do not manage. Take away the roles at your sites instead,"
        " or ask an administrator there."
    )


class MayNotGrant(Refusal):
    code = "accounts.may-not-grant"
    message = _(
        "You may give or take roles only at sites where you manage members, and only roles you may give."
    )


class NoLongerAllowed(Refusal):
    code = "accounts.no-longer-allowed"
    message = _("Your own access has changed meanwhile, so nothing was changed. Sign in again.")


class MayNotCompose(Refusal):
    code = "accounts.may-not-compose"
    message = _(
        "Roles count at every site. Only whoever composes roles at every site may change them, and a role may hold"
        " no more than you may give."
    )


class RoleNameTaken(Refusal):
    code = "accounts.role-name-taken"
    message = _("There is a role of this name already.")


class RoleRetired(Refusal):
    code = "accounts.role-retired"
    message = _("This role has been retired. Compose a new one instead.")
