from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar, Self

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.permissions import Permission, Role
from tantam.facility.models import Site
from tantam.lib.names import fold

NOWHERE: frozenset[str] = frozenset()


class MemberQuerySet(models.QuerySet["Member"]):
    def with_grants(self) -> Self:
        """Each member together with their roles and sites, in the same query."""
        return self.annotate(
            grant_roles=ArrayAgg(
                "grants__role", order_by="grants__id", filter=models.Q(grants__isnull=False)
            ),
            grant_sites=ArrayAgg(
                "grants__site_id", order_by="grants__id", filter=models.Q(grants__isnull=False)
            ),
        )

    def active(self) -> Self:
        return self.filter(deactivated_at__isnull=True)

    def allowed(self, permission: Permission, site_id: int) -> Self:
        """Active members who may do `permission` at the site."""
        from tantam.accounts.models.roles import RoleGrant

        roles = [role for role in Role if permission in role.permissions]
        holding = RoleGrant.objects.filter(member=models.OuterRef("pk"), role__in=roles, site_id=site_id)
        return self.active().filter(models.Exists(holding))


class MemberManager(BaseUserManager["Member"].from_queryset(MemberQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> Member:
        member: Member = self.get(username__iexact=username)
        return member


class Theme(models.TextChoices):
    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


@pghistory.track(
    pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["password", "last_login", "current_site"]
)
class Member(AbstractBaseUser):
    """Someone who works here and signs in."""

    username = models.CharField(_("User name"), max_length=60)
    email = models.EmailField(_("Email"), blank=True)
    full_name = models.CharField(_("Full name"), max_length=120)
    name_key = models.CharField(max_length=120, editable=False)
    job_title = models.CharField(_("Job title"), max_length=120, blank=True)
    phone = models.CharField(_("Work phone"), max_length=30, blank=True)
    language = models.CharField(_("Language"), max_length=10, default="vi")
    theme = models.CharField(_("Theme"), max_length=10, choices=Theme.choices, default=Theme.AUTO)
    current_site = models.ForeignKey(Site, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    deactivated_at = models.DateTimeField(null=True, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects: ClassVar[MemberManager] = MemberManager()

    class Meta:
        ordering = ("full_name",)
        constraints = (
            models.UniqueConstraint(
                Lower("username"),
                name="username_once",
                violation_error_message=_("This user name is taken. Choose another."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                name="email_once",
                condition=~models.Q(email=""),
                violation_error_message=_("Another member already has this email address."),
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    def clean_fields(self, exclude: Any = None) -> None:
        self.name_key = fold(self.full_name)
        super().clean_fields(exclude=exclude)

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.deactivated_at is None

    @cached_property
    def roles_by_site(self) -> dict[int, frozenset[str]]:
        """The roles held, by site id. One query, or none when loaded `with_grants()`."""
        roles = self.__dict__.get("grant_roles")
        sites = self.__dict__.get("grant_sites")
        if roles is None and "grant_roles" not in self.__dict__:
            pairs = list(self.grants.values_list("role", "site_id"))
        else:
            pairs = list(zip(roles or [], sites or [], strict=True))
        held: dict[int, set[str]] = {}
        for role, site_id in pairs:
            held.setdefault(site_id, set()).add(role)
        return {site_id: frozenset(names) for site_id, names in held.items()}

    @cached_property
    def permissions_by_site(self) -> dict[int, frozenset[str]]:
        return {
            site_id: frozenset().union(*(Role(role).permissions for role in roles))
            for site_id, roles in self.roles_by_site.items()
        }

    def permissions_at(self, site_id: int | None) -> frozenset[str]:
        """What the member may do at the site; nothing where they hold no role."""
        return self.permissions_by_site.get(site_id, NOWHERE) if site_id is not None else NOWHERE

    def may(self, permission: Permission | str, site_id: int | None = None) -> bool:
        """Whether the member may do this at the site, or at any site when none is named."""
        if site_id is None:
            return any(permission in held for held in self.permissions_by_site.values())
        return permission in self.permissions_at(site_id)

    def sites_where(self, permission: Permission | str) -> list[int]:
        """Ids of the sites at which the member may do this."""
        return [site_id for site_id, held in self.permissions_by_site.items() if permission in held]

    @property
    def needs_second_factor(self) -> bool:
        return any(Role(role).needs_second_factor for roles in self.roles_by_site.values() for role in roles)
