from __future__ import annotations

from allauth.usersessions.models import UserSession

from tantam.accounts.authentication.ending import forget, forget_sessions
from tantam.accounts.events import AccountEvent
from tantam.accounts.models import Member
from tantam.accounts.queries.authority import check_manages
from tantam.journal.operations import nothing_changed, operation, record


@operation
def end_sessions(member: Member, *, but: str | None = None, actor: Member) -> int:
    """Sign a colleague, or oneself, out everywhere; answers how many sessions there were.

    `but` is the key of the session that goes on: the one in which somebody ends their others.
    Refuses with WorksElsewhereToo.
    """
    check_manages(actor, member)
    ended = forget_sessions(member, but=but)
    if not ended and but is not None:
        nothing_changed()
        return 0
    record(AccountEvent.SESSIONS_ENDED, member, actor=actor, sessions=ended, others=but is not None)
    return ended


@operation
def end_session(session: UserSession, *, actor: Member) -> None:
    """Sign a member out on one device, at once. Refuses with WorksElsewhereToo."""
    member = Member.objects.get(pk=session.user_id)
    check_manages(actor, member)
    forget(UserSession.objects.filter(pk=session.pk))
    record(AccountEvent.SESSION_ENDED, member, actor=actor, session=session.pk)
