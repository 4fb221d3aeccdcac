from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from tantam.lib.crypto import default_keyring
from tantam.lib.names import fold, reversed_words
from tantam.lib.phones import parse_phone, tail
from tantam.patients.models import ContactKind, ContactPoint, Patient


class PatientFactory(DjangoModelFactory[Patient]):
    """A patient; `phone="0912345678"` gives them a preferred phone of their own."""

    class Meta:
        model = Patient
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"BN-{n + 1:06d}")
    full_name = factory.Sequence(lambda n: f"Nguyễn Thị Hằng {n}")
    name_key = factory.LazyAttribute(lambda patient: fold(patient.full_name))
    name_key_reversed = factory.LazyAttribute(lambda patient: reversed_words(fold(patient.full_name)))
    birth_year = 1985
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
    value = factory.LazyAttribute(lambda point: parse_phone(point.raw).e164)
    value_index = factory.LazyAttribute(lambda point: default_keyring().blind_index("phone", point.value))
    tail_index = factory.LazyAttribute(
        lambda point: default_keyring().blind_index("phone-tail", tail(point.value, 4))
    )
