from __future__ import annotations

from typing import cast

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tantam.accounts import access
from tantam.accounts.door import StaffRequest, public, requires, signed_in
from tantam.accounts.forms import GrantsForm, InvitationForm, JoinForm, MemberForm, SetUpForm
from tantam.accounts.invitations import invitation_by_token
from tantam.accounts.models import Invitation, Member
from tantam.accounts.operations import (
    accept_invitation,
    change_roles,
    correct_member,
    deactivate,
    end_sessions,
    invite,
    reactivate,
    set_preferences,
    set_up_organisation,
    withdraw_invitation,
)
from tantam.accounts.permissions import Permission, Role
from tantam.accounts.queries import manages, open_sessions
from tantam.facility.models import Site
from tantam.facility.queries import organisation, sites_by_id
from tantam.lib.addresses import own_path
from tantam.lib.names import fold
from tantam.lib.numbers import whole_number
from tantam.lib.text import drop_controls
from tantam.ui.refusals import refusals_shown_on

MEMBERS_PER_PAGE = 50


def _sign_in(request: HttpRequest, member: Member) -> None:
    login(request, member, backend=settings.AUTHENTICATION_BACKENDS[0])
    # They have just chosen the password, so the second step can be set up without asking for it again.
    record_authentication(request, member, method="password", reauthenticated=True)


@public
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time page that makes the organisation, its first site and its first administrator."""
    invitation = invitation_by_token(token)
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
    invitation = invitation_by_token(token)
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
    context = {"form": form, "invitation": invitation, "roles": _described(invitation)}
    return render(request, "accounts/join.html", context, status=status)


def _described(invitation: Invitation) -> list[tuple[str, str]]:
    sites = sites_by_id()
    return [(str(Role(role).label), str(sites.get(site_id, ""))) for role, site_id in invitation.grants]


@signed_in
@require_POST
def preferences(request: StaffRequest) -> HttpResponse:
    """Language, theme, current site; any of them. Values that are not offered are passed over."""
    language = request.POST.get("language")
    theme = request.POST.get("theme")
    here = request.POST.get("site", "")
    sites = {str(site.pk): site for site in request.sites}
    member = set_preferences(
        request.member,
        language=language if language in dict(settings.LANGUAGES) else None,
        theme=theme if theme in ("auto", "light", "dark") else None,
        site=sites.get(here),
        actor=request.member,
    )
    target = own_path(request.POST.get("next", ""), otherwise="/")
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        if language or here:
            response = HttpResponse(status=204, headers={"HX-Refresh": "true"})
    else:
        response = redirect(target)
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, member.language, max_age=31_536_000, samesite="Lax")
    return response


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language before anyone is signed in."""
    target = own_path(request.POST.get("next", ""), otherwise="/")
    response = redirect(target)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=31_536_000, samesite="Lax")
    return response


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
    context = {"form": form, "roles": _roles_of(request.member)}
    return render(request, "accounts/profile.html", context, status=status)


def _roles_of(member: Member) -> list[tuple[Site, list[str]]]:
    known = sites_by_id()
    return [
        (known[site_id], sorted(str(Role(role).label) for role in roles))
        for site_id, roles in member.roles_by_site.items()
        if site_id in known
    ]


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
    rows = [(member, _roles_of(member)) for member in page]
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
        "invitations": [(invitation, _described(invitation)) for invitation in invitations],
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


def _managed_sites(member: Member) -> list[Site]:
    known = sites_by_id()
    return [known[site_id] for site_id in member.sites_where(Permission.MEMBERS_MANAGE) if site_id in known]


@requires(Permission.MEMBERS_MANAGE, anywhere=True)
def invitation_new(request: StaffRequest) -> HttpResponse:
    """Invite a colleague: a name, perhaps an email, roles per site; the link is shown once."""
    sites = _managed_sites(request.member)
    form = InvitationForm(request.POST or None)
    grants = GrantsForm(request.POST or None, sites=sites)
    if form.is_valid() and grants.is_valid():
        if not grants.grants():
            form.add_error(None, _("Choose at least one role, so that your colleague can do something here."))
        else:
            with refusals_shown_on(form):
                invitation, token = invite(**form.cleaned_data, grants=grants.grants(), actor=request.member)
                link = request.build_absolute_uri(reverse("accounts:join", args=[token]))
                context = {"invitation": invitation, "link": link, "roles": _described(invitation)}
                return render(request, "accounts/invitation_made.html", context)
    status = 422 if form.errors else 200
    return render(request, "accounts/invitation_new.html", {"form": form, "grants": grants}, status=status)


@requires(Permission.MEMBERS_MANAGE, anywhere=True)
@require_POST
def invitation_withdrawal(request: StaffRequest, invitation_id: int) -> HttpResponse:
    withdraw_invitation(access.invitation_for(request.member, invitation_id), actor=request.member)
    messages.success(request, _("The invitation link no longer works."))
    return redirect("accounts:members")


@requires(Permission.MEMBERS_SEE, anywhere=True)
def member(request: StaffRequest, member_id: int) -> HttpResponse:
    """A colleague: details, roles by site; those who manage members change them here."""
    colleague = access.member_for(request.member, member_id)
    may_manage = request.member.may(Permission.MEMBERS_MANAGE)
    sites = _managed_sites(request.member)
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
        "roles": _roles_of(colleague),
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


@requires(Permission.MEMBERS_SEE, anywhere=True)
def roles(request: StaffRequest) -> HttpResponse:
    """What each role may do: the documented matrix, from the same list the door reads."""
    matrix = [
        (permission.label, [permission in role.permissions for role in Role]) for permission in Permission
    ]
    return render(request, "accounts/roles.html", {"roles": [role.label for role in Role], "matrix": matrix})
