"""Where a member is signed in: one's own devices, and a colleague's for those who manage members."""

from __future__ import annotations

from typing import cast

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tantam.accounts import access
from tantam.accounts.door import StaffRequest, requires, signed_in
from tantam.accounts.operations.sessions import end_session, end_sessions
from tantam.accounts.permissions import Permission
from tantam.accounts.queries.sessions import open_sessions
from tantam.ui.refusals import refusals_shown_on


@signed_in
@require_GET
def sessions(request: StaffRequest) -> HttpResponse:
    """Every device one is signed in on; each can be signed out by itself, or all others at once."""
    key = request.session.session_key
    if not UserSession.objects.filter(session_key=key).exists():
        UserSession.objects.create_from_request(request)
    rows = open_sessions(request.member, this_key=key)
    return render(request, "accounts/sessions.html", {"sessions": rows, "others": len(rows) - 1})


@signed_in
@require_POST
def session_ending(request: StaffRequest, session_id: int) -> HttpResponse:
    """Sign oneself out on one other device. Asked again, or from two tabs, it stays so."""
    _end(request, access.session_of(request.member, session_id))
    return cast(HttpResponse, redirect("accounts:sessions"))


@signed_in
@require_POST
def other_sessions_ending(request: StaffRequest) -> HttpResponse:
    """Sign oneself out on every device but this one."""
    if end_sessions(request.member, but=request.session.session_key, actor=request.member):
        messages.success(request, _("Signed out on every other device."))
    else:
        messages.info(request, _("You are signed in on no other device."))
    return cast(HttpResponse, redirect("accounts:sessions"))


@requires(Permission.MEMBERS_MANAGE, anywhere=True)
@require_POST
def member_session_ending(request: StaffRequest, member_id: int, session_id: int) -> HttpResponse:
    """Sign a colleague out on one device."""
    colleague = access.member_for(request.member, member_id)
    _end(request, access.session_of(colleague, session_id))
    return cast(HttpResponse, redirect("accounts:member", member_id=colleague.pk))


def _end(request: StaffRequest, session: UserSession | None) -> None:
    if session is None:
        messages.info(request, _("This device was signed out already."))
        return
    with refusals_shown_on(request):
        end_session(session, actor=request.member)
        messages.success(request, _("Signed out on this device."))
