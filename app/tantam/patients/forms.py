from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tantam.lib.dates import Birth, format_day, parse_birth
from tantam.lib.errors import Refusal
from tantam.lib.identity import citizen_number_warnings, parse_citizen_number, parse_insurance_number
from tantam.patients.details import (
    LONGEST_NAME,
    LONGEST_NOTES,
    NewContactPoint,
    NewRelative,
    PersonDetails,
    clean_contact,
    clean_full_name,
)
from tantam.patients.models import (
    ContactKind,
    ContactOwner,
    ContactPoint,
    Language,
    Patient,
    PatientStatus,
    Relationship,
    Relative,
    Salutation,
    Sex,
    Vulnerability,
)
from tantam.patients.places import provinces
from tantam.patients.queries.likely import Person
from tantam.ui.forms import DayInput, PhoneInput, Picker

_AGE_ALONE = re.compile(r"\d{1,3}", re.ASCII)
PHONE_ROWS: Final = 3
RELATIVE_ROWS: Final = 2


def read_born(raw: str) -> Birth:
    """A date of birth, a year, or an age: "21/11/1985", "1985", "45", "45 tuổi". Refuses as `parse_birth`."""
    text = f"{raw.strip()} tuổi" if _AGE_ALONE.fullmatch(raw.strip()) else raw
    return parse_birth(text, today=timezone.localdate())


class ReadField(forms.CharField):
    """Text read by one of our readers: what it refuses stands beside the field, what was typed stays."""

    def __init__(self, read: Callable[[str], Any], *, empty: Any = "", **kwargs: Any) -> None:
        self.read = read
        self.empty = empty
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return self.empty
        try:
            return self.read(text)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from None


def _phone(raw: str) -> str:
    return clean_contact(ContactKind.PHONE, raw)


def _email(raw: str) -> str:
    return clean_contact(ContactKind.EMAIL, raw)


class PersonForm(forms.Form):
    """Who a person is. Used to register and to correct."""

    full_name = ReadField(
        clean_full_name,
        label=_("Full name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}
        ),
    )
    born = ReadField(
        read_born,
        empty=None,
        label=_("Date of birth, year or age"),
        required=False,
        max_length=40,
        help_text=_("21/11/1985, 1985 or 41"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, initial=Sex.UNKNOWN, required=False)
    identity_number = ReadField(
        parse_citizen_number,
        label=_("Identity number"),
        required=False,
        max_length=40,
        help_text=_("12 digits of the citizen card, or 9 of the old card"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    insurance_number = ReadField(
        parse_insurance_number,
        label=_("Health insurance number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    province = forms.ChoiceField(label=_("Province or city"), required=False, widget=Picker)
    commune = forms.CharField(
        label=_("Commune or ward"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "communes", "autocomplete": "off"}),
    )
    address_line = forms.CharField(
        label=_("House number, street"),
        required=False,
        max_length=300,
        help_text=_("An old address with its district can be written here as it is."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Preferred language"), choices=Language.choices, initial=Language.VIETNAMESE, required=False
    )
    salutation = forms.ChoiceField(
        label=_("Addressed as"), choices=[("", _("By age and sex")), *Salutation.choices], required=False
    )
    vulnerability = forms.MultipleChoiceField(
        label=_("Needs particular care"),
        choices=Vulnerability.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=LONGEST_NOTES, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(provinces())
        written = self.data.get(self.add_prefix("province")) or self.initial.get("province")
        if written and written not in known and len(str(written)) <= 80:
            # A name from before the merger stays as it was written.
            known.append(str(written))
        field = self.fields["province"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *((name, name) for name in known)]
        field.widget.attrs |= {"data-communes": ""}

    def details(self) -> PersonDetails:
        """What was typed, as the acts take it."""
        return PersonDetails(**self.changes())

    def changes(self) -> dict[str, Any]:
        """The fields the form shows, as fields of PersonDetails."""
        values: dict[str, Any] = {}
        known = {one.name for one in fields(PersonDetails)}
        for name in self.fields:
            if name == "born":
                values["birth"] = self.cleaned_data["born"]
            elif name in known:
                value = self.cleaned_data[name]
                values[name] = tuple(value) if name == "vulnerability" else value
        values["sex"] = values.get("sex") or Sex.UNKNOWN
        values["language"] = values.get("language") or Language.VIETNAMESE
        return values

    def card_warnings(self) -> list[str]:
        """What in the identity number disagrees with sex and year of birth: a hint to look again, no more."""
        given = getattr(self, "cleaned_data", {})
        born: Birth | None = given.get("born")
        number = given.get("identity_number") or ""
        return [
            str(text)
            for text in citizen_number_warnings(number, given.get("sex", ""), born.year if born else None)
        ]


class CorrectionForm(PersonForm):
    """Correct a person we know; `version` tells whether somebody else did meanwhile.

    Identity and insurance numbers are shown only to those who may see them; for others the fields are empty
    and an empty field leaves the number as it is.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, patient: Patient, with_numbers: bool, **kwargs: Any) -> None:
        self.patient = patient
        self.with_numbers = with_numbers
        kwargs["initial"] = {**self._of(patient, with_numbers), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if not with_numbers:
            del self.fields["identity_number"], self.fields["insurance_number"]

    @staticmethod
    def _of(patient: Patient, with_numbers: bool) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "version": patient.version,
            "full_name": patient.full_name,
            "born": format_day(patient.birth_date) if patient.birth_date else patient.birth_year or "",
        }
        for name in (
            "sex",
            "province",
            "commune",
            "address_line",
            "language",
            "salutation",
            "vulnerability",
            "notes",
        ):
            shown[name] = getattr(patient, name)
        if with_numbers:
            shown |= {
                "identity_number": patient.identity_number,
                "insurance_number": patient.insurance_number,
            }
        return shown


class PhoneRow(forms.Form):
    """One phone on the registration page, and whose it is."""

    phone = ReadField(_phone, label=_("Phone"), required=False, max_length=60, widget=PhoneInput)
    owner = forms.ChoiceField(
        label=_("Whose"), choices=ContactOwner.choices, initial=ContactOwner.SELF, required=False
    )

    def point(self) -> NewContactPoint | None:
        value = self.cleaned_data.get("phone")
        owner = self.cleaned_data.get("owner") or ContactOwner.SELF
        return NewContactPoint(ContactKind.PHONE, value, owner) if value else None


class RelativeForm(forms.Form):
    """A relative or guardian, with the phone they answer."""

    full_name = ReadField(clean_full_name, label=_("Full name"), required=True, max_length=LONGEST_NAME)
    relationship = forms.ChoiceField(
        label=_("Relationship"), choices=Relationship.choices, initial=Relationship.OTHER
    )
    phone = ReadField(_phone, label=_("Phone"), required=False, max_length=60, widget=PhoneInput)
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

    email = ReadField(_email, label=_("Email"), required=False, max_length=254)
    zalo = ReadField(
        _phone,
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


class StatusForm(forms.Form):
    """Whether the patient is alive and ours."""

    status = forms.ChoiceField(
        label=_("Status"),
        choices=PatientStatus.choices,
    )
    deceased_on = forms.DateField(
        label=_("Date of death"),
        required=False,
        widget=DayInput,
        help_text=_("Only when the patient has died"),
    )
