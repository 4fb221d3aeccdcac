from __future__ import annotations

from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.lib.dates import Birth, format_day
from tantam.lib.identity import citizen_number_warnings, parse_citizen_number, parse_insurance_number
from tantam.patients.forms.fields import ReadField, read_born
from tantam.patients.models import Language, Patient, Salutation, Sex, Vulnerability
from tantam.patients.rules.details import LONGEST_NAME, LONGEST_NOTES, PersonDetails, clean_full_name
from tantam.patients.rules.places import provinces
from tantam.ui.forms import Picker


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
