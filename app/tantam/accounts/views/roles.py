from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tantam.accounts import access
from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.forms.roles import IdlingForm, RoleForm
from tantam.accounts.models import OwnRole
from tantam.accounts.operations.roles import change_own_role, compose_role, retire_role, set_idle_minutes
from tantam.accounts.permissions import Permission
from tantam.accounts.queries.authority import grantable_everywhere
from tantam.accounts.queries.members import holders_of
from tantam.accounts.queries.roles import effects_of, matrix, own_roles
from tantam.facility.queries import organisation
from tantam.lib.errors import NotVisible
from tantam.ui.refusals import refusals_shown_on

COMPOSES = requires(Permission.ROLES_COMPOSE, everywhere=True, confirms="changes")


@requires(Permission.MEMBERS_SEE, anywhere=True)
@require_safe
def roles(request: StaffRequest) -> HttpResponse:
    """What each role may do: the documented matrix, from the same list the door reads; own roles beside."""
    names, rows = matrix()
    may_compose = request.member.may_everywhere(Permission.ROLES_COMPOSE)
    context = {"roles": names, "matrix": rows, "own": own_roles(), "may_compose": may_compose}
    return render(request, "accounts/roles.html", context)


@COMPOSES
@require_http_methods(["GET", "HEAD", "POST"])
def role_new(request: StaffRequest) -> HttpResponse:
    """Compose a role from permissions. Nobody holds it yet, so nothing changes for anyone."""
    form = RoleForm(request.POST or None, grantable=grantable_everywhere(request.member))
    if form.is_valid():
        with refusals_shown_on(form):
            role = compose_role(**form.cleaned_data, actor=request.member)
            messages.success(request, _("The role is there. Give it to colleagues on their pages."))
            return redirect("accounts:role", role_id=role.pk)
    return _shown(request, form, status=422 if form.errors else 200)


@COMPOSES
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: StaffRequest, role_id: int) -> HttpResponse:
    """Change a role: what that means for whom is shown first, and done when it is said again (`agreed`)."""
    row = access.role_for(request.member, role_id)
    initial = {"name": row.name, "permissions": row.permissions, "idle_minutes": row.idle_minutes}
    form = RoleForm(request.POST or None, grantable=grantable_everywhere(request.member), initial=initial)
    if form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("name", "permissions", "idle_minutes")}
        effects = effects_of(row, wanted["permissions"])
        if effects and request.POST.get("agreed") != "yes":
            shown = {"role": row, "effects": effects, "wanted": wanted}
            return render(request, "accounts/role_change.html", shown)
        with refusals_shown_on(form):
            change_own_role(row, **wanted, actor=request.member)
            messages.success(request, _("Saved."))
            return redirect("accounts:role", role_id=row.pk)
    return _shown(request, form, role=row, status=422 if form.errors else 200)


def _shown(
    request: StaffRequest, form: RoleForm, *, role: OwnRole | None = None, status: int
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "role": role}
    if role is not None:
        context["holders"] = holders_of(role)
    return render(request, "accounts/role.html", context, status=status)


@COMPOSES
@require_http_methods(["GET", "HEAD", "POST"])
def role_retirement(request: StaffRequest, role_id: int) -> HttpResponse:
    """Retire a role: who holds it and what they may no longer do stands there before it is done."""
    row = access.role_for(request.member, role_id)
    if request.method == "POST":
        with refusals_shown_on(request):
            retire_role(row, actor=request.member)
            messages.success(request, _("The role is retired. Nobody holds it any more."))
        return redirect("accounts:roles")
    context = {"role": row, "holders": holders_of(row), "effects": effects_of(row, ())}
    return render(request, "accounts/role_retirement.html", context)


@COMPOSES
@require_http_methods(["GET", "HEAD", "POST"])
def idling(request: StaffRequest) -> HttpResponse:
    """After how long a session that nobody uses ends, role by role."""
    company = organisation()
    if company is None:
        raise NotVisible
    form = IdlingForm(request.POST or None, company=company)
    if form.is_valid():
        with refusals_shown_on(form):
            set_idle_minutes(form.minutes(), actor=request.member)
            messages.success(request, _("Saved."))
            return redirect("accounts:roles")
    return render(request, "accounts/idling.html", {"form": form}, status=422 if form.errors else 200)
