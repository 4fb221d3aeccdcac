from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from tantam.accounts.models import Member, Practitioner, RoleGrant
from tantam.lib.names import fold

PASSWORD = "mat-khau-thu-nghiem-1"


class MemberFactory(DjangoModelFactory[Member]):
    """A member; `roles=[(Role.DOCTOR, site)]` grants roles, `password=` makes sign-in by form possible."""

    class Meta:
        model = Member
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"member{n}")
    full_name = factory.Sequence(lambda n: f"Nguyễn Văn {n}")
    name_key = factory.LazyAttribute(lambda member: fold(member.full_name))
    password = "!"

    @factory.post_generation
    def roles(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        for role, site in extracted or ():
            RoleGrant.of(self, role, site).save(force_insert=True)

    @factory.post_generation
    def typed_password(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted:
            self.set_password(extracted)
            self.save(update_fields=["password"])


class PractitionerFactory(DjangoModelFactory[Practitioner]):
    class Meta:
        model = Practitioner

    full_name = factory.Sequence(lambda n: f"Trần Văn {n}")
    name_key = factory.LazyAttribute(lambda practitioner: fold(practitioner.full_name))
