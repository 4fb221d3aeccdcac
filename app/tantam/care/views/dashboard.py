"""How care is going: what was due, done, reached and overdue, and whom we contacted in time (B4, B6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.care.reports import LONGEST_PERIOD_DAYS, CareReport, care_report
from tantam.facility.queries import sites_by_id
from tantam.lib.dates import DateInvalid, parse_day
from tantam.ui.moments import day as in_figures

PERIODS = (1, 7, 30, 90)
USUAL_PERIOD = 30


@requires(Permission.CARE_REPORT, anywhere=True)
@require_GET
def dashboard(request: StaffRequest) -> HttpResponse:
    return render(request, "care/dashboard.html", _shown(request))


@requires(Permission.CARE_REPORT, anywhere=True)
@require_GET
def dashboard_print(request: StaffRequest) -> HttpResponse:
    """The same figures on paper."""
    return render(request, "care/dashboard_print.html", _shown(request))


def _shown(request: StaffRequest) -> dict[str, Any]:
    allowed = request.member.sites_where(Permission.CARE_REPORT)
    known = sites_by_id()
    text = request.GET.get("site", "")
    site = int(text) if text.isascii() and text.isdigit() and int(text) in allowed else None
    first, last, period, problem = _period(request)
    report = care_report([site] if site is not None else allowed, first, last)
    return {
        "report": report,
        "total": report.total,
        "sites": [(known[site_id].name, figures) for site_id, figures in report.by_site.items()],
        "choosable": sorted(
            ((site_id, known[site_id].name) for site_id in allowed if site_id in known),
            key=lambda one: one[1],
        ),
        "site": site,
        "site_name": known[site].name if site is not None else _("All my sites"),
        "periods": [(days, _period_name(days)) for days in PERIODS],
        "period": period,
        "problem": problem,
        "from_text": in_figures(first),
        "until_text": in_figures(last),
        "by_day": _by_day(report),
        "by_agent": _by_agent(report),
        "by_site": _by_site(report, {site_id: known[site_id].name for site_id in report.by_site}),
    }


def _period(request: StaffRequest) -> tuple[date, date, int | None, str]:
    """From and until; which ready-made period that is, if one; and what was wrong with what was typed."""
    today = timezone.localdate()
    typed_from, typed_until = request.GET.get("from", "").strip(), request.GET.get("until", "").strip()
    text = request.GET.get("period", "")
    if text == "own" and (typed_from or typed_until):
        try:
            last = parse_day(typed_until, today=today) if typed_until else today
            first = (
                parse_day(typed_from, today=today) if typed_from else last - timedelta(days=USUAL_PERIOD - 1)
            )
        except DateInvalid as refusal:
            return today - timedelta(days=USUAL_PERIOD - 1), today, USUAL_PERIOD, str(refusal)
        first, last = min(first, last), max(first, last)
        if (last - first).days >= LONGEST_PERIOD_DAYS:
            return last - timedelta(days=LONGEST_PERIOD_DAYS - 1), last, None, _("A year is shown at most.")
        return first, last, None, ""
    days = int(text) if text.isdigit() and int(text) in PERIODS else USUAL_PERIOD
    return today - timedelta(days=days - 1), today, days, ""


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
