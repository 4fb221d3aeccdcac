"""Reception's day: who is expected at a site from now until the day's end, and who was missed before (B1, B5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Prefetch
from django.utils import timezone

from tantam.accounts.models import Practitioner
from tantam.facility.models import Site
from tantam.lib import phones
from tantam.patients.models import ContactPoint, Patient
from tantam.patients.queries.phones import best_phone
from tantam.records.models import Encounter, EncounterStatus, Reexamination, ReexaminationStatus

MOST = 400
_LATE = timedelta(minutes=30)
"""So long somebody may be late and still stand among those to come."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One person of the day; year of birth and the phone's last four digits tell two of one name apart."""

    patient: Patient
    at_time: time | None
    doctor: Practitioner | None
    what_for: str
    is_confirmed: bool
    has_come: bool

    @property
    def birth_year(self) -> int | None:
        return self.patient.birth_year

    @property
    def phone_end(self) -> str:
        point = best_phone(self.patient.contact_points.all())
        return phones.display(point.value).replace(" ", "")[-4:] if point else ""


@dataclass(frozen=True, slots=True)
class ReceptionDay:
    """`coming` begins at now; `earlier` have come or are late. `doctors` are those of the day, to narrow it to one."""

    coming: tuple[Expected, ...]
    earlier: tuple[Expected, ...]
    doctors: tuple[Practitioner, ...]
    doctor_id: int | None


def reception_day(site: Site, *, doctor_id: int | None = None) -> ReceptionDay:
    """Everyone of today at the site, at most 400, narrowed to one doctor. Four statements."""
    now = timezone.localtime(timezone=site.zone)
    with_phones = Prefetch("patient__contact_points", ContactPoint.objects.order_by("pk"))
    dates = (
        Reexamination.objects.standing()
        .filter(site=site, due_on=now.date())
        .select_related("patient", "doctor")
        .prefetch_related(with_phones)
        .order_by("at_time", "pk")[:MOST]
    )
    begins = timezone.make_aware(datetime.combine(now.date(), time()), site.zone)
    received = (
        Encounter.objects.filter(
            site=site,
            status__in=(EncounterStatus.PLANNED, EncounterStatus.IN_PROGRESS),
            started_at__gte=begins,
            started_at__lt=begins + timedelta(days=1),
        )
        .select_related("patient", "doctor")
        .prefetch_related(with_phones)
        .defer("clinical_notes", "symptoms", "advice")
        .order_by("started_at")[:MOST]
    )
    found: dict[int, Expected] = {}
    for due in dates:
        is_done = due.status == ReexaminationStatus.DONE
        is_confirmed = due.status == ReexaminationStatus.CONFIRMED
        found.setdefault(
            due.patient_id, Expected(due.patient, due.at_time, due.doctor, due.purpose, is_confirmed, is_done)
        )
    for encounter in received:
        clock = timezone.localtime(encounter.started_at, site.zone).time()
        is_here = encounter.created_by_id is not None or encounter.status == EncounterStatus.IN_PROGRESS
        one = Expected(encounter.patient, clock, encounter.doctor, encounter.reason, True, is_here)
        if encounter.patient_id not in found or is_here:
            found[encounter.patient_id] = one
    people = sorted(found.values(), key=lambda one: (one.at_time or time.max, one.patient.name_key))
    doctors = {one.doctor.pk: one.doctor for one in people if one.doctor is not None}
    chosen = doctor_id if doctor_id in doctors else None
    mine = [one for one in people if chosen is None or (one.doctor is not None and one.doctor.pk == chosen)]
    begin = (now - _LATE).time() if now.hour or now.minute >= 30 else time()
    earlier = [one for one in mine if one.has_come or (one.at_time is not None and one.at_time < begin)]
    coming = [one for one in mine if one not in earlier]
    by_name = tuple(sorted(doctors.values(), key=lambda one: one.name_key))
    return ReceptionDay(tuple(coming), tuple(earlier), by_name, chosen)
