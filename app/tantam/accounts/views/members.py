from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tantam.accounts import access
from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.forms.members import GrantsForm, MemberForm
from tantam.accounts.operations.members import correct_member, deactivate, reactivate
from tantam.accounts.operations.roles import change_roles
from tantam.accounts.operations.sessions import end_sessions
from tantam.accounts.permissions import Permission
from tantam.accounts.queries.authority import manages, offered_roles, roles_in_use
from tantam.accounts.queries.members import Wanted, described, members_page, open_invitations, roles_of
from tantam.accounts.queries.sessions import open_sessions
from tantam.facility.queries import sites_by_id
from tantam.lib.numbers import whole_number
from tantam.lib.text import drop_controls
from tantam.ui.refusals import refusals_shown_on


@requires(Permission.MEMBERS_SEE, anywhere=True)
@require_safe
def members(request: StaffRequest) -> HttpResponse:
    """Everyone who works here, found by name, user name or email; with the invitations still open."""
    roles = roles_in_use()
    asked = request.GET.get("role", "")
    wanted = Wanted(
        text=drop_controls(request.GET.get("q", "")).strip()[:100],
        role=asked if asked in {role.key for role in roles} else "",
        site_id=whole_number(request.GET.get("site")),
    )
    page = members_page(wanted, number=request.GET.get("page"))
    may_manage = request.member.may(Permission.MEMBERS_MANAGE)
    invitations = open_invitations(request.member) if may_manage else []
    context = {
        "rows": [(member, roles_of(member)) for member in page],
        "page": page,
        "text": wanted.text,
        "role": wanted.role,
        "site_id": wanted.site_id,
        "roles": [(role.key, role.label) for role in roles],
        "all_sites": list(sites_by_id().values()),
        "invitations": [(invitation, described(invitation)) for invitation in invitations],
        "may_manage": may_manage,
    }
    template = "accounts/members.html#list" if request.headers.get("HX-Request") else "accounts/members.html"
    return render(request, template, context)


@requires(Permission.MEMBERS_SEE, anywhere=True, confirms="changes")
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: StaffRequest, member_id: int) -> HttpResponse:
    """A colleague: details, roles by site; those who manage members change them here."""
    colleague = access.member_for(request.member, member_id)
    may_manage = request.member.may(Permission.MEMBERS_MANAGE)
    if request.method == "POST" and not may_manage:
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    form = MemberForm(posted, instance=access.member_for(request.member, member_id))
    grants = GrantsForm(posted, offered=offered_roles(request.member), held=colleague.roles_by_site)
    if posted is not None and form.is_valid() and grants.is_valid():
        with refusals_shown_on(form):
            correct_member(colleague, changes=form.cleaned_data, actor=request.member)
            change_roles(colleague, grants=grants.grants(), actor=request.member)
            messages.success(request, _("Saved."))
            return redirect("accounts:member", member_id=colleague.pk)
    is_self = colleague.pk == request.member.pk
    shows_sessions = may_manage and not is_self and manages(request.member, colleague)
    context = {
        "colleague": colleague,
        "form": form,
        "grants": grants,
        "roles": roles_of(colleague),
        "may_manage": may_manage,
        "is_self": is_self,
        "sessions": open_sessions(colleague) if shows_sessions else None,
    }
    return render(request, "accounts/member.html", context, status=422 if form.errors else 200)


@requires(Permission.MEMBERS_MANAGE, anywhere=True)
@require_POST
def member_access(request: StaffRequest, member_id: int) -> HttpResponse:
    """End a colleague's access, give it back, or sign them out everywhere (`what`)."""
    colleague = access.member_for(request.member, member_id)
    what = request.POST.get("what")
    with refusals_shown_on(request):
        if what == "deactivate":
            deactivate(colleague, actor=request.member)
            messages.success(request, _("Access has ended on every device."))
        elif what == "reactivate":
            reactivate(colleague, actor=request.member)
            messages.success(request, _("Your colleague can sign in again."))
        elif what == "end_sessions":
            end_sessions(colleague, actor=request.member)
            messages.success(request, _("Signed out on every device."))
    return cast(HttpResponse, redirect("accounts:member", member_id=colleague.pk))
