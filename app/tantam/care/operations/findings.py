"""What care learns reaches the doctor: one finding, one journal entry, one line in the bell, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from tantam.accounts.models import Member, Practitioner
from tantam.care.events import CareEvent
from tantam.care.extends.bell import bell_kind
from tantam.care.models import CareTask, Finding, FindingKind
from tantam.care.queries.recipients import managers_of, who_is_told
from tantam.care.rules.outcomes import concerns_managers
from tantam.care.rules.results import Learnt
from tantam.facility.models import Site
from tantam.journal.operations import nothing_changed, notify, operation, record, record_many
from tantam.patients.models import Patient
from tantam.ui import links


@operation
def note_finding(
    kind: FindingKind,
    summary: str,
    *,
    patient: Patient,
    site: Site,
    doctor: Practitioner | None,
    task: CareTask | None = None,
    speciality_id: int | None = None,
    also: Iterable[Member] = (),
    quiet: bool = False,
    actor: Member,
    **details: Any,
) -> Learnt:
    """Put one thing on the doctor's “before the visit” list and tell them; part of the act that learnt it (B9).

    `also` are told besides whoever answers for the patient. `quiet` leaves it on the list without a line in the bell.
    The site's managers hear of a patient who is worse and of a need we cannot meet. Nobody is told of their own act.
    """
    finding = Finding.objects.create(
        patient=patient,
        doctor=doctor,
        site=site,
        task=task,
        kind=kind,
        summary=summary,
        details=details,
        learnt_by=actor,
    )
    concerned = [] if quiet else [*who_is_told(doctor, site=site, speciality_id=speciality_id), *also]
    if concerns_managers(kind, details):
        concerned += managers_of(site)
    told = list({member.pk: member for member in concerned if member.pk != actor.pk}.values())
    record(
        CareEvent.FINDING_NOTED,
        finding,
        actor=actor,
        kind=kind,
        doctor=doctor.pk if doctor else None,
        told=[member.pk for member in told],
    )
    if told:
        notify(
            told,
            bell_kind(kind),
            patient_id=patient.pk,
            url=links.url("patient", patient.pk),
            finding=finding.pk,
            finding_kind=kind,
            patient_code=patient.code,
        )
    return Learnt(finding, told)


@operation
def see_findings(findings: Sequence[Finding], *, actor: Member) -> int:
    """The doctor has read these; answers how many were new to anyone (B9). Reading twice changes nothing."""
    unread = [finding.pk for finding in findings if finding.seen_at is None]
    # In key order, as everyone does who holds more than one patient.
    for patient_id in sorted({finding.patient_id for finding in findings if finding.seen_at is None}):
        Patient.objects.held(patient_id)
    rows = Finding.objects.filter(pk__in=unread, seen_at__isnull=True)
    fresh = list(rows.order_by("pk").select_for_update(of=("self",)))
    if not fresh:
        nothing_changed()
        return 0
    now = timezone.now()
    for finding in fresh:
        finding.seen_at, finding.seen_by = now, actor
    Finding.objects.bulk_update(fresh, ["seen_at", "seen_by"])
    record_many(CareEvent.FINDINGS_SEEN, fresh, actor=actor)
    return len(fresh)
