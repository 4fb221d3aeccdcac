from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tantam.accounts import access
from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.forms.members import GrantsForm, InvitationForm
from tantam.accounts.operations.invitations import invite, withdraw_invitation
from tantam.accounts.permissions import Permission
from tantam.accounts.views.roles import described, managed_sites
from tantam.ui.refusals import refusals_shown_on


@requires(Permission.MEMBERS_MANAGE, anywhere=True)
def invitation_new(request: StaffRequest) -> HttpResponse:
    """Invite a colleague: a name, perhaps an email, roles per site; the link is shown once."""
    sites = managed_sites(request.member)
    form = InvitationForm(request.POST or None)
    grants = GrantsForm(request.POST or None, sites=sites)
    if form.is_valid() and grants.is_valid():
        if not grants.grants():
            form.add_error(None, _("Choose at least one role, so that your colleague can do something here."))
        else:
            with refusals_shown_on(form):
                invitation, token = invite(**form.cleaned_data, grants=grants.grants(), actor=request.member)
                link = request.build_absolute_uri(reverse("accounts:join", args=[token]))
                context = {"invitation": invitation, "link": link, "roles": described(invitation)}
                return render(request, "accounts/invitation_made.html", context)
    status = 422 if form.errors else 200
    return render(request, "accounts/invitation_new.html", {"form": form, "grants": grants}, status=status)


@requires(Permission.MEMBERS_MANAGE, anywhere=True)
@require_POST
def invitation_withdrawal(request: StaffRequest, invitation_id: int) -> HttpResponse:
    withdraw_invitation(access.invitation_for(request.member, invitation_id), actor=request.member)
    messages.success(request, _("The invitation link no longer works."))
    return redirect("accounts:members")
