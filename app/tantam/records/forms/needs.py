from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Practitioner
from tantam.accounts.queries.practitioners import doctors_receiving
from tantam.ui.forms import Picker


class NeedForm(forms.Form):
    """What somebody who registers came for, and whom they want to see (B1). Both may stay empty."""

    need = forms.CharField(
        label=_("What do they come for?"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_(
            "In their words. The doctor sees it in the list of the day, and the slip begins with it."
        ),
    )
    doctor = forms.ModelChoiceField(
        Practitioner.objects.none(), label=_("Which doctor?"), required=False, widget=Picker()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        doctor = self.fields["doctor"]
        assert isinstance(doctor, forms.ModelChoiceField)
        doctor.queryset = doctors_receiving()
