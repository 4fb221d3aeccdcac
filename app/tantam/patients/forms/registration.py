from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.patients.forms.fields import ReadField, read_email, read_phone
from tantam.patients.forms.person import PersonForm
from tantam.patients.forms.relatives import RelativeForm
from tantam.patients.models import ContactKind, ContactOwner
from tantam.patients.queries.likely import Person
from tantam.patients.rules.details import NewContactPoint, NewRelative
from tantam.ui.forms import PhoneInput

PHONE_ROWS: Final = 3
RELATIVE_ROWS: Final = 2


class PhoneRow(forms.Form):
    """One phone on the registration page, and whose it is."""

    phone = ReadField(read_phone, label=_("Phone"), required=False, max_length=60, widget=PhoneInput)
    owner = forms.ChoiceField(
        label=_("Whose"), choices=ContactOwner.choices, initial=ContactOwner.SELF, required=False
    )

    def point(self) -> NewContactPoint | None:
        value = self.cleaned_data.get("phone")
        owner = self.cleaned_data.get("owner") or ContactOwner.SELF
        return NewContactPoint(ContactKind.PHONE, value, owner) if value else None


class RelativeRow(RelativeForm):
    """The same as a line of the registration page, where it may stay empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].required = False
        self.fields["relationship"].required = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("phone") and not given.get("full_name") and "full_name" not in self.errors:
            self.add_error("full_name", _("Write whose phone this is."))
        return given

    def relative(self) -> NewRelative | None:
        return self.new() if self.cleaned_data.get("full_name") else None


PhoneRows = forms.formset_factory(PhoneRow, extra=PHONE_ROWS, max_num=PHONE_ROWS, absolute_max=2 * PHONE_ROWS)
RelativeRows = forms.formset_factory(
    RelativeRow, extra=RELATIVE_ROWS, max_num=RELATIVE_ROWS, absolute_max=2 * RELATIVE_ROWS
)


class RegistrationForm(PersonForm):
    """The registration slip on one screen; phones and relatives stand in formsets of their own."""

    email = ReadField(read_email, label=_("Email"), required=False, max_length=254)
    zalo = ReadField(
        read_phone,
        label=_("Zalo"),
        required=False,
        max_length=60,
        help_text=_("The phone number of the Zalo account"),
        widget=PhoneInput,
    )
    is_another_person = forms.BooleanField(label=_("This is another person: register anyway"), required=False)
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"form_key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def written_points(self) -> list[NewContactPoint]:
        given = self.cleaned_data
        pairs = ((ContactKind.EMAIL, given.get("email")), (ContactKind.ZALO, given.get("zalo")))
        return [NewContactPoint(kind, value) for kind, value in pairs if value]


def person_typed(form: RegistrationForm, phone_rows: Any) -> Person:
    """As much of the person as can be read already, to look for likely duplicates while typing."""
    form.is_valid()
    given = form.cleaned_data
    phones = [
        row.cleaned_data["phone"] for row in phone_rows if row.is_valid() and row.cleaned_data.get("phone")
    ]
    if given.get("zalo"):
        phones.append(given["zalo"])
    return Person(
        full_name=given.get("full_name") or "",
        birth=given.get("born"),
        sex=given.get("sex") or "",
        phones=tuple(phones),
        emails=(given["email"],) if given.get("email") else (),
        identity_number=given.get("identity_number") or "",
        insurance_number=given.get("insurance_number") or "",
    )
