from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.accounts.permissions import Permission, Role
from tantam.accounts.rules.idling import LONGEST, longest_idle
from tantam.facility.models import Organisation
from tantam.lib.text import drop_controls
from tantam.ui.submission import submission_field


class RoleForm(forms.Form):
    """A role of the organisation's own: its name and what it may do, of what whoever composes it may give."""

    name = forms.CharField(label=_("Name"), max_length=60, min_length=2)
    idle_minutes = forms.IntegerField(
        label=_("Minutes until an unused session ends"),
        min_value=10,
        max_value=LONGEST,
        initial=120,
        help_text=_("At most 30 when the role needs a second step."),
    )
    permissions = forms.MultipleChoiceField(
        label=_("May"),
        choices=Permission.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that this role may do.")},
    )
    submission = submission_field()

    def __init__(self, *args: Any, grantable: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        permissions = self.fields["permissions"]
        assert isinstance(permissions, forms.MultipleChoiceField)
        permissions.choices = [(value, label) for value, label in Permission.choices if value in grantable]

    def clean_name(self) -> str:
        return " ".join(drop_controls(self.cleaned_data["name"]).split())


class IdlingForm(forms.Form):
    """After how many unused minutes the sessions of each shipped role end."""

    def __init__(self, *args: Any, company: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in Role:
            self.fields[role.key] = forms.IntegerField(
                label=role.label,
                min_value=10,
                max_value=longest_idle(role),
                initial=company.idle_minutes.get(role.key, role.idle_minutes),
            )

    def minutes(self) -> dict[Role, int]:
        return {role: self.cleaned_data[role.key] for role in Role}
