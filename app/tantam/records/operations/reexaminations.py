from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from uuid import UUID

from django.db import connection
from django.utils import timezone

from tantam.accounts.models import Member, Practitioner
from tantam.facility.models import Site, Speciality
from tantam.facility.queries import holiday_name, is_open_at, is_open_on
from tantam.journal.operations import nothing_changed, operation, record, record_many
from tantam.lib.dates import format_day
from tantam.lib.text import clean_text
from tantam.patients.models import Patient
from tantam.records.errors import (
    PatientNotContactable,
    ReexaminationAlreadyPlanned,
    ReexaminationInPast,
    ReexaminationMovedMeanwhile,
    ReexaminationTooFar,
    SiteClosedThen,
)
from tantam.records.events import RecordEvent
from tantam.records.models import Encounter, Reexamination, ReexaminationStatus

YEARS_AHEAD = 3
# A visit this many days before the date, or any time after it, keeps the re-examination …
MET_DAYS_BEFORE = 14


def _check_day(site: Site, due_on: date) -> None:
    today = timezone.localdate(timezone=site.zone)
    if due_on < today:
        raise ReexaminationInPast(field="due_on", day=f"{due_on:%d/%m/%Y}")
    try:
        latest = today.replace(year=today.year + YEARS_AHEAD)
    except ValueError:  # 29 February
        latest = today.replace(year=today.year + YEARS_AHEAD, day=28)
    if due_on > latest:
        raise ReexaminationTooFar(field="due_on", day=f"{due_on:%d/%m/%Y}")


def _check_open(site: Site, due_on: date, at_time: time | None, *, anyway: bool, reason: str) -> None:
    """A closed day, or an hour after closing, is taken only by who says so and why."""
    if is_open_at(site, due_on, at_time) if at_time else is_open_on(site, due_on):
        return
    if anyway and clean_text(reason, max_length=300):
        return
    when = holiday_name(due_on, site) or format_day(due_on)
    if at_time:
        when = f"{at_time:%H:%M} {when}"
    raise SiteClosedThen(field="reason" if anyway else "due_on", site=site.name, when=when)


def _held(reexamination: Reexamination) -> Reexamination:
    """The open re-examination as it is now, locked after its patient. Refuses with ReexaminationClosed."""
    Patient.objects.held(reexamination.patient_id)
    return Reexamination.objects.held_open(reexamination)


@operation
def plan_reexamination(
    patient: Patient,
    *,
    site: Site,
    due_on: date,
    at_time: time | None = None,
    doctor: Practitioner | None = None,
    speciality: Speciality | None = None,
    encounter: Encounter | None = None,
    purpose: str = "",
    anyway: bool = False,
    reason: str = "",
    submission: UUID | None = None,
    actor: Member,
) -> Reexamination:
    """Set a date on which the patient is to come again (B2, B4).

    Refuses with ReexaminationInPast, ReexaminationTooFar (three years), PatientNotContactable, or
    ReexaminationAlreadyPlanned for the same day, site and speciality; with SiteClosedThen for a time at which the
    site is closed, unless it is meant so (`anyway`) and the `reason` is given. A form sent twice (same
    `submission`) sets one date; the second time answers the first.
    """
    _check_day(site, due_on)
    _check_open(site, due_on, at_time, anyway=anyway, reason=reason)
    # Two sendings of one form wait for each other here, so that the second one sees the first.
    patient = Patient.objects.held(patient.pk)
    if submission is not None:
        sent = Reexamination.objects.filter(patient=patient, submission=submission).first()
        if sent is not None:
            nothing_changed()
            return sent
    if not patient.may_be_contacted:
        raise PatientNotContactable
    already = Reexamination.objects.open().filter(
        patient=patient, site=site, speciality=speciality, due_on=due_on
    )
    if already.exists():
        raise ReexaminationAlreadyPlanned(field="due_on", day=f"{due_on:%d/%m/%Y}")
    planned: Reexamination = Reexamination.objects.create(
        patient=patient,
        encounter=encounter,
        site=site,
        speciality=speciality,
        doctor=doctor,
        due_on=due_on,
        at_time=at_time,
        purpose=clean_text(purpose, max_length=300),
        change_reason=clean_text(reason, max_length=300),
        submission=submission,
    )
    record(RecordEvent.REEXAMINATION_PLANNED, planned, actor=actor, due_on=due_on, doctor=doctor)
    return planned


@operation
def move_reexamination(
    reexamination: Reexamination,
    *,
    due_on: date,
    at_time: time | None = None,
    reason: str = "",
    anyway: bool = False,
    seen: str = "",
    actor: Member,
) -> Reexamination:
    """Move a re-examination to another day or time (B7).

    What the patient confirmed was the old date, so the moved one waits to be confirmed. The same day and time
    change nothing. `seen` is the date whoever moves it had before them (`Reexamination.planned_for`).

    Refuses with SiteClosedThen for a time at which the site is closed, unless it is meant so (`anyway`) and the
    `reason` is given; with ReexaminationMovedMeanwhile when `seen` is another date by now, ReexaminationClosed,
    ReexaminationInPast or ReexaminationTooFar.
    """
    moved = _held(reexamination)
    if (moved.due_on, moved.at_time) == (due_on, at_time):
        nothing_changed()
        return moved
    if seen and seen != moved.planned_for:
        raise ReexaminationMovedMeanwhile(field="due_on", day=f"{moved.due_on:%d/%m/%Y}")
    _check_day(moved.site, due_on)
    _check_open(moved.site, due_on, at_time, anyway=anyway, reason=reason)
    before, time_before = moved.due_on, moved.at_time
    moved.due_on = due_on
    moved.at_time = at_time
    moved.status = ReexaminationStatus.PLANNED
    moved.confirmed_at = None
    moved.change_reason = clean_text(reason, max_length=300)
    moved.save(update_fields=["due_on", "at_time", "status", "confirmed_at", "change_reason"])
    record(
        RecordEvent.REEXAMINATION_MOVED,
        moved,
        actor=actor,
        moved_from=before,
        moved_to=due_on,
        time_from=time_before.isoformat("minutes") if time_before else None,
        time_to=at_time.isoformat("minutes") if at_time else None,
        doctor=moved.doctor_id,
    )
    return moved


@operation
def confirm_reexamination(reexamination: Reexamination, *, actor: Member) -> Reexamination:
    """Note that the patient says they will come (B6). Confirming twice changes nothing.

    Refuses with ReexaminationClosed, or ReexaminationInPast when the date has passed: move it first.
    """
    confirmed = _held(reexamination)
    if confirmed.status == ReexaminationStatus.CONFIRMED:
        nothing_changed()
        return confirmed
    if confirmed.due_on < timezone.localdate(timezone=confirmed.site.zone):
        raise ReexaminationInPast(day=f"{confirmed.due_on:%d/%m/%Y}")
    confirmed.status = ReexaminationStatus.CONFIRMED
    confirmed.confirmed_at = timezone.now()
    confirmed.save(update_fields=["status", "confirmed_at"])
    record(RecordEvent.REEXAMINATION_CONFIRMED, confirmed, actor=actor, due_on=confirmed.due_on)
    return confirmed


@operation
def cancel_reexamination(reexamination: Reexamination, *, reason: str = "", actor: Member) -> Reexamination:
    """Give a re-examination up: the patient will not come, or need not. Refuses with ReexaminationClosed."""
    cancelled = _held(reexamination)
    cancelled.status = ReexaminationStatus.CANCELLED
    cancelled.change_reason = clean_text(reason, max_length=300)
    cancelled.save(update_fields=["status", "change_reason"])
    record(
        RecordEvent.REEXAMINATION_CANCELLED,
        cancelled,
        actor=actor,
        due_on=cancelled.due_on,
        doctor=cancelled.doctor_id,
    )
    return cancelled


# … but not before half of the time between the visit that planned it and the date has gone by, nor on the day of
# that visit, so that a check after a week is not taken for kept by a consultation on the second day.
_MEETINGS = """
SELECT DISTINCT ON (due.id) due.id, visit.id
FROM records_reexamination due
JOIN facility_site site ON site.id = due.site_id
LEFT JOIN records_encounter planner ON planner.id = due.encounter_id
JOIN records_encounter visit
  ON visit.patient_id = due.patient_id
 AND visit.site_id = due.site_id
 AND visit.status IN ('finished', 'in_progress')
 AND visit.id IS DISTINCT FROM due.encounter_id
 AND (visit.speciality_id IS NULL OR due.speciality_id IS NULL OR visit.speciality_id = due.speciality_id)
 AND (visit.started_at AT TIME ZONE site.time_zone)::date >= greatest(
       due.due_on - %(days)s,
       (planner.started_at AT TIME ZONE site.time_zone)::date + 1,
       (planner.started_at AT TIME ZONE site.time_zone)::date
         + (due.due_on - (planner.started_at AT TIME ZONE site.time_zone)::date) / 2
     )
WHERE due.patient_id = ANY(%(patients)s) AND due.status IN ('planned', 'confirmed')
ORDER BY due.id, visit.started_at, visit.id
"""


@operation
def close_met_reexaminations(patient_ids: Iterable[int], *, actor: Member | None) -> list[Reexamination]:
    """Mark open re-examinations as kept where the patient has come; answers the closed ones.

    Kept means: a visit at the same site, not of another speciality, from 14 days before the date on, later
    than the visit that planned it, and past half of the way from there to the date. Called by the act that
    writes a visit, and by the import after each batch; running it again changes nothing. Locks the patients in the
    order of their keys, then the rows.
    """
    patients = sorted(set(patient_ids))
    Patient.objects.hold(patients)
    with connection.cursor() as cursor:
        cursor.execute(_MEETINGS, {"days": MET_DAYS_BEFORE, "patients": patients})
        encounters = dict(cursor.fetchall())
    held = (
        Reexamination.objects.open()
        .filter(pk__in=encounters)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    kept = list(held) if encounters else []
    if not kept:
        nothing_changed()
        return []
    for reexamination in kept:
        reexamination.status = ReexaminationStatus.DONE
        reexamination.met_by_id = encounters[reexamination.pk]
    Reexamination.objects.bulk_update(kept, ["status", "met_by"])
    record_many(RecordEvent.REEXAMINATION_DONE, kept, actor=actor)
    return kept
