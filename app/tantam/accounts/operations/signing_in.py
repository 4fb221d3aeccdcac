from __future__ import annotations

from collections.abc import Collection

from tantam.accounts.authentication.ending import forget_sessions
from tantam.accounts.authentication.where import Where
from tantam.accounts.events import AccountEvent
from tantam.accounts.models import Member
from tantam.facility.models import Organisation
from tantam.journal.operations import nothing_changed, operation, record


@operation
def note_sign_in(
    member: Member, *, methods: Collection[str], where: Where, known_device: bool, actor: Member
) -> None:
    """Write down that a member has come in, how, and from where."""
    record(
        AccountEvent.SIGNED_IN,
        member,
        actor=actor,
        methods=sorted(methods),
        address=where.address,
        device=where.device,
        known_device=known_device,
    )


@operation
def note_failed_sign_in(member: Member | None, *, reason: str, where: Where, actor: None = None) -> None:
    """Write down that a sign-in failed (`password`, `second-step` or `too-many`).

    What was typed is not kept: often it is a password in the wrong field. A name nobody has is written as a failure
    at the organisation; before set-up there is nothing to get into, and nothing is written.
    """
    subject = member if member is not None else Organisation.objects.first()
    if subject is None:
        nothing_changed()
        return
    record(
        AccountEvent.SIGN_IN_FAILED,
        subject,
        actor=actor,
        reason=reason,
        address=where.address,
        device=where.device,
    )


@operation
def note_sign_out(member: Member, *, reason: str, where: Where, actor: Member) -> None:
    """Write down that a member has left this device: `asked`, or `idle` when nobody had used it for too long."""
    record(
        AccountEvent.SIGNED_OUT,
        member,
        actor=actor,
        reason=reason,
        address=where.address,
        device=where.device,
    )


@operation
def note_reset_asked(member: Member, *, is_mailed: bool, where: Where, actor: None = None) -> None:
    """Write down that somebody asked for a link to a new password, and whether it could be sent."""
    record(
        AccountEvent.PASSWORD_RESET_ASKED,
        member,
        actor=actor,
        mailed=is_mailed,
        address=where.address,
        device=where.device,
    )


@operation
def change_password(member: Member, *, password: str, where: Where, actor: Member) -> None:
    """Give a member a new password. Sessions opened with the old one end, on every device."""
    member.set_password(password)
    member.save(update_fields=["password"])
    ended = forget_sessions(member)
    record(
        AccountEvent.PASSWORD_CHANGED,
        member,
        actor=actor,
        sessions=ended,
        address=where.address,
        device=where.device,
    )


@operation
def note_factor_change(
    member: Member, *, kind: str, is_added: bool, session_key: str | None, where: Where, actor: Member
) -> None:
    """Write down that a second step came or went, and sign the member out everywhere but in this session.

    Another session was let in on other terms: if it is a thief's, it ends here.
    """
    ended = forget_sessions(member, but=session_key)
    record(
        AccountEvent.FACTOR_ADDED if is_added else AccountEvent.FACTOR_REMOVED,
        member,
        actor=actor,
        kind=kind,
        sessions=ended,
        address=where.address,
        device=where.device,
    )


@operation
def note_refusal(member: Member, *, page: str, reason: str, where: Where, actor: Member) -> None:
    """Write down that a member asked for what is not theirs: a page (`forbidden`) or a row (`not-visible`)."""
    record(
        AccountEvent.REQUEST_REFUSED,
        member,
        actor=actor,
        page=page,
        reason=reason,
        address=where.address,
        device=where.device,
    )
