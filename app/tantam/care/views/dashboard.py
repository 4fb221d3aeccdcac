"""How care is going: what was due, done, reached and overdue, and whom we contacted in time (B4, B6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.care.queries.figures import LONGEST_PERIOD_DAYS, CareReport, care_report
from tantam.care.queries.said import Said, cases, said_counts
from tantam.facility.queries import sites_by_id
from tantam.lib.dates import DateInvalid, parse_day
from tantam.lib.numbers import whole_number
from tantam.patients.access import note_looks
from tantam.ui.moments import day as in_figures

PERIODS = (1, 7, 30, 90)
USUAL_PERIOD = 30


class Typed(NamedTuple):
    first: str
    until: str


class Period(NamedTuple):
    """From `first` to `last`; `days` names a ready-made one; `problem` is what was wrong with what was typed."""

    first: date
    last: date
    days: int | None
    problem: str = ""
    as_typed: Typed | None = None

    @property
    def typed(self) -> Typed:
        return self.as_typed or Typed(in_figures(self.first), in_figures(self.last))


@requires(Permission.CARE_REPORT, anywhere=True)
@require_GET
def dashboard(request: StaffRequest) -> HttpResponse:
    return render(request, "care/dashboard.html", _shown(request))


@requires(Permission.CARE_REPORT, anywhere=True)
@require_GET
def dashboard_print(request: StaffRequest) -> HttpResponse:
    """The same figures on paper."""
    return render(request, "care/dashboard_print.html", _shown(request))


@requires(Permission.CARE_REPORT, anywhere=True)
@require_GET
def said(request: StaffRequest, what: str) -> HttpResponse:
    """Who is behind a figure of what patients said: patient, day and words, as far as the viewer may see."""
    if what not in Said.values:
        raise Http404
    asked = Said(what)
    site, allowed = _site(request)
    period = _period(request)
    sites = [site] if site is not None else allowed
    shown, following = cases(
        asked,
        request.member,
        sites,
        period.first,
        period.last,
        before=whole_number(request.GET.get("before")),
    )
    note_looks([case.patient for case in shown if case.patient and case.words], "said", actor=request.member)
    context = {
        "said": asked,
        "cases": shown,
        "following": following,
        "from_text": period.typed.first,
        "until_text": period.typed.until,
        "back": f"{reverse('care:dashboard')}?{_query(period, site)}",
    }
    return render(request, "care/said.html", context)


def _site(request: StaffRequest) -> tuple[int | None, list[int]]:
    """The one site asked for, if the member sees its figures; and all of these."""
    allowed = request.member.sites_where(Permission.CARE_REPORT)
    asked = whole_number(request.GET.get("site"))
    return (asked if asked in allowed else None), allowed


def _query(period: Period, site: int | None) -> str:
    named: dict[str, object] = {"period": "own", "from": period.typed.first, "until": period.typed.until}
    return urlencode(named | ({"site": site} if site is not None else {}))


def _shown(request: StaffRequest) -> dict[str, Any]:
    known = sites_by_id()
    site, allowed = _site(request)
    period = _period(request)
    report = care_report([site] if site is not None else allowed, period.first, period.last)
    return {
        "report": report,
        "said": said_counts([site] if site is not None else allowed, period.first, period.last).items(),
        "said_query": _query(period, site),
        "total": report.total,
        "sites": [(known[site_id].name, figures) for site_id, figures in report.by_site.items()],
        "choosable": sorted(
            ((site_id, known[site_id].name) for site_id in allowed if site_id in known),
            key=lambda one: one[1],
        ),
        "site": site,
        "site_name": known[site].name if site is not None else _("All my sites"),
        "periods": [(days, _period_name(days)) for days in PERIODS],
        "period": period.days,
        "problem": period.problem,
        "from_text": period.typed.first,
        "until_text": period.typed.until,
        "by_day": _by_day(report),
        "by_agent": _by_agent(report),
        "by_site": _by_site(report, {site_id: known[site_id].name for site_id in report.by_site}),
    }


def _period(request: StaffRequest) -> Period:
    """The days asked for: a ready-made period, or the days typed when these were changed last."""
    today = timezone.localdate()
    text = request.GET.get("period", "")
    days = next((days for days in PERIODS if text == str(days)), USUAL_PERIOD)
    ready = Period(today - timedelta(days=days - 1), today, days)
    typed = Typed(request.GET.get("from", "").strip(), request.GET.get("until", "").strip())
    chosen_now = text != "own" and text != request.GET.get("was", text)
    if chosen_now or not any(typed) or (text != "own" and typed == ready.typed):
        return ready
    try:
        last = parse_day(typed.until, today=today) if typed.until else today
        first = (
            parse_day(typed.first, today=today) if typed.first else last - timedelta(days=USUAL_PERIOD - 1)
        )
    except DateInvalid as refusal:
        return ready._replace(days=None, problem=str(refusal), as_typed=typed)
    first, last = min(first, last), max(first, last)
    if (last - first).days >= LONGEST_PERIOD_DAYS:
        first = last - timedelta(days=LONGEST_PERIOD_DAYS - 1)
        return Period(first, last, None, _("A year is shown at most."))
    return Period(first, last, None)


def _period_name(days: int) -> str:
    if days == 1:
        return _("Today")
    return ngettext("Last %(days)s day", "Last %(days)s days", days) % {"days": days}


def _by_day(report: CareReport) -> dict[str, Any]:
    days = list(report.by_day.items())
    return {
        "labels": [in_figures(day)[:5] for day, _figures in days],
        "series": [
            {"name": _("Due"), "values": [figures.due for _day, figures in days]},
            {"name": _("Done"), "values": [figures.done for _day, figures in days]},
            {"name": _("Reached"), "values": [figures.reached for _day, figures in days]},
        ],
    }


def _by_agent(report: CareReport) -> dict[str, Any]:
    agents = report.agents[:20]
    return {
        "labels": [agent.name for agent in agents],
        "series": [
            {"name": _("Answered"), "values": [agent.answered for agent in agents]},
            {"name": _("Tries"), "values": [agent.tries for agent in agents]},
        ],
    }


def _by_site(report: CareReport, names: dict[int, str]) -> dict[str, Any]:
    return {
        "labels": [names[site_id] for site_id in report.by_site],
        "series": [
            {"name": _("Contacted in time"), "values": [one.coverage or 0 for one in report.by_site.values()]}
        ],
        "unit": "%",
    }
