from __future__ import annotations

from typing import Any

from django.utils import timezone

from tantam.accounts.authentication.ending import forget_sessions
from tantam.accounts.errors import (
    EmailTaken,
    NotOneself,
)
from tantam.accounts.events import AccountEvent
from tantam.accounts.models import Member, Practitioner
from tantam.accounts.permissions import Role
from tantam.accounts.queries.authority import check_an_administrator_stays, check_manages
from tantam.journal.operations import nothing_changed, operation, record
from tantam.lib.names import fold


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
    check_manages(actor, member)
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
    check_manages(actor, member)
    if not member.is_active:
        nothing_changed()
        return member
    if member.grants.filter(role=Role.ADMINISTRATOR).exists():
        check_an_administrator_stays(member)
    member.deactivated_at = timezone.now()
    member.save(update_fields=["deactivated_at"])
    forget_sessions(member)
    record(AccountEvent.MEMBER_DEACTIVATED, member, actor=actor)
    return member


@operation
def reactivate(member: Member, *, actor: Member) -> Member:
    """Let a colleague sign in again, with the roles they had. Refuses with WorksElsewhereToo."""
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    check_manages(actor, member)
    if member.is_active:
        nothing_changed()
        return member
    member.deactivated_at = None
    member.save(update_fields=["deactivated_at"])
    record(AccountEvent.MEMBER_REACTIVATED, member, actor=actor)
    return member
