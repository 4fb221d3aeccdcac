from __future__ import annotations

from collections.abc import Collection
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from tantam.accounts.errors import (
    AlreadySetUp,
    EmailTaken,
    InvitationNotOpen,
    LastAdministrator,
    MayNotGrant,
    NotOneself,
    UsernameTaken,
    WorksElsewhereToo,
)
from tantam.accounts.events import AccountEvent
from tantam.accounts.invitations import INVITATION_LIFE, SETUP_LIFE, hash_of, invitation_by_token, new_token
from tantam.accounts.models import Invitation, Member, Practitioner, RoleGrant
from tantam.accounts.permissions import Permission, Role
from tantam.accounts.queries import manages
from tantam.facility.models import Organisation, Site
from tantam.facility.queries import forget_cached
from tantam.journal.operations import nothing_changed, operation, record
from tantam.lib.names import clean_name, fold

Grant = tuple[Role, Site]


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
    invitation = invitation_by_token(token, lock=True)
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
def invite(*, full_name: str, email: str, grants: Collection[Grant], actor: Member) -> tuple[Invitation, str]:
    """Make an invitation link for a colleague; answers the invitation and the token, shown this once.

    Refuses with EmailTaken, and with MayNotGrant when a role is for a site the actor does not manage.
    """
    _check_may_grant(actor, grants)
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


@operation
def accept_invitation(token: str, *, member: Member, password: str, actor: None = None) -> Member:
    """Make the invited person's account. A link works once; two at the same moment make one account."""
    invitation = invitation_by_token(token, lock=True)
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
    _grant(member, grants)
    invitation.accepted_at = timezone.now()
    invitation.accepted_by = member
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record(AccountEvent.MEMBER_JOINED, member, actor=member, invitation=invitation)
    return member


def _grant(member: Member, grants: Collection[Grant]) -> None:
    RoleGrant.objects.bulk_create([RoleGrant(member=member, role=role, site=site) for role, site in grants])
    for role, site in grants:
        if role == Role.DOCTOR:
            Practitioner.objects.get_or_create(
                member=member,
                defaults={"full_name": member.full_name, "name_key": member.name_key, "site": site},
            )


def _check_may_grant(actor: Member, grants: Collection[Grant]) -> None:
    if not all(actor.may(Permission.MEMBERS_MANAGE, site.pk) for _role, site in grants):
        raise MayNotGrant


def _check_may_manage(actor: Member, member: Member) -> None:
    if member.pk != actor.pk and not manages(actor, member):
        raise WorksElsewhereToo(member=member.full_name)


@operation
def change_roles(member: Member, *, grants: Collection[Grant], actor: Member) -> Member:
    """Make `grants` the roles the member holds at the sites the actor manages; other sites stay as they are.

    Refuses with MayNotGrant, NotOneself and LastAdministrator.
    """
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    _check_may_grant(actor, grants)
    managed = set(actor.sites_where(Permission.MEMBERS_MANAGE))
    now_held = {(grant.role, grant.site_id): grant for grant in member.grants.filter(site_id__in=managed)}
    wanted = {(str(role), site.pk): (role, site) for role, site in grants}
    gone = [now_held[key] for key in now_held.keys() - wanted.keys()]
    new = [wanted[key] for key in wanted.keys() - now_held.keys()]
    if not gone and not new:
        nothing_changed()
        return member
    if any(grant.role == Role.ADMINISTRATOR for grant in gone):
        if member.pk == actor.pk:
            raise NotOneself
        _check_an_administrator_stays(member)
    RoleGrant.objects.filter(pk__in=[grant.pk for grant in gone]).delete()
    _grant(member, new)
    record(
        AccountEvent.ROLES_CHANGED,
        member,
        actor=actor,
        given=[f"{role}@{site.pk}" for role, site in new],
        taken=[f"{grant.role}@{grant.site_id}" for grant in gone],
    )
    return member


def _check_an_administrator_stays(leaving: Member) -> None:
    others = Member.objects.active().filter(grants__role=Role.ADMINISTRATOR).exclude(pk=leaving.pk)
    if not others.exists():
        raise LastAdministrator


@operation
def correct_member(member: Member, *, changes: dict[str, Any], actor: Member) -> Member:
    """Correct full name, email, job title or phone of a colleague, or one's own.

    Refuses with EmailTaken, and with WorksElsewhereToo for a colleague with a role at a site the actor does not
    manage.
    """
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    changed = {name: value for name, value in changes.items() if getattr(member, name) != value}
    if not changed:
        nothing_changed()
        return member
    _check_may_manage(actor, member)
    email = changed.get("email")
    if email and Member.objects.filter(email__iexact=email).exclude(pk=member.pk).exists():
        raise EmailTaken(field="email")
    for name, value in changed.items():
        setattr(member, name, value)
    member.name_key = fold(member.full_name)
    member.save(update_fields=[*changed, "name_key"])
    Practitioner.objects.filter(member=member).update(full_name=member.full_name, name_key=member.name_key)
    record(AccountEvent.MEMBER_CORRECTED, member, actor=actor, fields=sorted(changed))
    return member


@operation
def deactivate(member: Member, *, actor: Member) -> Member:
    """End a colleague's access now, on every device. What they did stays theirs in the journal.

    Refuses with NotOneself, WorksElsewhereToo and LastAdministrator.
    """
    if member.pk == actor.pk:
        raise NotOneself
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    _check_may_manage(actor, member)
    if not member.is_active:
        nothing_changed()
        return member
    if member.grants.filter(role=Role.ADMINISTRATOR).exists():
        _check_an_administrator_stays(member)
    member.deactivated_at = timezone.now()
    member.save(update_fields=["deactivated_at"])
    _forget_sessions(member)
    record(AccountEvent.MEMBER_DEACTIVATED, member, actor=actor)
    return member


@operation
def reactivate(member: Member, *, actor: Member) -> Member:
    """Let a colleague sign in again, with the roles they had. Refuses with WorksElsewhereToo."""
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    _check_may_manage(actor, member)
    if member.is_active:
        nothing_changed()
        return member
    member.deactivated_at = None
    member.save(update_fields=["deactivated_at"])
    record(AccountEvent.MEMBER_REACTIVATED, member, actor=actor)
    return member


@operation
def take_on_site(site: Site, *, actor: Member) -> None:
    """Give a site that was just opened its first managers, so that somebody can invite its members.

    Whoever opened it holds there the managing roles they hold elsewhere; when that leaves nobody to manage
    members, every administrator of the organisation does.
    """
    held = frozenset().union(*actor.roles_by_site.values())
    grants = [
        (actor, Role(role)) for role in sorted(held) if Permission.FACILITY_MANAGE in Role(role).permissions
    ]
    if not any(Permission.MEMBERS_MANAGE in role.permissions for _member, role in grants):
        administrators = Member.objects.active().filter(grants__role=Role.ADMINISTRATOR).distinct()
        grants += [(member, Role.ADMINISTRATOR) for member in administrators.order_by("pk")]
    RoleGrant.objects.bulk_create(
        [RoleGrant(member=member, role=role, site=site) for member, role in grants], ignore_conflicts=True
    )
    for member in dict.fromkeys(member for member, _role in grants):
        given = [f"{role}@{site.pk}" for each, role in grants if each == member]
        record(AccountEvent.ROLES_CHANGED, member, actor=actor, given=given, taken=[])
    if not grants:
        nothing_changed()


@operation
def end_sessions(member: Member, *, but: str | None = None, actor: Member) -> int:
    """Sign a colleague, or oneself, out everywhere; answers how many sessions there were.

    `but` is the key of the session that goes on: the one in which somebody ends their others.
    Refuses with WorksElsewhereToo.
    """
    _check_may_manage(actor, member)
    ended = _forget_sessions(member, but=but)
    if not ended and but is not None:
        nothing_changed()
        return 0
    record(AccountEvent.SESSIONS_ENDED, member, actor=actor, sessions=ended, others=but is not None)
    return ended


@operation
def end_session(session: UserSession, *, actor: Member) -> None:
    """Sign a member out on one device, at once. Refuses with WorksElsewhereToo."""
    member = Member.objects.get(pk=session.user_id)
    _check_may_manage(actor, member)
    _forget(UserSession.objects.filter(pk=session.pk))
    record(AccountEvent.SESSION_ENDED, member, actor=actor, session=session.pk)


def _forget_sessions(member: Member, *, but: str | None = None) -> int:
    return _forget(UserSession.objects.filter(user=member).exclude(session_key=but or ""))


def _forget(kept: QuerySet[UserSession]) -> int:
    keys = list(kept.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    kept.delete()
    return len(keys)


@operation
def set_preferences(
    member: Member,
    *,
    language: str | None = None,
    theme: str | None = None,
    site: Site | None = None,
    actor: Member,
) -> Member:
    """Remember how a member likes to work: language, theme, the site they are at."""
    wanted = {"language": language, "theme": theme, "current_site": site}
    changed = {
        name: value for name, value in wanted.items() if value is not None and getattr(member, name) != value
    }
    if not changed:
        nothing_changed()
        return member
    for name, value in changed.items():
        setattr(member, name, value)
    member.save(update_fields=list(changed))
    record(AccountEvent.PREFERENCES_SET, member, actor=actor, fields=sorted(changed))
    return member
