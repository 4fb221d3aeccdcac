from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.patients.models import Patient
from tantam.privacy.models import ShredReason


class DestructionForm(forms.Form):
    """Why a person's data are destroyed, and the patient's code typed out: it cannot be undone."""

    reason = forms.ChoiceField(label=_("Why"), choices=ShredReason.choices, widget=forms.RadioSelect)
    code = forms.CharField(
        label=_("Type the patient's code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._patient = patient

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"].strip()
        if typed.casefold() != self._patient.code.casefold():
            raise forms.ValidationError(_("This is not the code of this patient."), code="wrong_code")
        return typed
