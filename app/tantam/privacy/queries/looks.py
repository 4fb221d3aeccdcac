from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tantam.facility.queries import sites_by_id
from tantam.journal.events import JournalEvent
from tantam.journal.models import Entry
from tantam.patients.events import PatientsEvent
from tantam.patients.models import Patient
from tantam.patients.registries.looks import look_label


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a patient's record: when, who, from which page, at which site."""

    id: int
    at: datetime
    who: str
    job_title: str
    page: str
    site: str


@dataclass(frozen=True, slots=True)
class LooksAsked:
    """Which looks to list; everything when nothing is set. Days are inclusive, in the current time zone."""

    member_id: int | None = None
    look: str = ""
    since: date | None = None
    until: date | None = None


def looks_at(
    patient: Patient, asked: LooksAsked, *, before: int | None = None, limit: int = 50
) -> list[Look]:
    """Who looked at the patient's record, newest first (D9). `before` is the last id of the page above."""
    entries = _looks(patient, asked)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    return list(_as_looks(entries[:limit]))


def every_look(patient: Patient, asked: LooksAsked) -> Iterator[Look]:
    """The same without end, for a file."""
    return _as_looks(_looks(patient, asked).iterator(chunk_size=1_000))


def onlookers(patient: Patient) -> list[tuple[int, str]]:
    """Who has ever looked at this patient: id and name, for the filter."""
    found = (
        Entry.objects.filter(patient_id=patient.pk, event=PatientsEvent.VIEWED, actor__isnull=False)
        .order_by("actor__full_name", "actor_id")
        .values_list("actor_id", "actor__full_name")
        .distinct()
    )
    return [(pk, name) for pk, name in found if pk is not None]


def _looks(patient: Patient, asked: LooksAsked) -> QuerySet[Entry]:
    wanted = Q(patient_id=patient.pk, event=PatientsEvent.VIEWED) | Q(
        event=JournalEvent.LISTED, details__contains={"patients": [patient.pk]}
    )
    if asked.member_id:
        wanted &= Q(actor_id=asked.member_id)
    if asked.look:
        wanted &= Q(details__look=asked.look) | Q(details__kind=asked.look)
    if asked.since:
        wanted &= Q(at__gte=_midnight(asked.since))
    if asked.until:
        wanted &= Q(at__lt=_midnight(asked.until + timedelta(days=1)))
    return Entry.objects.filter(wanted).select_related("actor").order_by("-id")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def _as_looks(entries: Iterable[Entry]) -> Iterator[Look]:
    sites = sites_by_id()
    for entry in entries:
        site = sites.get(entry.detail("site"))
        yield Look(
            id=entry.pk,
            at=entry.at,
            who=entry.actor.full_name if entry.actor else _("The system"),
            job_title=entry.actor.job_title if entry.actor else "",
            page=look_label(entry.detail("look") or entry.detail("kind") or ""),
            site=site.name if site else "",
        )
