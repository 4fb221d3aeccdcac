from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Practitioner
from tantam.records.forms.fields import DoctorOfSite, SentOnceForm, clock_input
from tantam.ui.forms import DayInput, Picker


class MoveForm(forms.Form):
    """Another day for a re-examination (B7)."""

    due_on = forms.DateField(label=_("New date"), widget=DayInput({"data-autofocus": ""}))
    at_time = forms.TimeField(label=_("Time"), required=False, widget=clock_input())
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
    anyway = forms.BooleanField(label=_("Still book it"), required=False)
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


class PlanForm(DoctorOfSite, SentOnceForm):
    """A re-examination date set between visits."""

    due_on = forms.DateField(label=_("Re-examination date"), widget=DayInput({"data-autofocus": ""}))
    at_time = forms.TimeField(label=_("Time"), required=False, widget=clock_input())
    doctor = forms.ModelChoiceField(
        Practitioner.objects.none(), label=_("Responsible doctor"), required=False, widget=Picker()
    )
    purpose = forms.CharField(label=_("What for"), max_length=300, required=False)
    anyway = forms.BooleanField(label=_("Still book it"), required=False)
    reason = forms.CharField(label=_("Why on a closed day or hour"), max_length=300, required=False)


class DoctorForm(DoctorOfSite):
    """Another responsible doctor (B7)."""

    doctor = forms.ModelChoiceField(
        Practitioner.objects.none(), label=_("New responsible doctor"), widget=Picker()
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
