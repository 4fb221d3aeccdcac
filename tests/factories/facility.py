from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from tantam.facility.models import Organisation, Site, Speciality


class OrganisationFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation
        django_get_or_create = ("id",)

    id = 1
    name = "Hệ thống Y tế Tận Tâm"
    short_name = "Tận Tâm"
    hotline = "1900 0000"


class SiteFactory(DjangoModelFactory[Site]):
    class Meta:
        model = Site

    code = factory.Sequence(lambda n: f"site-{n}")
    name = factory.Sequence(lambda n: f"Cơ sở {n}")


class SpecialityFactory(DjangoModelFactory[Speciality]):
    class Meta:
        model = Speciality
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"speciality-{n}")
    name = factory.Sequence(lambda n: f"Chuyên khoa {n}")
