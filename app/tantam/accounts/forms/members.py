from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import AnyRole, Grant, Member
from tantam.facility.models import Site
from tantam.lib.names import clean_name
from tantam.ui.submission import submission_field


class MemberForm(forms.ModelForm[Member]):
    class Meta:
        model = Member
        fields = ("full_name", "email", "job_title", "phone")

    def clean_full_name(self) -> str:
        return clean_name(self.cleaned_data["full_name"])


class GrantsForm(forms.Form):
    """A tick per role and site, for the sites the member in front of the screen manages.

    `offered` are the roles they may give at each site: none other is shown, and none other is taken away.
    """

    def __init__(
        self,
        *args: Any,
        offered: list[tuple[Site, list[AnyRole]]],
        held: dict[int, frozenset[str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        for site, roles in offered:
            self.fields[f"site-{site.pk}"] = forms.MultipleChoiceField(
                label=site.name,
                choices=[(role.key, role.label) for role in roles],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=sorted((held or {}).get(site.pk, ())),
            )

    def grants(self) -> list[Grant]:
        return [
            (role, site)
            for site, roles in self.offered
            for role in roles
            if role.key in self.cleaned_data.get(f"site-{site.pk}", ())
        ]


class InvitationForm(forms.Form):
    full_name = forms.CharField(label=_("Full name"), max_length=120)
    email = forms.EmailField(label=_("Email"), required=False)
    submission = submission_field()

    def clean_full_name(self) -> str:
        return clean_name(self.cleaned_data["full_name"])
