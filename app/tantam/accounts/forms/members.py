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


class InvitedGrantsForm(forms.Form):
    """What a new colleague will do, and where: roles first, then the sites, instead of a tick for each pair.

    A role that may not be given at one of the sites is refused by name.
    """

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple, required=False)
    sites = forms.MultipleChoiceField(label=_("Sites"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, offered: list[tuple[Site, list[AnyRole]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        named = {role.key: str(role.label) for _site, roles in offered for role in roles}
        roles, sites = self.fields["roles"], self.fields["sites"]
        assert isinstance(roles, forms.MultipleChoiceField)
        assert isinstance(sites, forms.MultipleChoiceField)
        roles.choices = list(named.items())
        sites.choices = [(str(site.pk), site.name) for site, _roles in offered]
        if len(offered) == 1:
            sites.initial = [str(offered[0][0].pk)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("roles"):
            self.add_error(
                "roles", _("Choose at least one role, so that your colleague can do something here.")
            )
        if not given.get("sites"):
            self.add_error("sites", _("Choose at least one site."))
        for site, roles in self.offered:
            if str(site.pk) in given.get("sites", ()):
                mine = {role.key for role in roles}
                if missing := [key for key in given.get("roles", ()) if key not in mine]:
                    labels = dict(self.fields["roles"].choices)  # type: ignore[attr-defined]
                    words = _("You cannot give the role “%(role)s” at %(site)s.")
                    self.add_error("roles", words % {"role": labels[missing[0]], "site": site.name})
        return given

    def grants(self) -> list[Grant]:
        roles, sites = self.cleaned_data["roles"], self.cleaned_data["sites"]
        return [
            (role, site)
            for site, offered in self.offered
            if str(site.pk) in sites
            for role in offered
            if role.key in roles
        ]


class InvitationForm(forms.Form):
    full_name = forms.CharField(label=_("Full name"), max_length=120)
    email = forms.EmailField(label=_("Email"), required=False)
    submission = submission_field()

    def clean_full_name(self) -> str:
        return clean_name(self.cleaned_data["full_name"])
