from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tantam.accounts import access
from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.forms.members import InvitationForm, InvitedGrantsForm
from tantam.accounts.operations.invitations import invite, withdraw_invitation
from tantam.accounts.permissions import Permission
from tantam.accounts.queries.authority import offered_roles
from tantam.accounts.queries.members import described
from tantam.ui.refusals import refusals_shown_on


@requires(Permission.MEMBERS_MANAGE, anywhere=True, confirms="changes")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_new(request: StaffRequest) -> HttpResponse:
    """Invite a colleague: a name, perhaps an email, roles per site; the link is shown once."""
    form = InvitationForm(request.POST or None)
    grants = InvitedGrantsForm(request.POST or None, offered=offered_roles(request.member))
    if all([form.is_valid(), grants.is_valid()]):
        with refusals_shown_on(form):
            invitation, token = invite(**form.cleaned_data, grants=grants.grants(), actor=request.member)
            link = request.build_absolute_uri(reverse("accounts:join", args=[token]))
            context = {"invitation": invitation, "link": link, "roles": described(invitation)}
            return render(request, "accounts/invitation_made.html", context)
    status = 422 if form.errors or grants.errors else 200
    return render(request, "accounts/invitation_new.html", {"form": form, "grants": grants}, status=status)


@requires(Permission.MEMBERS_MANAGE, anywhere=True)
@require_POST
def invitation_withdrawal(request: StaffRequest, invitation_id: int) -> HttpResponse:
    """Make an invitation link useless."""
    withdraw_invitation(access.invitation_for(request.member, invitation_id), actor=request.member)
    messages.success(request, _("The invitation link no longer works."))
    return redirect("accounts:members")
