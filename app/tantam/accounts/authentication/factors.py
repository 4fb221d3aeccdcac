"""What allauth tells when a second step comes, goes, or is given wrongly. A library speaks by signals; we do not."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from tantam.accounts.authentication.where import where_of
from tantam.accounts.models import Member
from tantam.accounts.operations.signing_in import note_factor_change, note_failed_sign_in


def listen() -> None:
    """Hear of every change to the members' second steps from now on."""
    signals.authenticator_added.connect(_added, dispatch_uid="tantam.accounts.added")
    signals.authenticator_reset.connect(_added, dispatch_uid="tantam.accounts.reset")
    signals.authenticator_removed.connect(_removed, dispatch_uid="tantam.accounts.removed")
    signals.authentication_failed.connect(_failed, dispatch_uid="tantam.accounts.failed")


def _added(request: HttpRequest, user: Member, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        # Who has just set it up has just used it.
        record_authentication(request, user, method="mfa", id=authenticator.pk, type=authenticator.type)
    _note(request, user, authenticator, is_added=True)


def _removed(request: HttpRequest, user: Member, authenticator: Authenticator, **kwargs: Any) -> None:
    _note(request, user, authenticator, is_added=False)


def _note(request: HttpRequest, user: Member, authenticator: Authenticator, *, is_added: bool) -> None:
    note_factor_change(
        user,
        kind=str(authenticator.type),
        is_added=is_added,
        session_key=request.session.session_key,
        where=where_of(request),
        actor=user,
    )


def _failed(request: HttpRequest, user: Member, **kwargs: Any) -> None:
    note_failed_sign_in(user, reason="second-step", where=where_of(request))
