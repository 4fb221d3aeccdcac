from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.care.models import CLOSED_BY_HAND, CareTask, Channel


class AssignmentForm(forms.Form):
    """Which colleague makes this contact; nobody in particular when left empty."""

    assigned_to = forms.ModelChoiceField(
        label=_("Colleague"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=_("Anyone who makes calls"),
    )

    def __init__(self, *args: Any, task: CareTask, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"assigned_to": task.assigned_to_id}, **kwargs})
        field = self.fields["assigned_to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Member.objects.allowed(Permission.CARE_CALL, task.site_id).order_by("full_name")


class ClosingForm(forms.Form):
    """Why a contact will not be made."""

    reason = forms.ChoiceField(
        label=_("Why is it closed?"),
        choices=[(reason.value, reason.label) for reason in CLOSED_BY_HAND],
        widget=forms.RadioSelect,
    )


class SentForm(forms.Form):
    """Through which channel the message went out."""

    channel = forms.ChoiceField(
        label=_("Sent by"),
        choices=[(value, label) for value, label in Channel.choices if value != Channel.PHONE],
        initial=Channel.ZALO,
        widget=forms.RadioSelect,
    )
