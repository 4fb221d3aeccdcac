"""Care rules: when a patient is contacted, and whom that reaches before anything is saved (B4; J11)."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.care import access
from tantam.care.forms.rules import RuleForm
from tantam.care.models import CareRule
from tantam.care.operations.rules import (
    change_rule,
    create_rule,
    draft_starter_rules,
    set_rule_in_use,
)
from tantam.care.policy import current_policy
from tantam.care.queries.preview import Preview, preview
from tantam.care.queries.rules import history, open_contacts, planning_of, rules_at
from tantam.care.rules.starters import lacks_starters
from tantam.facility.queries import sites_by_id
from tantam.journal.operations import note_list
from tantam.lib.numbers import whole_number
from tantam.ui.moments import day as in_figures
from tantam.ui.refusals import refusals_shown_on


@requires(Permission.CARE_RULES, anywhere=True)
@require_GET
def rules(request: StaffRequest) -> HttpResponse:
    """Every rule of the member's sites, those in use first, with what each has planned."""
    sites = request.member.sites_where(Permission.CARE_RULES)
    planned = open_contacts(sites)
    shown = rules_at(sites)
    context = {
        "rules": [(rule, planned.get(rule.pk, 0)) for rule in shown],
        "may_draft": request.member.may_everywhere(Permission.CARE_RULES) and lacks_starters(shown),
    }
    return render(request, "care/rules.html", context)


@requires(Permission.CARE_RULES, everywhere=True)
@require_POST
def drafts(request: StaffRequest) -> HttpResponse:
    """Lay the shipped rules out, out of use, for a manager to read and switch on."""
    made = draft_starter_rules(actor=request.member)
    words = ngettext(
        "%(n)s draft is ready to be switched on.", "%(n)s drafts are ready to be switched on.", made
    )
    messages.success(request, words % {"n": made} if made else _("Every draft is there already."))
    return redirect("care:rules")


@requires(Permission.CARE_RULES, anywhere=True)
@require_http_methods(["GET", "POST"])
def rule_new(request: StaffRequest) -> HttpResponse:
    """Write a rule; whom it reaches stands beside it while it is written."""
    form = RuleForm(request.POST or None, member=request.member)
    if request.method == "POST" and "preview" not in request.POST and form.is_valid():
        with refusals_shown_on(form):
            made = create_rule(form.content, submission=form.cleaned_data["submission"], actor=request.member)
            messages.success(request, _("The rule is saved. Its contacts are being planned."))
            return redirect("care:rule", made.pk)
    return _editor(request, form, None)


@requires(Permission.CARE_RULES, anywhere=True)
@require_http_methods(["GET", "POST"])
def rule(request: StaffRequest, rule_id: int) -> HttpResponse:
    """A rule: what it says, whom it reaches, how its planning went, and its history."""
    if request.method == "GET":
        shown = access.rule_for(request.member, rule_id)
        if request.htmx and request.htmx.target == "planning":
            return render(request, "care/rule.html#planning", {"rule": shown, "planning": planning_of(shown)})
        return _editor(request, RuleForm(member=request.member, rule=shown), shown)
    shown = access.rule_to_change(request.member, rule_id)
    form = RuleForm(request.POST, member=request.member, rule=shown)
    if "preview" not in request.POST and form.is_valid():
        with refusals_shown_on(form):
            change_rule(shown, form.content, seen=form.cleaned_data["seen"] or 0, actor=request.member)
            messages.success(request, _("The rule is saved. Its contacts are being planned."))
            return redirect("care:rule", shown.pk)
    return _editor(request, form, shown)


@requires(Permission.CARE_RULES, anywhere=True)
@require_POST
def rule_preview(request: StaffRequest) -> HttpResponse:
    """Whom the rule in the form would reach, counted without saving anything."""
    edited = None
    if (rule_id := whole_number(request.POST.get("rule"))) is not None:
        edited = access.rule_for(request.member, rule_id)
    form = RuleForm(request.POST, member=request.member, rule=edited)
    return render(request, "care/rule.html#preview", _previewed(request, form, edited))


@requires(Permission.CARE_RULES, anywhere=True)
@require_POST
def rule_use(request: StaffRequest, rule_id: int) -> HttpResponse:
    """Stop a rule or put it to use again."""
    shown = access.rule_to_change(request.member, rule_id)
    in_use = request.POST.get("in_use") == "1"
    with refusals_shown_on(request):
        set_rule_in_use(shown, in_use, actor=request.member)
        said = (
            _("The rule is in use again.")
            if in_use
            else _("The rule is stopped. Its open contacts are closed.")
        )
        messages.success(request, said)
    return redirect("care:rule", rule_id)


def _editor(request: StaffRequest, form: RuleForm, shown: CareRule | None) -> HttpResponse:
    may_change = shown is None or access.may_change_rules_of(request.member, shown.site_id)
    context = _previewed(request, form, shown) | {
        "form": form,
        "rule": shown,
        "may_change": may_change,
        "history": history(shown) if shown is not None else [],
        "planning": planning_of(shown) if shown is not None else None,
        "topic": f"member:{request.member.pk}:care-rule",
    }
    status = 422 if form.errors and "preview" not in request.POST else 200
    return render(request, "care/rule.html", context, status=status)


def _previewed(request: StaffRequest, form: RuleForm, shown: CareRule | None) -> dict[str, Any]:
    """The preview for what the form says now; of the saved rule when the form was not sent."""
    found: Preview | None = None
    sites = request.member.sites_where(Permission.CARE_RULES)
    if form.is_bound:
        if form.is_valid():
            # A copy: the row that is shown elsewhere on the page stays as it is saved.
            found = preview(form.content.as_rule(copy(shown)), sites=sites)
    elif shown is not None:
        found = preview(shown, sites=sites)
    else:
        first = CareRule(occasion=form.fields["occasion"].initial, days=form.fields["days"].initial)
        found = preview(first, sites=sites)
    chart = None
    if found is not None:
        note_list(request.member, "rule-preview", [one.patient_id for one in found.patients])
        chart = {
            "labels": [in_figures(day)[:5] for day, _count in found.by_day],
            "series": [{"name": _("Contacts"), "values": [count for _day, count in found.by_day]}],
        }
    return {
        "found": found,
        "chart": chart,
        "site_names": {pk: site.name for pk, site in sites_by_id().items()},
        "horizon": current_policy().horizon_days,
        "near": current_policy().near_days,
    }
