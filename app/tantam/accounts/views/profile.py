from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tantam.accounts.door import StaffRequest, signed_in
from tantam.accounts.forms.members import MemberForm
from tantam.accounts.models import Member
from tantam.accounts.operations.members import correct_member
from tantam.accounts.views.roles import roles_of
from tantam.ui.refusals import refusals_shown_on


@signed_in
def profile(request: StaffRequest) -> HttpResponse:
    """One's own details, roles, and the ways to secure one's account."""
    form = MemberForm(request.POST or None, instance=Member.objects.get(pk=request.member.pk))
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
