"""One patient with everything around a care call, used by the tests of the call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from tantam.accounts.models import Member, Practitioner
from tantam.care.models import CareTask
from tantam.care.operations.claims import claim_task
from tantam.facility.models import Site
from tantam.patients.models import ContactPoint, Patient
from tantam.records.models import Encounter, Reexamination
from tests.factories.care import CareTaskFactory
from tests.factories.patients import ContactPointFactory, PatientFactory
from tests.factories.records import (
    DiagnosisFactory,
    EncounterFactory,
    PrescriptionLineFactory,
    ReexaminationFactory,
)

HTMX = {"HX-Request": "true"}
# What each act's form sends; `doctor` is filled in by the test.
FORMS = {
    "condition": {"trend": "worse", "text": "Khó thở"},
    "allergy": {"agent": "Ibuprofen", "kind": "drug", "severity": "mild", "certainty": "suspected"},
    "date": {"due_on": f"{timezone.localdate() + timedelta(days=20):%d/%m/%Y}"},
    "doctor": {},
    "need": {"need": "Khám buổi tối", "explanation": "Chưa có ca tối"},
    "question": {"text": "Có lái xe được không?"},
}


@dataclass
class Story:
    """Chị Hằng, seen by doctor Sơn for her blood pressure, to come again in five days."""

    patient: Patient
    phone: ContactPoint
    mothers_phone: ContactPoint
    encounter: Encounter
    reexamination: Reexamination
    task: CareTask
    site: Site

    def claimed_by(self, member: Member) -> CareTask:
        self.task = claim_task(self.task, actor=member)
        return self.task


def story_of(site: Site, doctor: Practitioner | None, *, in_days: int = 5) -> Story:
    patient = PatientFactory(full_name="Nguyễn Thị Hằng", birth_year=1985, home_site=site)
    phone = ContactPointFactory(patient=patient, raw="0912345678", is_preferred=True, note="Sau 17 giờ")
    mothers_phone = ContactPointFactory(patient=patient, raw="0987654321", owner="mother")
    speciality = doctor.speciality if doctor else None
    encounter = EncounterFactory(patient=patient, site=site, doctor=doctor, speciality=speciality)
    DiagnosisFactory(encounter=encounter)
    PrescriptionLineFactory(encounter=encounter)
    coming = ReexaminationFactory(
        patient=patient,
        site=site,
        doctor=doctor,
        encounter=encounter,
        speciality=speciality,
        in_days=in_days,
    )
    task = CareTaskFactory(
        patient=patient,
        site=site,
        reexamination=coming,
        encounter=encounter,
        doctor=doctor,
        speciality=speciality,
        source_id=coming.pk,
        anchor_on=coming.due_on,
    )
    return Story(patient, phone, mothers_phone, encounter, coming, task, site)


def url_of(name: str, story: Story, *more: object) -> str:
    """The address of a page of the story's call."""
    return reverse(f"care:{name}", args=[story.task.pk, *more])
