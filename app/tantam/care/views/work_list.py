"""Whom to call: the list, the next call, and who holds which (B6; J3)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.care import access
from tantam.care.errors import NothingToCall
from tantam.care.forms.tasks import AssignmentForm, ClosingForm
from tantam.care.models import Action, CareTask, Priority
from tantam.care.operations.claims import claim_task, release_task, take_next_call
from tantam.care.operations.tasks import assign_task, close_task
from tantam.care.policy import current_policy
from tantam.care.queries.contacts import tries_of
from tantam.care.queries.lines import FLAGS, Lines
from tantam.care.queries.work_list import COUNTED_UP_TO, PAGE_ROWS, Asked, Place, Row, Tab, counts, rows
from tantam.facility.queries import sites_by_id, specialities_by_id
from tantam.journal.operations import note_list
from tantam.lib.addresses import own_path
from tantam.lib.numbers import whole_number
from tantam.patients.access import patient_for
from tantam.ui.kept import fill_rows, render_kept
from tantam.ui.refusals import refusals_shown_on


@requires(Permission.CARE_SEE, anywhere=True)
@require_GET
def work_list(request: StaffRequest) -> HttpResponse:
    """The contacts to be made, most important first, fifty at a time."""
    member = request.member
    asked, site = _asked(request)
    found = rows(asked)
    more = found[PAGE_ROWS - 1] if len(found) > PAGE_ROWS else None
    may_call_at = member.sites_where(Permission.CARE_CALL)
    note_list(member, "work-list", [row.patient_id for row in found[:PAGE_ROWS]])
    made = Lines(member.pk, may_call_at=may_call_at, show_sites=len(asked.sites) > 1)
    may_supervise = any(member.may(Permission.CARE_SUPERVISE, site_id) for site_id in asked.sites)
    here = request.get_full_path()
    here_list = request.path
    context: dict[str, Any] = {
        "lines": fill_rows(
            "care/_work_list_row.html",
            (made.line(row) for row in found[:PAGE_ROWS]),
            flags=FLAGS,
            call_prefix=here_list + "calls/",
            message_prefix=here_list + "messages/",
            task_prefix=here_list + "tasks/",
            show_due="" if asked.tab is Tab.DUE else "1",
            manage_query="?" + urlencode({"next": here}) if may_supervise else "",
        ),
        "asked": asked,
        "show_due": asked.tab is not Tab.DUE,
        "next_url": _address(request, after=_place(more).written()) if more else "",
    }
    if asked.after is not None and request.htmx:
        return render(request, "care/work_list.html#rows", context)
    context |= {
        "tabs": _tabs(request, asked),
        "site": site,
        "filters": render_kept(
            "care/_work_list_filters.html",
            sites=_choosable(request),
            site=site,
            specialities=tuple((pk, str(one)) for pk, one in specialities_by_id().items()),
            speciality=asked.speciality,
            priorities=Priority,
            priority=asked.priority,
            actions=Action,
            action=str(asked.action),
        ),
        "may_call": bool(may_call_at),
        "topics": " ".join(f"site:{site_id}:work-list" for site_id in asked.sites),
        "here": here,
        "too_early_or_late": not current_policy().may_call_at(timezone.localtime()),
        "policy": current_policy(),
    }
    return render(request, "care/work_list.html", context)


@requires(Permission.CARE_CALL, anywhere=True)
@require_POST
def next_call(request: StaffRequest) -> HttpResponse:
    """Take the most important call that nobody is making, and open it."""
    sites = request.member.sites_where(Permission.CARE_CALL)
    here = whole_number(request.POST.get("site"))
    if here in sites:
        sites = [here]
    try:
        taken = take_next_call(sites, actor=request.member)
    except NothingToCall as refusal:
        messages.info(request, str(refusal))
        return redirect(_back(request))
    return redirect("care:call", taken.pk)


@requires(Permission.CARE_CALL, anywhere=True)
@require_POST
def claim(request: StaffRequest, task_id: int) -> HttpResponse:
    """Keep a call for oneself; supervisors may take it over from a colleague."""
    task = access.task_to_call(request.member, task_id)
    take_over = "take-over" in request.POST
    if take_over:
        task = access.task_to_supervise(request.member, task_id)
    with refusals_shown_on(request):
        claim_task(task, take_over=take_over, actor=request.member)
        if take_over:
            return redirect("care:call", task.pk)
    return redirect(_back(request))


@requires(Permission.CARE_CALL, anywhere=True)
@require_POST
def release(request: StaffRequest, task_id: int) -> HttpResponse:
    """Give a call back to everyone."""
    task = access.task_to_call(request.member, task_id)
    with refusals_shown_on(request):
        release_task(task, actor=request.member)
    return redirect(_back(request))


@requires(Permission.CARE_SUPERVISE, anywhere=True)
@require_GET
def task(request: StaffRequest, task_id: int) -> HttpResponse:
    """What a supervisor can do about one contact: give it to someone, take it over, close it."""
    supervised = access.task_to_supervise(request.member, task_id)
    return _task_page(request, supervised, AssignmentForm(task=supervised), ClosingForm())


@requires(Permission.CARE_SUPERVISE, anywhere=True)
@require_POST
def assignment(request: StaffRequest, task_id: int) -> HttpResponse:
    """Give a contact to one colleague, or to whoever comes first."""
    supervised = access.task_to_supervise(request.member, task_id)
    form = AssignmentForm(request.POST, task=supervised)
    if form.is_valid():
        with refusals_shown_on(form):
            assign_task(supervised, to=form.cleaned_data["assigned_to"], actor=request.member)
            messages.success(request, _("The contact is assigned."))
            return redirect(_back(request))
    return _task_page(request, supervised, form, ClosingForm())


@requires(Permission.CARE_SUPERVISE, anywhere=True)
@require_POST
def closing(request: StaffRequest, task_id: int) -> HttpResponse:
    """Close a contact that will not be made, with the reason."""
    supervised = access.task_to_supervise(request.member, task_id)
    form = ClosingForm(request.POST)
    if form.is_valid():
        with refusals_shown_on(form):
            close_task(supervised, reason=form.cleaned_data["reason"], actor=request.member)
            messages.success(request, _("The contact is closed."))
            return redirect(_back(request))
    return _task_page(request, supervised, AssignmentForm(task=supervised), form)


def _task_page(
    request: StaffRequest, shown: CareTask, assigning: AssignmentForm, closing_form: ClosingForm
) -> HttpResponse:
    patient_for(request.member, shown.patient_id, look="care_task", is_part=request.method == "POST")
    context = {
        "task": shown,
        "tries": tries_of(shown),
        "assignment": assigning,
        "closing": closing_form,
        "next": _back(request),
    }
    status = 422 if assigning.errors or closing_form.errors else 200
    return render(request, "care/task.html", context, status=status)


def _asked(request: StaffRequest) -> tuple[Asked, int | None]:
    """What the address asks for, kept within the member's sites; and the one site chosen, if one is."""
    allowed = request.member.sites_where(Permission.CARE_SEE)
    chosen = request.GET.get("site", "")
    here = request.site.pk if request.site is not None else None
    site = whole_number(chosen) if chosen else here
    if chosen == "all" or site not in allowed:
        site = None
    tab = request.GET.get("tab", "")
    action = request.GET.get("action", "")
    priority = whole_number(request.GET.get("priority"))
    asked = Asked(
        member_id=request.member.pk,
        sites=[site] if site is not None else allowed,
        tab=Tab(tab) if tab in Tab.values else Tab.DUE,
        speciality=whole_number(request.GET.get("speciality")),
        priority=priority if priority in Priority.values else None,
        action=action if action in Action.values else Action.CALL,
        after=Place.read(request.GET.get("after", "")),
    )
    return asked, site


def _tabs(request: StaffRequest, asked: Asked) -> list[dict[str, Any]]:
    """The tabs with their counts; beyond what is counted, a plus says so."""
    held = counts(asked)
    return [
        {
            "key": tab.value,
            "label": tab.label,
            "url": _address(request, tab=tab.value, after=None),
            "count": f"{COUNTED_UP_TO // 1000}.000+" if held[tab] > COUNTED_UP_TO else held[tab],
        }
        for tab in Tab
        if tab is not Tab.SUPERVISOR or held[tab] or request.member.may(Permission.CARE_SUPERVISE)
    ]


def _choosable(request: StaffRequest) -> tuple[tuple[int, str], ...]:
    known = sites_by_id()
    allowed = request.member.sites_where(Permission.CARE_SEE)
    names = ((site_id, known[site_id].name) for site_id in allowed if site_id in known)
    return tuple(sorted(names, key=lambda one: one[1]))


def _place(row: Row) -> Place:
    return Place(row.priority, row.due_on, row.best_hour, row.id)


def _address(request: StaffRequest, **changes: str | None) -> str:
    """This list's address with some of its questions changed; None takes one out."""
    asked = {name: request.GET.get(name, "") for name in ("tab", "site", "speciality", "priority", "action")}
    wanted = {name: value for name, value in {**asked, **changes}.items() if value}
    return f"{request.path}?{urlencode(wanted)}" if wanted else request.path


def _back(request: StaffRequest) -> str:
    """Where the member came from, when that is a page of ours; else the list."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return own_path(wanted, otherwise=reverse("care:work-list"))
