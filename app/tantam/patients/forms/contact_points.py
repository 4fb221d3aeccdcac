from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.lib.errors import Refusal
from tantam.patients.models import ContactKind, ContactOwner, ContactPoint
from tantam.patients.rules.details import NewContactPoint, clean_contact


class ContactPointForm(forms.Form):
    """One way to reach a patient. The kind of one that exists does not change."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ContactKind.choices, initial=ContactKind.PHONE)
    value = forms.CharField(
        label=_("Number or address"), max_length=254, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    owner = forms.ChoiceField(label=_("Whose"), choices=ContactOwner.choices, initial=ContactOwner.SELF)
    owner_name = forms.CharField(label=_("Their name"), max_length=120, required=False)
    note = forms.CharField(label=_("Best time, or a note"), max_length=120, required=False)

    def __init__(self, *args: Any, point: ContactPoint | None = None, **kwargs: Any) -> None:
        self.point = point
        if point is not None:
            names = ("kind", "value", "owner", "owner_name", "note")
            kwargs["initial"] = {name: getattr(point, name) for name in names}
        super().__init__(*args, **kwargs)
        if point is not None:
            del self.fields["kind"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kind = self.point.kind if self.point else given.get("kind")
        if kind and given.get("value"):
            try:
                given["value"] = clean_contact(kind, given["value"])
            except Refusal as refusal:
                self.add_error("value", forms.ValidationError(str(refusal), code=refusal.code))
        return given

    def new(self) -> NewContactPoint:
        given = self.cleaned_data
        return NewContactPoint(
            kind=self.point.kind if self.point else given["kind"],
            value=given["value"],
            owner=given["owner"],
            owner_name=given["owner_name"],
            note=given["note"],
        )
