from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tantam.accounts import access
from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.forms.members import GrantsForm, MemberForm
from tantam.accounts.models import Invitation, Member
from tantam.accounts.operations.members import correct_member, deactivate, reactivate
from tantam.accounts.operations.roles import change_roles
from tantam.accounts.operations.sessions import end_sessions
from tantam.accounts.permissions import Permission, Role
from tantam.accounts.queries.authority import manages
from tantam.accounts.queries.sessions import open_sessions
from tantam.accounts.views.roles import described, managed_sites, roles_of
from tantam.facility.queries import sites_by_id
from tantam.lib.names import fold
from tantam.lib.numbers import whole_number
from tantam.lib.text import drop_controls
from tantam.ui.refusals import refusals_shown_on

MEMBERS_PER_PAGE = 50


@requires(Permission.MEMBERS_SEE, anywhere=True)
def members(request: StaffRequest) -> HttpResponse:
    """Everyone who works here, found by name, user name or email; with the invitations still open."""
    text = drop_controls(request.GET.get("q", "")).strip()[:100]
    role, site_id = request.GET.get("role", ""), whole_number(request.GET.get("site"))
    found = Member.objects.with_grants().order_by("deactivated_at", "name_key", "pk")
    if text:
        words = Q(name_key__contains=fold(text)) | Q(username__icontains=text) | Q(email__icontains=text)
        found = found.filter(words)
    if role in Role.values:
        found = found.filter(pk__in=Member.objects.filter(grants__role=role).values("pk"))
    if site_id is not None:
        found = found.filter(pk__in=Member.objects.filter(grants__site_id=site_id).values("pk"))
    page = Paginator(found, MEMBERS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [(member, roles_of(member)) for member in page]
    may_manage = request.member.may(Permission.MEMBERS_MANAGE)
    invitations = _open_invitations(request.member) if may_manage else []
    context = {
        "rows": rows,
        "page": page,
        "text": text,
        "role": role,
        "site_id": site_id,
        "roles": Role.choices,
        "all_sites": list(sites_by_id().values()),
        "invitations": [(invitation, described(invitation)) for invitation in invitations],
        "may_manage": may_manage,
    }
    template = "accounts/members.html#list" if request.headers.get("HX-Request") else "accounts/members.html"
    return render(request, template, context)


def _open_invitations(member: Member) -> list[Invitation]:
    managed = set(member.sites_where(Permission.MEMBERS_MANAGE))
    recent = Invitation.objects.filter(
        accepted_at__isnull=True, withdrawn_at__isnull=True, is_first_administrator=False
    )[:100]
    return [
        invitation
        for invitation in recent
        if invitation.is_open and any(site_id in managed for _role, site_id in invitation.grants)
    ]


@requires(Permission.MEMBERS_SEE, anywhere=True)
def member(request: StaffRequest, member_id: int) -> HttpResponse:
    """A colleague: details, roles by site; those who manage members change them here."""
    colleague = access.member_for(request.member, member_id)
    may_manage = request.member.may(Permission.MEMBERS_MANAGE)
    sites = managed_sites(request.member)
    posted = request.POST if may_manage and request.method == "POST" else None
    form = MemberForm(posted, instance=Member.objects.get(pk=colleague.pk))
    grants = GrantsForm(posted, sites=sites, held=colleague.roles_by_site)
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
