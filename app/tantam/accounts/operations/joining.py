from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils import timezone

from tantam.accounts.authentication.tokens import SETUP_LIFE, hash_of, new_token
from tantam.accounts.errors import (
    AlreadySetUp,
    EmailTaken,
    InvitationNotOpen,
    UsernameTaken,
)
from tantam.accounts.events import AccountEvent
from tantam.accounts.models import Grant, Invitation, Member, RoleGrant
from tantam.accounts.permissions import Role
from tantam.facility.models import Organisation, Site
from tantam.facility.queries import forget_cached
from tantam.journal.operations import operation, record
from tantam.lib.names import clean_name, fold


def make_setup_token() -> str:
    """A one-time link's token for the first administrator (24 hours). Refuses with AlreadySetUp."""
    if Member.objects.exists():
        raise AlreadySetUp
    token = new_token()
    Invitation.objects.create(
        token_hash=hash_of(token),
        full_name="",
        is_first_administrator=True,
        expires_at=timezone.now() + SETUP_LIFE,
    )
    return token


@operation
def set_up_organisation(
    token: str, *, organisation: Organisation, site: Site, member: Member, password: str, actor: None = None
) -> Member:
    """Create the organisation, its first site and its first administrator from the set-up link, once."""
    invitation = Invitation.objects.by_token(token, lock=True)
    if invitation is None or not invitation.is_first_administrator:
        raise InvitationNotOpen
    if Member.objects.exists():
        raise AlreadySetUp
    organisation.pk = 1
    organisation.save(force_insert=True)
    site.save(force_insert=True)
    forget_cached()
    _join(invitation, member, password, [(Role.ADMINISTRATOR, site), (Role.MANAGER, site)])
    record(AccountEvent.ORGANISATION_SET_UP, organisation, actor=member, site=site)
    return member


@operation
def accept_invitation(token: str, *, member: Member, password: str, actor: None = None) -> Member:
    """Make the invited person's account. A link works once; two at the same moment make one account."""
    invitation = Invitation.objects.by_token(token, lock=True)
    if invitation is None or invitation.is_first_administrator:
        raise InvitationNotOpen
    sites = Site.objects.in_bulk([site_id for _role, site_id in invitation.grants])
    grants = [(Role(role), sites[site_id]) for role, site_id in invitation.grants if site_id in sites]
    return _join(invitation, member, password, grants)


def _join(invitation: Invitation, member: Member, password: str, grants: Collection[Grant]) -> Member:
    if Member.objects.filter(username__iexact=member.username).exists():
        raise UsernameTaken(field="username")
    if member.email and Member.objects.filter(email__iexact=member.email).exists():
        raise EmailTaken(field="email")
    member.full_name = clean_name(member.full_name)
    member.name_key = fold(member.full_name)
    member.set_password(password)
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError:
        # Somebody took the name or the address between the question above and now.
        raise UsernameTaken(field="username") from None
    RoleGrant.objects.give(member, grants)
    invitation.accepted_at = timezone.now()
    invitation.accepted_by = member
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record(AccountEvent.MEMBER_JOINED, member, actor=member, invitation=invitation)
    return member
