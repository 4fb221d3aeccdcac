from __future__ import annotations

import re
from datetime import time
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.facility.models import Department, HolidayOverride, Organisation, Room, Site, Weekday
from tantam.ui.forms import DayInput
from tantam.ui.submission import submission_field

_STRETCH = re.compile(r"^\s*(\d{1,2})[:h.]?(\d{2})?\s*[-–—]\s*(\d{1,2})[:h.]?(\d{2})?\s*$")


class OrganisationForm(forms.ModelForm[Organisation]):
    class Meta:
        model = Organisation
        fields = ("name", "short_name", "hotline", "time_zone", "patient_code_prefix")


Place = TypeVar("Place", Site, Department, Room, HolidayOverride)


class SentOnceForm(forms.ModelForm[Place]):
    """A place that is made by this form once: sent again, it is no second one that takes the first one's name."""

    submission = submission_field()

    def _was_sent(self) -> bool:
        submission = self.cleaned_data.get("submission")
        if submission is None or self.instance.pk is not None:
            return False
        return type(self.instance)._default_manager.filter(submission=submission).exists()

    def _get_validation_exclusions(self) -> set[str]:
        # What was sent before answers the row it made: its name is taken by nobody else.
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return (
            exclusions | {field.name for field in self.instance._meta.fields}
            if self._was_sent()
            else exclusions
        )


class SiteForm(SentOnceForm[Site]):
    class Meta:
        model = Site
        fields = ("name", "code", "kind", "address", "phone", "time_zone", "is_active")


class DepartmentForm(SentOnceForm[Department]):
    class Meta:
        model = Department
        fields = ("name", "speciality", "is_active")


class RoomForm(SentOnceForm[Room]):
    class Meta:
        model = Room
        fields = ("name", "department", "floor", "step_free", "is_active")

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = self.fields["department"]
        assert isinstance(departments, forms.ModelChoiceField)
        departments.queryset = Department.objects.filter(site=site, is_active=True)


class HolidayForm(SentOnceForm[HolidayOverride]):
    """An entry for one of the sites the member manages; for every site only when they manage every one."""

    class Meta:
        model = HolidayOverride
        fields = ("day", "name", "site", "is_holiday")
        widgets = {"day": DayInput()}
        labels = {"site": _("Site")}

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site = self.fields["site"]
        assert isinstance(site, forms.ModelChoiceField)
        managed = member.sites_where(Permission.FACILITY_MANAGE)
        site.queryset = Site.objects.filter(pk__in=managed, is_active=True)
        site.empty_label = _("Every site") if member.may_everywhere(Permission.FACILITY_MANAGE) else None
        site.required = site.empty_label is None
        if site.required:
            site.initial = managed[0] if managed else None


class HoursForm(forms.Form):
    """A week of opening hours: one line a day, stretches separated by commas, like 7:30-11:30, 13:00-17:00."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday in Weekday:
            self.fields[f"day-{weekday.value}"] = forms.CharField(
                label=weekday.label,
                required=False,
                max_length=120,
                widget=forms.TextInput(attrs={"placeholder": "7:30-11:30, 13:00-17:00"}),
            )

    @staticmethod
    def initial_for(site: Site) -> dict[str, str]:
        lines: dict[str, list[str]] = {}
        for stretch in site.opening_intervals.all():
            lines.setdefault(f"day-{stretch.weekday}", []).append(
                f"{stretch.opens:%H:%M}-{stretch.closes:%H:%M}"
            )
        return {name: ", ".join(parts) for name, parts in lines.items()}

    def clean(self) -> dict[str, Any]:
        self.hours: list[tuple[int, time, time]] = []
        for weekday in Weekday:
            name = f"day-{weekday.value}"
            for part in filter(None, re.split(r"[,;]", self.cleaned_data.get(name) or "")):
                stretch = self._stretch(part)
                if stretch is None:
                    self.add_error(
                        name,
                        _("“%(part)s” is not a stretch of hours. Write it like 7:30-11:30.")
                        % {"part": part.strip()},
                    )
                    continue
                self.hours.append((weekday.value, *stretch))
        if not self.hours and not self.errors:
            # Nothing could be planned for a site that is never open; a form that lost its fields looks the same.
            raise forms.ValidationError(_("Write the hours of at least one day."))
        return self.cleaned_data

    @staticmethod
    def _stretch(part: str) -> tuple[time, time] | None:
        match = _STRETCH.match(part)
        if match is None:
            return None
        numbers = [int(number or 0) for number in match.groups()]
        try:
            opens, closes = time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
        except ValueError:
            return None
        return (opens, closes) if opens < closes else None
