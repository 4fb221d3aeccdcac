from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member
from tantam.accounts.permissions import Role
from tantam.facility.models import Site
from tantam.lib.names import clean_name


class MemberForm(forms.ModelForm[Member]):
    class Meta:
        model = Member
        fields = ("full_name", "email", "job_title", "phone")

    def clean_full_name(self) -> str:
        return clean_name(self.cleaned_data["full_name"])


class GrantsForm(forms.Form):
    """A tick per role and site, for the sites the member in front of the screen manages."""

    def __init__(
        self, *args: Any, sites: list[Site], held: dict[int, frozenset[str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sites = sites
        for site in sites:
            self.fields[f"site-{site.pk}"] = forms.MultipleChoiceField(
                label=site.name,
                choices=Role.choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=sorted((held or {}).get(site.pk, ())),
            )

    def grants(self) -> list[tuple[Role, Site]]:
        return [
            (Role(role), site) for site in self.sites for role in self.cleaned_data.get(f"site-{site.pk}", ())
        ]


class InvitationForm(forms.Form):
    full_name = forms.CharField(label=_("Full name"), max_length=120)
    email = forms.EmailField(label=_("Email"), required=False)

    def clean_full_name(self) -> str:
        return clean_name(self.cleaned_data["full_name"])
