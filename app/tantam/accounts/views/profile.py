from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tantam.accounts import access
from tantam.accounts.door import StaffRequest, confirmed
from tantam.accounts.forms.members import MemberForm
from tantam.accounts.operations.members import correct_member
from tantam.accounts.queries.members import roles_of
from tantam.ui.refusals import refusals_shown_on


@confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: StaffRequest) -> HttpResponse:
    """One's own details, roles, and the ways to secure one's account."""
    form = MemberForm(request.POST or None, instance=access.oneself(request.member))
    form.fields["full_name"].disabled = True
    if form.is_valid():
        with refusals_shown_on(form):
            changes = {name: form.cleaned_data[name] for name in ("email", "job_title", "phone")}
            correct_member(request.member, changes=changes, actor=request.member)
            messages.success(request, _("Your details are saved."))
            return redirect("accounts:profile")
    status = 422 if form.errors else 200
    context = {"form": form, "roles": roles_of(request.member)}
    return render(request, "accounts/profile.html", context, status=status)
