from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models.members import Member
from tantam.accounts.models.practitioners import Practitioner
from tantam.accounts.permissions import Role
from tantam.facility.models import Site

Grant = tuple[Role, Site]


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def give(self, member: Member, grants: Collection[Grant]) -> None:
        """Let the member hold these roles; a doctor becomes someone the records can name."""
        self.bulk_create([RoleGrant(member=member, role=role, site=site) for role, site in grants])
        for role, site in grants:
            if role == Role.DOCTOR:
                Practitioner.objects.get_or_create(
                    member=member,
                    defaults={"full_name": member.full_name, "name_key": member.name_key, "site": site},
                )


class RoleGrant(models.Model):
    """A role held by a member at a site."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("Role"), max_length=30, choices=Role.choices)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "role", "site"], name="role_once_a_site"),)

    def __str__(self) -> str:
        return f"{self.member_id}: {self.role} @ {self.site_id}"
