from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tantam.accounts.door import public
from tantam.accounts.forms.joining import JoinForm, SetUpForm
from tantam.accounts.models import Invitation, Member
from tantam.accounts.operations.joining import accept_invitation, set_up_organisation
from tantam.accounts.views.roles import described
from tantam.facility.queries import organisation
from tantam.ui.refusals import refusals_shown_on


def _sign_in(request: HttpRequest, member: Member) -> None:
    login(request, member, backend=settings.AUTHENTICATION_BACKENDS[0])
    # They have just chosen the password, so the second step can be set up without asking for it again.
    record_authentication(request, member, method="password", reauthenticated=True)


@public
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time page that makes the organisation, its first site and its first administrator."""
    invitation = Invitation.objects.by_token(token)
    if invitation is None or not invitation.is_first_administrator or organisation() is not None:
        return render(request, "accounts/link_not_open.html", status=410)
    form = SetUpForm(request.POST or None)
    if form.is_valid():
        with refusals_shown_on(form):
            member = set_up_organisation(
                token,
                organisation=form.organisation(),
                site=form.site(),
                member=form.member(),
                password=form.cleaned_data["password"],
                actor=None,
            )
            _sign_in(request, member)
            return redirect("mfa_activate_totp")
    status = 422 if form.errors else 200
    return render(request, "accounts/set_up.html", {"form": form}, status=status)


@public
def join(request: HttpRequest, token: str) -> HttpResponse:
    """An invited colleague makes their own account."""
    invitation = Invitation.objects.by_token(token)
    if invitation is None or invitation.is_first_administrator:
        return render(request, "accounts/link_not_open.html", status=410)
    initial = {"full_name": invitation.full_name, "email": invitation.email}
    form = JoinForm(request.POST or None, initial=initial)
    if form.is_valid():
        with refusals_shown_on(form):
            member = accept_invitation(
                token, member=form.member(), password=form.cleaned_data["password"], actor=None
            )
            _sign_in(request, member)
            return redirect("/")
    status = 422 if form.errors else 200
    context = {"form": form, "invitation": invitation, "roles": described(invitation)}
    return render(request, "accounts/join.html", context, status=status)
