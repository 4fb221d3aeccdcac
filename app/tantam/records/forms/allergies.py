from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.records.forms.fields import SentOnceForm
from tantam.records.models import Allergy, AllergyKind, Certainty, Severity


class AllergyForm(forms.Form):
    agent = forms.CharField(
        label=_("Allergic to"),
        max_length=200,
        help_text=_("The medicine or substance, as the patient says it."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=AllergyKind.choices, initial=AllergyKind.DRUG)
    reaction = forms.CharField(label=_("What happened"), max_length=300, required=False)
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices, initial=Severity.UNKNOWN)
    certainty = forms.ChoiceField(
        label=_("Certainty"),
        choices=[choice for choice in Certainty.choices if choice[0] != Certainty.REFUTED],
        initial=Certainty.SUSPECTED,
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    @classmethod
    def of(cls, allergy: Allergy) -> AllergyForm:
        return cls(initial={name: getattr(allergy, name) for name in cls.base_fields})


class NewAllergyForm(AllergyForm, SentOnceForm):
    """An allergy to note."""
