"""Parts that several forms of the record share."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.accounts.queries.practitioners import doctors_at
from tantam.facility.models import Site


def clock_input() -> forms.TimeInput:
    """A typed 24-hour time: the browser's own field follows the computer's language, which may be a.m./p.m."""
    return forms.TimeInput(
        format="%H:%M",
        attrs={"inputmode": "numeric", "maxlength": "5", "placeholder": "08:30", "autocomplete": "off"},
    )


class DoctorOfSite(forms.Form):
    """A form whose `doctor` is one of those who work at the site."""

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        doctor = self.fields["doctor"]
        assert isinstance(doctor, forms.ModelChoiceField)
        doctor.queryset = doctors_at(site.pk)


class SentOnceForm(forms.Form):
    """A form that creates: its hidden `submission` names this one sending, so that a second one creates nothing."""

    submission = forms.UUIDField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput())


class ReasonForm(forms.Form):
    """Why something is cancelled, refuted or stopped."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
