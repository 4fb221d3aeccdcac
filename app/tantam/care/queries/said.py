"""What patients said in a period: how many were worse, dissatisfied, in need of what we have not, and who (B6, B8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.care.models import Confirmation, Experience, Finding, FindingKind, Health
from tantam.facility.queries import sites_by_id
from tantam.patients.models import Patient
from tantam.records.models import Trend

PAGE = 50


class Said(models.TextChoices):
    """What a patient told us that somebody has to answer for."""

    WORSE = "worse", _("Worse than before")
    NEW = "new", _("New symptoms")
    DISSATISFIED = "dissatisfied", _("Not satisfied")
    UNMET = "unmet", _("A need we cannot meet")
    DECLINED = "declined", _("Will not come")
    ALLERGY = "allergy", _("A drug allergy")

    @property
    def condition(self) -> Q:
        return _CONDITIONS[self]


_CONDITIONS = {
    Said.WORSE: Q(kind=FindingKind.CONVERSATION, details__health=Health.WORSE.value)
    | Q(kind=FindingKind.CONDITION_CHANGED, details__trend=Trend.WORSE.value),
    Said.NEW: Q(kind=FindingKind.CONDITION_CHANGED, details__trend=Trend.NEW.value),
    Said.DISSATISFIED: Q(kind=FindingKind.CONVERSATION, details__experience=Experience.BAD.value),
    Said.UNMET: Q(kind=FindingKind.NEED_UNMET),
    Said.DECLINED: Q(kind=FindingKind.CONVERSATION, details__confirmation=Confirmation.DECLINED.value),
    Said.ALLERGY: Q(kind=FindingKind.ALLERGY, details__refuted__isnull=True),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One thing one patient said. `patient` and `words` are None where the viewer may not see them."""

    id: int
    patient: Patient | None
    day: datetime
    site: str
    words: str | None
    by: str


def _within(sites: Sequence[int], first: date, last: date) -> models.QuerySet[Finding]:
    begins = timezone.make_aware(datetime.combine(first, time()))
    ends = timezone.make_aware(datetime.combine(last + timedelta(days=1), time()))
    return Finding.objects.filter(site__in=sites, learnt_at__gte=begins, learnt_at__lt=ends)


def said_counts(sites: Sequence[int], first: date, last: date) -> dict[Said, int]:
    """How many patients said each of them at these sites in the period, each patient once. One statement."""
    counted = _within(sites, first, last).aggregate(
        **{said.value: Count("patient", distinct=True, filter=said.condition) for said in Said}
    )
    return {said: counted[said.value] for said in Said}


def cases(
    said: Said, viewer: Member, sites: Sequence[int], first: date, last: date, *, before: int | None = None
) -> tuple[list[Case], int | None]:
    """Who said it, the latest first, fifty a page, and where the next page begins (None: this is the last)."""
    rows = _within(sites, first, last).filter(said.condition).select_related("patient", "learnt_by")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    finds = viewer.may(Permission.PATIENT_FIND)
    places = sites_by_id()
    shown = [
        Case(
            row.pk,
            row.patient if finds else None,
            row.learnt_at,
            str(places.get(row.site_id, "")),
            row.summary if finds and viewer.may(Permission.RECORD_SEE, row.site_id) else None,
            row.learnt_by.full_name if row.learnt_by else "",
        )
        for row in found[:PAGE]
    ]
    return shown, found[PAGE - 1].pk if len(found) > PAGE else None
