from __future__ import annotations

from allauth.usersessions.models import UserSession

from tantam.accounts.models import Invitation, Member, OwnRole
from tantam.accounts.permissions import Permission
from tantam.lib.errors import NotVisible


def member_for(member: Member, member_id: int) -> Member:
    """A colleague by id, for someone who may see the list of members anywhere, or themselves."""
    if not member.may(Permission.MEMBERS_SEE) and member.pk != member_id:
        raise NotVisible
    found: Member | None = Member.objects.filter(pk=member_id).first()
    if found is None:
        raise NotVisible
    return found


def invitation_for(member: Member, invitation_id: int) -> Invitation:
    """An invitation by id, for someone who manages members at one of its sites."""
    managed = set(member.sites_where(Permission.MEMBERS_MANAGE))
    found = Invitation.objects.filter(pk=invitation_id, is_first_administrator=False).first()
    if found is None or not any(site_id in managed for _role, site_id in found.grants):
        raise NotVisible
    return found


def invitation_by_link(token: str) -> Invitation | None:
    """The open invitation behind a link, for whoever holds the link."""
    return Invitation.objects.by_token(token)


def oneself(member: Member) -> Member:
    """The member's own row, to be written on."""
    row: Member = Member.objects.get(pk=member.pk)
    return row


def role_for(member: Member, role_id: int) -> OwnRole:
    """An own role in use by id, for someone who composes roles at every site."""
    found = OwnRole.objects.in_use().filter(pk=role_id).first()
    if found is None or not member.may_everywhere(Permission.ROLES_COMPOSE):
        raise NotVisible
    return found


def session_of(member: Member, session_id: int) -> UserSession | None:
    """A session of this member; None when it has ended meanwhile, or is another's."""
    found: UserSession | None = UserSession.objects.filter(pk=session_id, user=member).first()
    return found
