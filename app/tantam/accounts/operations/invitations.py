from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from tantam.accounts.authentication.tokens import INVITATION_LIFE, hash_of, new_token
from tantam.accounts.errors import (
    EmailTaken,
    InvitationNotOpen,
)
from tantam.accounts.events import AccountEvent
from tantam.accounts.models import Grant, Invitation, Member
from tantam.accounts.queries.authority import check_may_grant
from tantam.journal.operations import operation, record
from tantam.lib.names import clean_name


@operation
def invite(*, full_name: str, email: str, grants: Collection[Grant], actor: Member) -> tuple[Invitation, str]:
    """Make an invitation link for a colleague; answers the invitation and the token, shown this once.

    Refuses with EmailTaken, and with MayNotGrant when a role is for a site the actor does not manage.
    """
    check_may_grant(actor, grants)
    if email and Member.objects.filter(email__iexact=email).exists():
        raise EmailTaken(field="email")
    token = new_token()
    invitation = Invitation.objects.create(
        token_hash=hash_of(token),
        email=email,
        full_name=clean_name(full_name),
        grants=[[str(role), site.pk] for role, site in grants],
        invited_by=actor,
        expires_at=timezone.now() + INVITATION_LIFE,
    )
    record(AccountEvent.MEMBER_INVITED, invitation, actor=actor, grants=invitation.grants)
    return invitation, token


@operation
def withdraw_invitation(invitation: Invitation, *, actor: Member) -> None:
    """Make an invitation link useless. Refuses with InvitationNotOpen when it already is."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not invitation.is_open:
        raise InvitationNotOpen
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    record(AccountEvent.INVITATION_WITHDRAWN, invitation, actor=actor)
