"""What the record itself puts on the timeline: visits, medicines, allergies, dates, changes, consents."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.db.models import DateTimeField, F, Prefetch, prefetch_related_objects
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tantam.accounts.permissions import Permission
from tantam.privacy.models import Consent, ConsentChannel, ConsentDecision, Purpose
from tantam.records.models import (
    Allergy,
    Certainty,
    ConditionChange,
    Diagnosis,
    Encounter,
    PrescriptionLine,
    Reexamination,
    ReexaminationStatus,
    Severity,
    Trend,
)
from tantam.records.queries.lines import DiagnosisLine, EncounterLine, MedicineLine, doctor_name, site_name
from tantam.records.registries.timeline import TimelineEntry, Window, register


def encounters(window: Window) -> list[TimelineEntry]:
    mine = Encounter.objects.visible_to(window.member).filter(patient=window.patient_id)
    rows = window.rows(mine.select_related("doctor", "speciality").defer("clinical_notes"), "started_at")
    prefetch_related_objects(
        rows,
        Prefetch("diagnoses", Diagnosis.objects.order_by("-is_main", "pk")),
        Prefetch("prescription_lines", PrescriptionLine.objects.order_by("pk")),
    )
    entries = []
    for row in rows:
        diagnoses = tuple(DiagnosisLine.of(one) for one in row.diagnoses.all())
        line = EncounterLine.of(row, diagnoses)
        entries.append(
            TimelineEntry(
                row.started_at,
                row.pk,
                "stethoscope",
                line.what_for,
                text=row.reason if diagnoses else row.symptoms,
                lines=tuple(str(MedicineLine.of(one)) for one in row.prescription_lines.all()),
                marks=tuple(str(one) for one in diagnoses[1:]),
                by=line.doctor,
                where=line.site,
                tone="accent",
                url=reverse("records:encounter", args=[row.pk]),
                is_struck=row.is_cancelled,
            )
        )
    return entries


def medicines_of_no_encounter(window: Window) -> list[TimelineEntry]:
    rows = window.rows(
        PrescriptionLine.objects.visible_to(window.member)
        .filter(patient=window.patient_id, encounter__isnull=True, started_on__isnull=False)
        .annotate(at=Cast(F("started_on"), DateTimeField())),
        "at",
    )
    return [
        TimelineEntry(
            _midnight(row.started_on),
            row.pk,
            "pill",
            row.drug,
            text=MedicineLine.of(row).dosage,
            day=row.started_on,
            where=row.came_from,
        )
        for row in rows
        if row.started_on is not None
    ]


def allergies(window: Window) -> list[TimelineEntry]:
    rows = window.rows(
        Allergy.objects.visible_to(window.member)
        .filter(patient=window.patient_id)
        .select_related("noted_by"),
        "noted_at",
    )
    return [
        TimelineEntry(
            row.noted_at,
            row.pk,
            "triangle-alert",
            _("Allergy: %(agent)s") % {"agent": row.agent},
            text=row.reaction,
            marks=(str(Severity(row.severity).label), str(Certainty(row.certainty).label)),
            by=row.noted_by.full_name if row.noted_by else "",
            tone="danger" if row.warns else "neutral",
            is_struck=not row.warns,
        )
        for row in rows
    ]


_DATE_TONES = {"planned": "wait", "confirmed": "good", "done": "good", "cancelled": "neutral"}


def reexaminations(window: Window) -> list[TimelineEntry]:
    rows = window.rows(
        Reexamination.objects.visible_to(window.member)
        .filter(patient=window.patient_id)
        .select_related("doctor")
        .annotate(at=Cast(F("due_on"), DateTimeField())),
        "at",
    )
    return [
        TimelineEntry(
            _midnight(row.due_on),
            row.pk,
            "calendar-check",
            _("Re-examination"),
            text=row.purpose,
            marks=(str(ReexaminationStatus(row.status).label),),
            by=doctor_name(row.doctor),
            where=site_name(row.site_id),
            tone=_DATE_TONES[row.status],
            day=row.due_on,
            is_struck=row.status == ReexaminationStatus.CANCELLED,
        )
        for row in rows
    ]


def changes(window: Window) -> list[TimelineEntry]:
    rows = window.rows(
        ConditionChange.objects.visible_to(window.member)
        .filter(patient=window.patient_id)
        .select_related("reported_to"),
        "reported_at",
    )
    return [
        TimelineEntry(
            row.reported_at,
            row.pk,
            "activity",
            _("Condition changed"),
            text=row.text,
            marks=(str(Trend(row.trend).label),),
            by=row.reported_to.full_name if row.reported_to else "",
            where=site_name(row.site_id),
            tone="wait" if row.trend in (Trend.WORSE, Trend.NEW) else "good",
        )
        for row in rows
    ]


def consents(window: Window) -> list[TimelineEntry]:
    rows = window.rows(
        Consent.objects.filter(patient=window.patient_id).select_related("recorded_by").defer("evidence"),
        "decided_at",
    )
    return [
        TimelineEntry(
            row.decided_at,
            row.pk,
            "shield-check",
            _("Consent: %(purpose)s") % {"purpose": Purpose(row.purpose).label},
            marks=(str(ConsentDecision(row.decision).label), str(ConsentChannel(row.channel).label)),
            by=row.recorded_by.full_name if row.recorded_by else "",
            tone="good" if row.decision == ConsentDecision.GIVEN else "neutral",
        )
        for row in rows
    ]


def _midnight(day: date) -> datetime:
    # The database casts a day to the moment it begins in UTC, which is how it is compared with a cursor.
    return datetime.combine(day, time(), tzinfo=UTC)


_SEES, _FINDS = Permission.RECORD_SEE, Permission.PATIENT_FIND
register("encounter", gettext_lazy("Visits"), encounters, permission=_SEES, model=Encounter)
register(
    "medicine", gettext_lazy("Medicines"), medicines_of_no_encounter, permission=_SEES, model=PrescriptionLine
)
register("allergy", gettext_lazy("Allergies"), allergies, permission=_SEES, model=Allergy)
register("date", gettext_lazy("Re-examinations"), reexaminations, permission=_SEES, model=Reexamination)
register("change", gettext_lazy("Condition changes"), changes, permission=_SEES, model=ConditionChange)
register("consent", gettext_lazy("Consents"), consents, permission=_FINDS, model=Consent)
