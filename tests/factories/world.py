"""One row of everything an address may name, all of one patient at one site."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tantam.accounts.models import Invitation, Member, OwnRole
from tantam.accounts.permissions import Permission
from tantam.care.models import Question
from tantam.care.models.rules import Action
from tantam.facility.models import Department, HolidayOverride, Room, Site
from tantam.lib.scans import Scan
from tantam.privacy.models import Consent, ConsentEvidence
from tantam.privacy.operations import add_evidence
from tests.factories.accounts import MemberFactory, PractitionerFactory
from tests.factories.care import CareRuleFactory, CareTaskFactory
from tests.factories.exchange import ImportRunFactory, SourceFactory
from tests.factories.knowledge import GuideVersionFactory
from tests.factories.patients import ContactPointFactory, PatientFactory, RelativeFactory
from tests.factories.records import (
    AllergyFactory,
    DiagnosisFactory,
    EncounterFactory,
    PrescriptionLineFactory,
    ReexaminationFactory,
)
from tests.factories.scans import png


def one_of_everything(site: Site) -> dict[str, int | str]:
    """The ids by the names the URLs give them; `message_id` is a task that is a message."""
    patient = PatientFactory(phone="0912345678")
    doctor = PractitionerFactory(site=site)
    encounter = EncounterFactory(patient=patient, site=site, doctor=doctor)
    colleague = MemberFactory(username="dong-nghiep")
    reexamination = ReexaminationFactory(patient=patient, site=site, encounter=encounter, doctor=doctor)
    call = CareTaskFactory(patient=patient, site=site, source_id=reexamination.pk)
    message = CareTaskFactory(
        patient=patient, site=site, action=Action.MESSAGE, rule=CareRuleFactory(action=Action.MESSAGE)
    )
    consent = Consent.objects.create(
        patient=patient, purpose="care_contact", decision="given", channel="paper", recorded_by=colleague
    )
    department = Department.objects.create(site=site, name="Khoa Tim mạch")
    return {
        "patient_id": patient.pk,
        "point_id": ContactPointFactory(patient=patient, raw="0987654321").pk,
        "relative_id": RelativeFactory(patient=patient).pk,
        "encounter_id": encounter.pk,
        "diagnosis_id": DiagnosisFactory(encounter=encounter).pk,
        "line_id": PrescriptionLineFactory(encounter=encounter).pk,
        "allergy_id": AllergyFactory(patient=patient).pk,
        "reexamination_id": reexamination.pk,
        "task_id": call.pk,
        "message_id": message.pk,
        "question_id": Question.objects.create(
            patient=patient, site=site, task=call, text="Uống lúc nào?"
        ).pk,
        "rule_id": CareRuleFactory().pk,
        "guide_id": GuideVersionFactory().guide.pk,
        "run_id": ImportRunFactory(source=SourceFactory(site=site)).pk,
        "consent_id": consent.pk,
        "evidence_id": _evidence(consent, colleague).pk,
        "site_id": site.pk,
        "department_id": department.pk,
        "room_id": Room.objects.create(site=site, department=department, name="P. 101").pk,
        "holiday_id": HolidayOverride.objects.create(
            site=site, day=timezone.localdate() + timedelta(days=60), name="Nghỉ bù"
        ).pk,
        "member_id": colleague.pk,
        "invitation_id": _invitation(colleague, site).pk,
        "role_id": OwnRole.objects.create(name="Điều phối", permissions=[Permission.PATIENT_FIND]).pk,
        "purpose": "care_contact",
    }


def _evidence(consent: Consent, by: Member) -> ConsentEvidence:
    return add_evidence(consent, scan=Scan("png", png()), actor=by)


def _invitation(by: Member, site: Site) -> Invitation:
    return Invitation.objects.create(
        token_hash=b"0" * 32,
        grants=[["care_agent", site.pk]],
        full_name="Trần Thị Mới",
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=3),
    )
