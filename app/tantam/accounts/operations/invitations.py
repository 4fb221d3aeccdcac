from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from tantam.accounts.authentication.tokens import INVITATION_LIFE, hash_of, new_token
from tantam.accounts.errors import EmailTaken, InvitationNotOpen
from tantam.accounts.events import AccountEvent
from tantam.accounts.models import Grant, Invitation, Member
from tantam.accounts.queries.authority import check_may_grant, holding_the_house, still_stands
from tantam.journal.operations import nothing_changed, operation, record
from tantam.lib.names import clean_name


@operation
def invite(
    *, full_name: str, email: str, grants: Collection[Grant], submission: UUID | None = None, actor: Member
) -> tuple[Invitation, str]:
    """Make an invitation link for a colleague; answers the invitation and the token, shown this once.

    The same form sent twice makes one invitation: the second time its link is made anew, because whoever pressed
    twice sees only the last page, and the first link stops to work.

    Refuses with EmailTaken, with MayNotGrant when a role is for a site the actor does not manage, with
    InvitationNotOpen when the same form has made an invitation that is no longer open, and with NoLongerAllowed.
    """
    actor = holding_the_house(actor)
    check_may_grant(actor, grants)
    token = new_token()
    sent = Invitation.objects.filter(submission=submission).first() if submission is not None else None
    if sent is not None:
        if not sent.is_open or sent.invited_by_id != actor.pk:
            raise InvitationNotOpen
        sent.token_hash = hash_of(token)
        sent.save(update_fields=["token_hash"])
        nothing_changed()
        return sent, token
    if email and Member.objects.filter(email__iexact=email).exists():
        raise EmailTaken(field="email")
    invitation = Invitation.objects.create(
        token_hash=hash_of(token),
        email=email,
        full_name=clean_name(full_name),
        grants=[[role.key, site.pk] for role, site in grants],
        invited_by=actor,
        submission=submission,
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
    _withdraw(invitation, actor)


@operation
def withdraw_what_no_longer_stands(inviter: Member, *, actor: Member) -> int:
    """Withdraw the open invitations this member made and could no longer make; answers how many."""
    found = Invitation.objects.open().filter(invited_by=inviter).order_by("pk")
    gone = [
        invitation for invitation in found.select_for_update(of=("self",)) if not still_stands(invitation)
    ]
    for invitation in gone:
        _withdraw(invitation, actor)
    if not gone:
        nothing_changed()
    return len(gone)


def _withdraw(invitation: Invitation, actor: Member) -> None:
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    record(AccountEvent.INVITATION_WITHDRAWN, invitation, actor=actor)
