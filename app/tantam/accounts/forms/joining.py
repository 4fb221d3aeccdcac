from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member
from tantam.facility.models import Organisation, Site, SiteKind
from tantam.lib.names import clean_name

username_characters = RegexValidator(
    r"^[\w.+-]+$", _("A user name has letters, digits and . + - _ only, without spaces.")
)


class PasswordTwiceMixin(forms.Form):
    """A new password, typed twice, checked against the installation's rules."""

    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=_("At least 10 characters. A sentence is easy to remember and hard to guess."),
    )
    password_again = forms.CharField(
        label=_("Password, again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        about = Member(
            username=self.data.get("username", ""),
            full_name=self.data.get("full_name", ""),
            email=self.data.get("email", ""),
        )
        validate_password(password, about)
        return password

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        first, second = self.cleaned_data.get("password"), self.cleaned_data.get("password_again")
        if first and second and first != second:
            self.add_error("password_again", _("The two passwords differ. Type the same one twice."))
        return data


class JoinForm(PasswordTwiceMixin):
    """What an invited colleague fills in themselves."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        min_length=2,
        validators=[username_characters],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    email = forms.EmailField(label=_("Email"), required=False)

    field_order: tuple[str, ...] = ("full_name", "username", "email", "password", "password_again")

    def clean_full_name(self) -> str:
        return clean_name(self.cleaned_data["full_name"])

    def member(self) -> Member:
        data = self.cleaned_data
        return Member(full_name=data["full_name"], username=data["username"], email=data["email"])


class SetUpForm(JoinForm):
    """The first page of a new installation: organisation, first site, first administrator."""

    organisation_name = forms.CharField(label=_("Name of the organisation"), max_length=200)
    site_name = forms.CharField(label=_("Name of the first site"), max_length=200)
    site_kind = forms.ChoiceField(label=_("Kind"), choices=SiteKind.choices)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[
            (zone, zone)
            for zone in ("Asia/Ho_Chi_Minh", "Asia/Bangkok", "Asia/Shanghai", "Asia/Singapore", "UTC")
        ],
    )

    field_order = (
        "organisation_name",
        "site_name",
        "site_kind",
        "time_zone",
        "full_name",
        "username",
        "email",
        "password",
        "password_again",
    )

    def organisation(self) -> Organisation:
        data = self.cleaned_data
        return Organisation(name=data["organisation_name"], time_zone=data["time_zone"])

    def site(self) -> Site:
        data = self.cleaned_data
        return Site(
            code="site-1", name=data["site_name"], kind=data["site_kind"], time_zone=data["time_zone"]
        )
