from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tantam.lib.names import fold
from tantam.records.models import Allergy, Diagnosis, Encounter, PrescriptionLine, Reexamination
from tests.factories.facility import SiteFactory
from tests.factories.patients import PatientFactory


class EncounterFactory(DjangoModelFactory[Encounter]):
    """A finished visit of ten days ago; `days_ago=` moves it."""

    class Meta:
        model = Encounter

    class Params:
        days_ago = 10

    patient = factory.SubFactory(PatientFactory)
    site = factory.SubFactory(SiteFactory)
    started_at = factory.LazyAttribute(lambda encounter: timezone.now() - timedelta(days=encounter.days_ago))
    reason = "Đau ngực khi gắng sức"
    symptoms = "Khó thở nhẹ, hồi hộp"
    advice = "Ăn nhạt, đi bộ 30 phút mỗi ngày"


class DiagnosisFactory(DjangoModelFactory[Diagnosis]):
    class Meta:
        model = Diagnosis

    encounter = factory.SubFactory(EncounterFactory)
    patient = factory.LazyAttribute(lambda row: row.encounter.patient)
    noted_on = factory.LazyAttribute(
        lambda row: timezone.localdate(row.encounter.started_at) if row.encounter else timezone.localdate()
    )
    code = "I10"
    text = "Tăng huyết áp vô căn (nguyên phát)"
    is_main = True


class PrescriptionLineFactory(DjangoModelFactory[PrescriptionLine]):
    class Meta:
        model = PrescriptionLine

    encounter = factory.SubFactory(EncounterFactory)
    patient = factory.LazyAttribute(lambda row: row.encounter.patient)
    started_on = factory.LazyAttribute(
        lambda row: timezone.localdate(row.encounter.started_at) if row.encounter else timezone.localdate()
    )
    drug = "Amlodipin 5 mg"
    amount = "1 viên"
    times_a_day = 1
    days = 30
    meals = "after"


class AllergyFactory(DjangoModelFactory[Allergy]):
    class Meta:
        model = Allergy

    patient = factory.SubFactory(PatientFactory)
    agent = "Penicillin"
    agent_key = factory.LazyAttribute(lambda row: fold(row.agent))
    reaction = "Nổi mày đay"
    severity = "moderate"
    certainty = "confirmed"


class ReexaminationFactory(DjangoModelFactory[Reexamination]):
    """An open re-examination in five days; `in_days=` moves it."""

    class Meta:
        model = Reexamination

    class Params:
        in_days = 5

    patient = factory.SubFactory(PatientFactory)
    site = factory.SubFactory(SiteFactory)
    due_on = factory.LazyAttribute(lambda row: timezone.localdate() + timedelta(days=row.in_days))
