"""The doctor's day: who comes today and tomorrow, and what care has learnt about them since the last visit (B9)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext as _

from tantam.accounts.models import Member, Practitioner
from tantam.accounts.permissions import Permission
from tantam.accounts.queries.practitioners import doctors_at
from tantam.care.models import Confirmation, Experience, Finding, FindingKind, Health
from tantam.facility.models import Site
from tantam.patients.models import Patient
from tantam.records.models import Encounter, EncounterStatus, Reexamination, ReexaminationStatus, Trend
from tantam.records.queries import AllergyLine, warning_allergies

MOST_PATIENTS = 120
MOST_FINDINGS = 600
MOST_ELSEWHERE = 30

_ICONS = {
    FindingKind.CONDITION_CHANGED: "activity",
    FindingKind.ALLERGY: "triangle-alert",
    FindingKind.REEXAMINATION_MOVED: "calendar-clock",
    FindingKind.DOCTOR_CHANGED: "stethoscope",
    FindingKind.NEED_UNMET: "message-square-warning",
    FindingKind.CONVERSATION: "phone",
    FindingKind.QUESTION: "message-circle-question-mark",
}


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One thing care learnt, ready to read."""

    id: int
    kind: str
    kind_label: str
    icon: str
    text: str
    learnt_at: datetime
    by: str
    is_unread: bool
    tone: str = "neutral"

    @property
    def facts(self) -> list[str]:
        """One fact a line, as they were noted."""
        return [part.strip() for part in re.split(r"(?<=\.)\s+|\n", self.text) if part.strip()]

    @classmethod
    def of(cls, row: Finding) -> FindingLine:
        kind = FindingKind(row.kind)
        by = row.learnt_by.full_name if row.learnt_by else ""
        return cls(
            row.pk,
            row.kind,
            str(kind.label),
            _ICONS[kind],
            row.summary,
            row.learnt_at,
            by,
            row.seen_at is None,
            _tone(row),
        )


def _tone(row: Finding) -> str:
    """Red for what is dangerous or worse, amber for what needs an answer, green for what got better."""
    told = row.details
    if row.kind == FindingKind.ALLERGY and not told.get("refuted"):
        return "danger"
    if Health.WORSE in (told.get("health"), told.get("trend")):
        return "danger"
    needs_answer = (
        told.get("trend") == Trend.NEW
        or told.get("experience") == Experience.BAD
        or told.get("confirmation") == Confirmation.DECLINED
    )
    if needs_answer or row.kind in (FindingKind.NEED_UNMET, FindingKind.QUESTION):
        return "wait"
    return "good" if Health.BETTER in (told.get("health"), told.get("trend")) else "neutral"


@dataclass(frozen=True, slots=True)
class DayPatient:
    """A patient of the day: when and why they come, and what is known, unread things first."""

    patient: Patient
    day: date | None
    at_time: time | None
    what_for: str
    is_confirmed: bool
    has_come: bool
    allergies: tuple[AllergyLine, ...]
    findings: tuple[FindingLine, ...]
    sees_allergies: bool = True

    @property
    def unread(self) -> tuple[FindingLine, ...]:
        return tuple(line for line in self.findings if line.is_unread)

    @property
    def age_text(self) -> str:
        return self.patient.age_in_words(timezone.localdate())


@dataclass(frozen=True, slots=True)
class DoctorDay:
    """What the page shows, by time: a doctor works down the hours, and what is new is marked where it stands."""

    doctor: Practitioner
    today: tuple[DayPatient, ...]
    tomorrow: tuple[DayPatient, ...]
    elsewhere: tuple[DayPatient, ...]

    @property
    def unread_count(self) -> int:
        return sum(len(one.unread) for one in (*self.today, *self.tomorrow, *self.elsewhere))

    @property
    def sections(self) -> list[tuple[str, tuple[DayPatient, ...]]]:
        """The parts of the page with their headings; the third only when there is something in it."""
        parts = [(_("Today"), self.today), (_("Tomorrow"), self.tomorrow)]
        if self.elsewhere:
            parts.append((_("News about patients of other days"), self.elsewhere))
        return parts

    @property
    def patients(self) -> list[Patient]:
        return [one.patient for one in (*self.today, *self.tomorrow, *self.elsewhere)]


@dataclass(frozen=True, slots=True)
class _Coming:
    patient: Patient
    day: date
    at_time: time | None
    what_for: str
    is_confirmed: bool
    has_come: bool


def doctors_to_choose(member: Member, site: Site) -> list[Practitioner]:
    """Whose day someone without patients of their own may see: the doctors of the site, where they assist."""
    return list(doctors_at(site.pk)) if member.may(Permission.BEFORE_ENCOUNTER, site.pk) else []


def doctor_day(doctor: Practitioner, member: Member) -> DoctorDay:
    """The day of `doctor` as `member` may see it, at the sites where they receive patients. Five statements."""
    sites = member.sites_where(Permission.BEFORE_ENCOUNTER)
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)
    coming = _coming(doctor, sites, today, tomorrow)
    unread_elsewhere = list(
        Finding.objects.filter(doctor=doctor, site__in=sites, seen_at__isnull=True)
        .exclude(patient__in=[one.patient.pk for one in coming])
        .select_related("patient", "learnt_by")
        .order_by("-learnt_at")[:MOST_ELSEWHERE]
    )
    ids = {one.patient.pk for one in coming} | {row.patient_id for row in unread_elsewhere}
    sees = member.may(Permission.RECORD_SEE)
    allergies = warning_allergies(ids) if sees else {}
    findings = _findings([one.patient for one in coming], sites)
    days: dict[date, list[DayPatient]] = {today: [], tomorrow: []}
    for one in coming:
        days[one.day].append(
            DayPatient(
                one.patient,
                one.day,
                one.at_time,
                one.what_for,
                one.is_confirmed,
                one.has_come,
                tuple(allergies.get(one.patient.pk, ())),
                findings.get(one.patient.pk, ()),
                sees_allergies=sees,
            )
        )
    return DoctorDay(
        doctor,
        tuple(sorted(days[today], key=_by_time)),
        tuple(sorted(days[tomorrow], key=_by_time)),
        _elsewhere(unread_elsewhere, allergies, sees=sees),
    )


def _by_time(one: DayPatient) -> tuple[time, str]:
    return one.at_time or time.max, one.patient.name_key


def _coming(doctor: Practitioner, sites: list[int], today: date, tomorrow: date) -> list[_Coming]:
    """By re-examination date and by planned visit; each patient once a day."""
    dates = (
        Reexamination.objects.standing()
        .filter(doctor=doctor, site__in=sites, due_on__in=(today, tomorrow))
        .select_related("patient")
        .order_by("due_on", "at_time", "pk")[:MOST_PATIENTS]
    )
    begins = timezone.make_aware(datetime.combine(today, time()))
    encounters = (
        Encounter.objects.filter(
            status__in=(EncounterStatus.PLANNED, EncounterStatus.IN_PROGRESS),
            doctor=doctor,
            site__in=sites,
            started_at__gte=begins,
            started_at__lt=begins + timedelta(days=2),
        )
        .select_related("patient")
        .defer("clinical_notes")
        .order_by("started_at")[:MOST_PATIENTS]
    )
    found: dict[tuple[date, int], _Coming] = {}
    for encounter in encounters:
        begun = timezone.localtime(encounter.started_at)
        has_come = encounter.status == EncounterStatus.IN_PROGRESS
        one = _Coming(encounter.patient, begun.date(), begun.time(), encounter.reason, True, has_come)
        found.setdefault((one.day, encounter.patient_id), one)
    for due in dates:
        one = _Coming(
            due.patient,
            due.due_on,
            due.at_time,
            due.purpose,
            due.status == ReexaminationStatus.CONFIRMED,
            due.status == ReexaminationStatus.DONE,
        )
        found.setdefault((one.day, due.patient_id), one)
    return list(found.values())


def _findings(patients: Iterable[Patient], sites: list[int]) -> dict[int, tuple[FindingLine, ...]]:
    """What was learnt since each patient's last visit, and what is still unread from before; unread first."""
    since_last_encounter = Q(patient__last_encounter_on__isnull=True) | Q(
        learnt_at__date__gte=F("patient__last_encounter_on")
    )
    is_read = Case(When(seen_at__isnull=True, then=0), default=1)
    rows = (
        Finding.objects.filter(
            since_last_encounter | Q(seen_at__isnull=True), patient__in=list(patients), site__in=sites
        )
        .select_related("learnt_by")
        .order_by(is_read, "-learnt_at", "-pk")[:MOST_FINDINGS]
    )
    found: dict[int, list[FindingLine]] = {}
    for row in rows:
        found.setdefault(row.patient_id, []).append(FindingLine.of(row))
    return {patient_id: tuple(lines) for patient_id, lines in found.items()}


def _elsewhere(
    rows: list[Finding], allergies: dict[int, list[AllergyLine]], *, sees: bool
) -> tuple[DayPatient, ...]:
    """Unread things about patients who do not come today or tomorrow, grouped by patient."""
    by_patient: dict[int, list[Finding]] = {}
    for row in rows:
        by_patient.setdefault(row.patient_id, []).append(row)
    return tuple(
        DayPatient(
            group[0].patient,
            None,
            None,
            "",
            False,
            False,
            tuple(allergies.get(patient_id, ())),
            tuple(FindingLine.of(row) for row in group),
            sees_allergies=sees,
        )
        for patient_id, group in by_patient.items()
    )


def patient_of_the_day(patient: Patient, member: Member) -> DayPatient:
    """One row anew, after its findings were seen."""
    sites = member.sites_where(Permission.BEFORE_ENCOUNTER)
    sees = member.may(Permission.RECORD_SEE)
    allergies = warning_allergies([patient.pk]) if sees else {}
    return DayPatient(
        patient,
        None,
        None,
        "",
        False,
        False,
        tuple(allergies.get(patient.pk, ())),
        _findings([patient], sites).get(patient.pk, ()),
        sees_allergies=sees,
    )
