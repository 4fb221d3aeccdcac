"""What care learns reaches the doctor: one finding, one journal entry, one notice, in the act's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from tantam.accounts.models import Member, Practitioner
from tantam.accounts.permissions import Permission, Role
from tantam.care.events import CareEvent
from tantam.care.extends.bell import bell_kind
from tantam.care.models import CareTask, Finding, FindingKind
from tantam.facility.models import Site
from tantam.journal.operations import nothing_changed, notify, operation, record, record_many
from tantam.patients.models import Patient
from tantam.ui import links


@dataclass(frozen=True, slots=True)
class Learnt:
    """A finding, and the colleagues who were told of it at once."""

    finding: Finding
    told: list[Member]

    @property
    def names_told(self) -> str:
        return ", ".join(member.full_name for member in self.told)


def responsible_doctor(task: CareTask) -> Practitioner | None:
    """Who answers for the patient in this matter: of the re-examination, else of the task, else of the visit."""
    if task.reexamination is not None and task.reexamination.doctor_id is not None:
        return task.reexamination.doctor
    if task.doctor_id is not None:
        return task.doctor
    return task.encounter.doctor if task.encounter is not None else None


def who_is_told(doctor: Practitioner | None, *, site: Site, speciality_id: int | None) -> list[Member]:
    """Who gets the notice about a finding, never nobody where anyone could act (B7).

    The responsible doctor, when they sign in. Else the doctors of the same speciality at the site. Else the
    managers of the site, who see to it that a doctor learns of it.
    """
    if doctor is not None and doctor.member_id is not None:
        own = Member.objects.active().filter(pk=doctor.member_id).first()
        if own is not None:
            return [own]
    wanted = speciality_id or (doctor.speciality_id if doctor is not None else None)
    if wanted is not None:
        colleagues = Member.objects.allowed(Permission.BEFORE_VISIT, site.pk).filter(
            practitioner__speciality_id=wanted, practitioner__is_active=True
        )
        if told := list(colleagues):
            return told
    return list(Member.objects.active().filter(grants__role=Role.MANAGER, grants__site_id=site.pk).distinct())


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

    `also` are told besides whoever answers for the patient. `quiet` leaves it on the list without a notice.
    Nobody is told of their own act.
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


def noted_before(task: CareTask, once: str) -> Finding | None:
    """The finding made by an earlier sending of the same form; ask while the task is locked."""
    return task.findings.filter(details__once=once).first() if once else None


@operation
def see_findings(findings: Sequence[Finding], *, actor: Member) -> int:
    """The doctor has read these; answers how many were new to anyone (B9). Reading twice changes nothing."""
    unread = [finding.pk for finding in findings if finding.seen_at is None]
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
