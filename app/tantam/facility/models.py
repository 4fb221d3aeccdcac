from __future__ import annotations

from zoneinfo import ZoneInfo

import pghistory
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tantam.lib.append_only import track
from tantam.lib.dates import WEEKDAYS
from tantam.lib.zones import validate_zone


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def held(self) -> Organisation | None:
        """Lock the organisation until the transaction ends; None before set-up.

        Whoever changes what all sites share (roles, grants, who is an administrator, the organisation itself) takes
        this lock first, before any other row: two who each check that the other stays would both leave.
        """
        return self.select_for_update(of=("self",), no_key=True).first()


class Organisation(models.Model):
    """The one organisation this deployment serves. There is exactly one row."""

    name = models.CharField(_("Name"), max_length=200)
    short_name = models.CharField(_("Short name"), max_length=60, blank=True)
    hotline = models.CharField(_("Hotline"), max_length=30, blank=True)
    time_zone = models.CharField(
        _("Time zone"), max_length=60, default="Asia/Ho_Chi_Minh", validators=[validate_zone]
    )
    patient_code_prefix = models.CharField(_("Prefix of patient codes"), max_length=8, default="BN-")
    # {key of a shipped role: minutes}: after how long an unused session ends, where it is not as shipped.
    idle_minutes = models.JSONField(default=dict, editable=False)

    first_steps_put_away = models.BooleanField(default=False, db_default=False, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="one_organisation"),)

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class SiteKind(models.TextChoices):
    HOSPITAL = "hospital", _("Hospital")
    CLINIC = "clinic", _("Clinic")
    DENTAL = "dental", _("Dental clinic")


@track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Site(models.Model):
    """A branch: a place with its own address, hours and staff."""

    code = models.SlugField(_("Code"), max_length=20, unique=True)
    name = models.CharField(_("Name"), max_length=200)
    kind = models.CharField(_("Kind"), max_length=20, choices=SiteKind.choices, default=SiteKind.HOSPITAL)
    address = models.CharField(_("Address"), max_length=300, blank=True)
    phone = models.CharField(_("Phone"), max_length=30, blank=True)
    time_zone = models.CharField(
        _("Time zone"), max_length=60, default="Asia/Ho_Chi_Minh", validators=[validate_zone]
    )
    is_active = models.BooleanField(_("In use"), default=True)
    submission = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Speciality(models.Model):
    """A field of medicine, the same at every site."""

    code = models.SlugField(_("Code"), max_length=30, unique=True)
    name = models.CharField(_("Name in Vietnamese"), max_length=100)
    name_en = models.CharField(_("Name in English"), max_length=100, blank=True)
    name_zh = models.CharField(_("Name in Chinese"), max_length=100, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "specialities"

    def __str__(self) -> str:
        language = get_language() or "vi"
        if language.startswith("en"):
            return self.name_en or self.name
        if language.startswith("zh"):
            return self.name_zh or self.name
        return self.name


class Department(models.Model):
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="departments")
    speciality = models.ForeignKey(Speciality, on_delete=models.PROTECT, null=True, blank=True)
    name = models.CharField(_("Name"), max_length=120)
    is_active = models.BooleanField(_("In use"), default=True)
    submission = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["site", "name"], name="department_name_once_a_site"),)

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rooms")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True)
    name = models.CharField(_("Name"), max_length=80)
    floor = models.CharField(_("Floor"), max_length=20, blank=True)
    step_free = models.BooleanField(_("Step-free access"), default=False)
    is_active = models.BooleanField(_("In use"), default=True)
    submission = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["site", "name"], name="room_name_once_a_site"),)

    def __str__(self) -> str:
        return self.name


class Weekday(models.IntegerChoices):
    MONDAY = 0, WEEKDAYS[0]
    TUESDAY = 1, WEEKDAYS[1]
    WEDNESDAY = 2, WEEKDAYS[2]
    THURSDAY = 3, WEEKDAYS[3]
    FRIDAY = 4, WEEKDAYS[4]
    SATURDAY = 5, WEEKDAYS[5]
    SUNDAY = 6, WEEKDAYS[6]


class OpeningInterval(models.Model):
    """One stretch of opening hours on a weekday, in the site's zone; a day may have several."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="opening_intervals")
    weekday = models.SmallIntegerField(_("Weekday"), choices=Weekday.choices)
    opens = models.TimeField(_("Opens"))
    closes = models.TimeField(_("Closes"))

    class Meta:
        ordering = ("weekday", "opens")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")),
                name="closes_after_it_opens",
                violation_error_message=_("The closing time must be after the opening time."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class HolidayOverride(models.Model):
    """What the organisation decides about a date, over the public calendar: a swap day, a day kept open."""

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, null=True, blank=True, related_name="holiday_overrides"
    )
    day = models.DateField(_("Date"))
    is_holiday = models.BooleanField(_("Closed"), default=True)
    name = models.CharField(_("Reason"), max_length=120)
    submission = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        ordering = ("day",)
        constraints = (
            models.UniqueConstraint(
                fields=["day", "site"],
                name="one_holiday_override_a_day",
                nulls_distinct=False,
                violation_error_message=_("This date already has an entry for this site."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"
