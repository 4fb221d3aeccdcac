"""Members, the roles they hold where, how they come in, and the practitioners records speak of."""

from tantam.accounts.models.invitations import Invitation
from tantam.accounts.models.members import NOWHERE, Held, Member, MemberQuerySet, Theme
from tantam.accounts.models.practitioners import Practitioner
from tantam.accounts.models.roles import AnyRole, Grant, OwnRole, RoleGrant

__all__ = [
    "NOWHERE",
    "AnyRole",
    "Grant",
    "Held",
    "Invitation",
    "Member",
    "MemberQuerySet",
    "OwnRole",
    "Practitioner",
    "RoleGrant",
    "Theme",
]
