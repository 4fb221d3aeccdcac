from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from tantam.accounts.permissions import GUARDED, Permission, Role
from tantam.accounts.rules.idling import longest_idle
from tantam.facility.models import Site
from tantam.facility.queries import organisation, sites_by_id
from tantam.lib.append_only import track
from tantam.lib.names import fold

NOWHERE: frozenset[str] = frozenset()
LONGEST_IDLE = 120


@dataclass(frozen=True, slots=True)
class Held:
    """A role as one member holds it at one site."""

    key: str
    label: str
    site_id: int
    permissions: frozenset[str]
    idle_minutes: int
    needs_second_factor: bool


_GIVEN = models.Q(grants__isnull=False)


class MemberQuerySet(models.QuerySet["Member"]):
    def with_grants(self) -> Self:
        """Each member together with their roles and sites, in the same query."""
        words = models.Func(
            "grants__own_role__permissions",
            models.Value(" "),
            function="array_to_string",
            output_field=models.TextField(),
        )

        def gathered(what: Any) -> ArrayAgg:
            return ArrayAgg(what, order_by="grants__id", filter=_GIVEN)

        return self.annotate(
            grant_roles=gathered("grants__role"),
            grant_sites=gathered("grants__site_id"),
            grant_own=gathered("grants__own_role_id"),
            grant_names=gathered("grants__own_role__name"),
            grant_idle=gathered("grants__own_role__idle_minutes"),
            grant_words=gathered(words),
        )

    def active(self) -> Self:
        return self.filter(deactivated_at__isnull=True)

    def allowed(self, permission: Permission | str, site_id: int) -> Self:
        """Active members who may do `permission` at the site."""
        from tantam.accounts.models.roles import RoleGrant

        holding = RoleGrant.objects.allowing(permission).filter(member=models.OuterRef("pk"), site_id=site_id)
        return self.active().filter(models.Exists(holding))

    def allowed_at_any(self, permission: Permission | str, site_ids: Collection[int]) -> Self:
        """Active members who may do `permission` at one of the sites at least."""
        from tantam.accounts.models.roles import RoleGrant

        holding = RoleGrant.objects.allowing(permission).filter(
            member=models.OuterRef("pk"), site_id__in=site_ids
        )
        return self.active().filter(models.Exists(holding))

    def administrators(self) -> Self:
        """Active members who hold the shipped role of administrator anywhere, each once, in key order."""
        return self.active().filter(grants__role=Role.ADMINISTRATOR).distinct().order_by("pk")


class MemberManager(BaseUserManager["Member"].from_queryset(MemberQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> Member:
        member: Member = self.get(username__iexact=username)
        return member


class Theme(models.TextChoices):
    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


@track(pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["password", "last_login", "current_site"])
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
    def held(self) -> list[Held]:
        """The roles held, by site. One query, or none when loaded `with_grants()`."""
        if "grant_roles" in self.__dict__:
            of = self.__dict__
            columns = [
                of[name] or []
                for name in (
                    "grant_roles",
                    "grant_sites",
                    "grant_own",
                    "grant_names",
                    "grant_idle",
                    "grant_words",
                )
            ]
            rows: Any = zip(*columns, strict=True)
        else:
            rows = [
                (role, site_id, own_id, name, idle, " ".join(permissions or []))
                for role, site_id, own_id, name, idle, permissions in self.grants.order_by("pk").values_list(
                    "role",
                    "site_id",
                    "own_role_id",
                    "own_role__name",
                    "own_role__idle_minutes",
                    "own_role__permissions",
                )
            ]
        return [_held(*row) for row in rows]

    @cached_property
    def roles_by_site(self) -> dict[int, frozenset[str]]:
        """The keys of the roles held, by site id."""
        keys: dict[int, set[str]] = {}
        for held in self.held:
            keys.setdefault(held.site_id, set()).add(held.key)
        return {site_id: frozenset(names) for site_id, names in keys.items()}

    @cached_property
    def permissions_by_site(self) -> dict[int, frozenset[str]]:
        may: dict[int, frozenset[str]] = {}
        for held in self.held:
            may[held.site_id] = may.get(held.site_id, NOWHERE) | held.permissions
        return may

    def permissions_at(self, site_id: int | None) -> frozenset[str]:
        """What the member may do at the site; nothing where they hold no role."""
        return self.permissions_by_site.get(site_id, NOWHERE) if site_id is not None else NOWHERE

    def may(self, permission: Permission | str, site_id: int | None = None) -> bool:
        """Whether the member may do this at the site, or at any site when none is named."""
        if site_id is None:
            return any(permission in held for held in self.permissions_by_site.values())
        return permission in self.permissions_at(site_id)

    def may_everywhere(self, permission: Permission | str) -> bool:
        """Whether the member may do this at every site in use: what it takes to change what all sites share."""
        in_use = [site.pk for site in sites_by_id().values() if site.is_active]
        return bool(in_use) and all(permission in self.permissions_at(site_id) for site_id in in_use)

    def sites_where(self, permission: Permission | str) -> list[int]:
        """Ids of the sites at which the member may do this."""
        return [site_id for site_id, held in self.permissions_by_site.items() if permission in held]

    @property
    def needs_second_factor(self) -> bool:
        return any(held.needs_second_factor for held in self.held)

    @property
    def idle_minutes(self) -> int:
        """After how many unused minutes a session of this member ends: the shortest time of their roles."""
        return min((held.idle_minutes for held in self.held), default=LONGEST_IDLE)


def _idle_minutes(role: Role) -> int:
    company = organisation()
    chosen = company.idle_minutes.get(role.key) if company is not None else None
    return role.idle_minutes if chosen is None else min(int(chosen), longest_idle(role))


def _held(role: str, site_id: int, own_id: int | None, name: str, idle: int, words: str) -> Held:
    if role:
        shipped = Role(role)
        return Held(
            role,
            str(shipped.label),
            site_id,
            shipped.permissions,
            _idle_minutes(shipped),
            shipped.needs_second_factor,
        )
    permissions = frozenset(words.split())
    return Held(f"own-{own_id}", name, site_id, permissions, idle, not GUARDED.isdisjoint(permissions))
