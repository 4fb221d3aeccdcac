from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.patients.forms.fields import ReadField, read_phone
from tantam.patients.models import Relationship, Relative
from tantam.patients.rules.details import LONGEST_NAME, NewRelative, clean_full_name
from tantam.ui.forms import PhoneInput


class RelativeForm(forms.Form):
    """A relative or guardian, with the phone they answer."""

    full_name = ReadField(clean_full_name, label=_("Full name"), required=True, max_length=LONGEST_NAME)
    relationship = forms.ChoiceField(
        label=_("Relationship"), choices=Relationship.choices, initial=Relationship.OTHER
    )
    phone = ReadField(read_phone, label=_("Phone"), required=False, max_length=60, widget=PhoneInput)
    is_guardian = forms.BooleanField(label=_("Guardian: decides for the patient"), required=False)

    def new(self) -> NewRelative:
        given = self.cleaned_data
        return NewRelative(
            given["full_name"],
            given["relationship"] or Relationship.OTHER,
            given["is_guardian"],
            given["phone"],
        )

    @staticmethod
    def of(relative: Relative) -> dict[str, Any]:
        point = relative.contact_point
        return {
            "full_name": relative.full_name,
            "relationship": relative.relationship,
            "is_guardian": relative.is_guardian,
            "phone": point.value if point else "",
        }


class NewRelativeForm(RelativeForm):
    """Add a relative. The form has a key of its own, so that sending it twice adds one."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"form_key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
