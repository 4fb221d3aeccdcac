"""Members, the roles they hold where, how they come in, and the practitioners records speak of."""

from tantam.accounts.models.invitations import Invitation
from tantam.accounts.models.members import NOWHERE, Member, MemberQuerySet, Theme
from tantam.accounts.models.practitioners import Practitioner
from tantam.accounts.models.roles import Grant, RoleGrant

__all__ = ["NOWHERE", "Grant", "Invitation", "Member", "MemberQuerySet", "Practitioner", "RoleGrant", "Theme"]
