from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from tantam.lib.phones import parse_phone
from tantam.patients.models import ContactKind, ContactPoint, Patient, Relative
from tantam.patients.rules.keys import contact_keys, identity_index, insurance_index, name_keys


class PatientFactory(DjangoModelFactory[Patient]):
    """A patient; `phone="0912345678"` gives them a preferred phone of their own."""

    class Meta:
        model = Patient
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"BN-{n + 1:06d}")
    full_name = factory.Sequence(lambda n: f"Nguyễn Thị Hằng {n}")
    name_key = factory.LazyAttribute(lambda patient: name_keys(patient.full_name)[0])
    name_key_reversed = factory.LazyAttribute(lambda patient: name_keys(patient.full_name)[1])
    identity_index = factory.LazyAttribute(
        lambda patient: identity_index(getattr(patient, "identity_number", ""))
    )
    insurance_index = factory.LazyAttribute(
        lambda patient: insurance_index(getattr(patient, "insurance_number", ""))
    )
    birth_year = factory.LazyAttribute(
        lambda patient: patient.birth_date.year if getattr(patient, "birth_date", None) else 1985
    )
    sex = "female"

    @factory.post_generation
    def phone(self: Any, create: bool, extracted: str | None, **kwargs: Any) -> None:
        if extracted:
            ContactPointFactory(patient=self, raw=extracted, is_preferred=True)


class ContactPointFactory(DjangoModelFactory[ContactPoint]):
    class Meta:
        model = ContactPoint

    class Params:
        raw = "0912345678"

    patient = factory.SubFactory(PatientFactory)
    kind = ContactKind.PHONE
    value = factory.LazyAttribute(
        lambda point: point.raw if point.kind == ContactKind.EMAIL else parse_phone(point.raw).e164
    )
    value_index = factory.LazyAttribute(lambda point: contact_keys(point.kind, point.value).value_index)
    tail_index = factory.LazyAttribute(lambda point: contact_keys(point.kind, point.value).tail_index)


class RelativeFactory(DjangoModelFactory[Relative]):
    class Meta:
        model = Relative

    patient = factory.SubFactory(PatientFactory)
    full_name = "Nguyễn Văn Bảo"
    relationship = "father"
