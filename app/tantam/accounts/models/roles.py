from __future__ import annotations

from collections.abc import Collection
from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models.members import Member
from tantam.accounts.models.practitioners import Practitioner
from tantam.accounts.permissions import GUARDED, Permission, Role
from tantam.facility.models import Site
from tantam.lib.append_only import track

OWN = "own-"


class OwnRoleQuerySet(models.QuerySet["OwnRole"]):
    def in_use(self) -> Self:
        return self.filter(retired_at__isnull=True)


@track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class OwnRole(models.Model):
    """A role the organisation has put together itself from permissions; given per site like the shipped ones."""

    name = models.CharField(_("Name"), max_length=60)
    permissions = ArrayField(models.CharField(max_length=40, choices=Permission.choices), default=list)
    idle_minutes = models.PositiveSmallIntegerField(
        _("Minutes until an unused session ends"),
        default=120,
        help_text=_("At most 30 when the role needs a second step."),
    )
    submission = models.UUIDField(null=True, unique=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    retired_at = models.DateTimeField(null=True, editable=False)

    objects = OwnRoleQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                Lower("name"),
                name="own_role_name_once",
                condition=models.Q(retired_at__isnull=True),
                violation_error_message=_("There is a role of this name already."),
            ),
            models.CheckConstraint(
                condition=models.Q(idle_minutes__range=(10, 720)), name="own_role_idle_minutes"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        return f"{OWN}{self.pk}"

    @property
    def label(self) -> str:
        return self.name

    @property
    def is_in_use(self) -> bool:
        return self.retired_at is None

    @property
    def needs_second_factor(self) -> bool:
        """As the shipped roles do: when it may do what only administrators and privacy officers may."""
        return not GUARDED.isdisjoint(self.permissions)

    def retire(self) -> None:
        """Nobody can be given it any more."""
        self.retired_at = timezone.now()
        self.save(update_fields=["retired_at"])


AnyRole = Role | OwnRole
Grant = tuple[AnyRole, Site]


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def give(self, member: Member, grants: Collection[Grant]) -> None:
        """Let the member hold these roles; a doctor becomes someone the records can name."""
        self.bulk_create([RoleGrant.of(member, role, site) for role, site in grants])
        for role, site in grants:
            if role == Role.DOCTOR:
                Practitioner.objects.get_or_create(
                    member=member,
                    defaults={"full_name": member.full_name, "name_key": member.name_key, "site": site},
                )

    def allowing(self, permission: Permission | str) -> Self:
        """Grants of roles, shipped or own, that have the permission."""
        shipped = [role for role in Role if permission in role.permissions]
        return self.filter(
            models.Q(role__in=shipped) | models.Q(own_role__permissions__contains=[str(permission)])
        )


class RoleGrant(models.Model):
    """A role held by a member at a site: one the product ships (`role`), or one of the organisation's own."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("Role"), max_length=30, choices=Role.choices, blank=True)
    own_role = models.ForeignKey(OwnRole, on_delete=models.PROTECT, null=True, related_name="grants")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["member", "role", "own_role", "site"], name="role_once_a_site", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(role="", own_role__isnull=False)
                | (~models.Q(role="") & models.Q(own_role__isnull=True)),
                name="shipped_role_or_own",
            ),
        )

    def __str__(self) -> str:
        return f"{self.member_id}: {self.key} @ {self.site_id}"

    @classmethod
    def of(cls, member: Member, role: AnyRole, site: Site) -> RoleGrant:
        if isinstance(role, OwnRole):
            return cls(member=member, own_role=role, site=site)
        return cls(member=member, role=role, site=site)

    @property
    def key(self) -> str:
        return self.role or f"{OWN}{self.own_role_id}"
