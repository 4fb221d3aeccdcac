from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.patients.models import PatientStatus
from tantam.ui.forms import DayInput


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
