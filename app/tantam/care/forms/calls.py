"""The forms of a call: its outcome, a failed try, and what is learnt in it and recorded at once."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Practitioner
from tantam.accounts.queries.practitioners import doctors_at
from tantam.care.models import AttemptResult, Confirmation, Experience, Health
from tantam.care.rules.outcomes import LONGEST_TEXT, Outcome
from tantam.knowledge.queries.guides import published_version
from tantam.lib.dates import parse_day
from tantam.lib.errors import Refusal
from tantam.lib.numbers import whole_number
from tantam.patients.models import ContactPoint
from tantam.records.models import AllergyKind, Certainty, Severity, Trend
from tantam.ui.forms import DayInput

FAILED_TRIES = [
    (result.value, result.label)
    for result in AttemptResult
    if result not in (AttemptResult.ANSWERED, AttemptResult.SENT)
]


MOST_OTHERS = 20


class DayField(forms.CharField):
    """A day as people write it; says why it is none, and keeps what was typed."""

    widget = DayInput
    # Where it is "today"; the member's own zone when nothing is said.
    zone: ZoneInfo | None = None

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_day(text, today=timezone.localdate(timezone=self.zone))
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from None


class CallForm(forms.Form):
    """What every form of the call carries: which of the patient's numbers was rung."""

    contact_point = forms.ModelChoiceField(queryset=ContactPoint.objects.none(), required=False)

    def __init__(self, data: Any = None, *, patient_id: int, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        points = ContactPoint.objects.filter(patient_id=patient_id)
        self.fields["contact_point"].queryset = points  # type: ignore[attr-defined]


class OutcomeForm(CallForm):
    """What the patient told us. Nothing is required by itself: agents ask what fits."""

    experience = forms.ChoiceField(choices=Experience.choices, required=False)
    health = forms.ChoiceField(choices=Health.choices, required=False)
    confirmation = forms.ChoiceField(choices=Confirmation.choices, required=False)
    experience_note = forms.CharField(
        label=_("About the examination, in their words"), max_length=500, required=False
    )
    symptoms_before = forms.CharField(label=_("Symptoms before"), max_length=500, required=False)
    symptoms_after = forms.CharField(label=_("Symptoms now"), max_length=500, required=False)
    spoke_with = forms.CharField(label=_("Spoke with"), max_length=120, required=False)
    note = forms.CharField(label=_("Note"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea)
    asked = forms.MultipleChoiceField(required=False)
    also = forms.TypedMultipleChoiceField(required=False, coerce=int, empty_value=[])

    guide_version = forms.IntegerField(required=False, min_value=1)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.guide_seen = published_version(whole_number((data or {}).get("guide_version")))
        """The version of the guide the agent had beside the call; a newer one may be in use by now."""
        questions = self.guide_seen.questions if self.guide_seen is not None else ()
        # Whichever of the patient's contacts were open when the page was made; which still are, the act finds out.
        ticked = (data.getlist("also") if hasattr(data, "getlist") else ())[:MOST_OTHERS]
        self.fields["also"].choices = [(pk, pk) for pk in ticked if pk.isdecimal() and len(pk) < 19]  # type: ignore[attr-defined]
        self.fields["asked"].choices = [(question, question) for question in questions]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if self.guide_seen is None and (self.data.get("guide_version") or self.data.get("asked")):
            self.errors.pop("asked", None)
            self.errors.pop("guide_version", None)
            self.add_error(
                None, _("The guide beside this call is not known. Open the call again; what you typed stays.")
            )
        return chosen

    @property
    def outcome(self) -> Outcome:
        chosen = self.cleaned_data
        return Outcome(
            experience=chosen["experience"],
            experience_note=chosen["experience_note"],
            health=chosen["health"],
            symptoms_before=chosen["symptoms_before"],
            symptoms_after=chosen["symptoms_after"],
            confirmation=chosen["confirmation"],
            note=chosen["note"],
            spoke_with=chosen["spoke_with"],
        )


class AttemptForm(CallForm):
    """A try that led to no conversation; with a time when the patient asked to be called later.

    Day and time are those at the site in `zone`, wherever the agent sits.
    """

    result = forms.ChoiceField(choices=FAILED_TRIES)
    seen = forms.IntegerField(min_value=0, required=False)
    call_back_day = DayField(label=_("Day"), required=False)
    call_back_time = forms.TimeField(
        label=_("Time"), required=False, input_formats=["%H:%M", "%Hh%M", "%Hh", "%H"]
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.zone = zone
        self.fields["call_back_day"].zone = zone  # type: ignore[attr-defined]

    @property
    def call_back_at(self) -> datetime | None:
        day, at = self.cleaned_data.get("call_back_day"), self.cleaned_data.get("call_back_time")
        if day is None or at is None:
            return None
        return datetime.combine(day, at, tzinfo=self.zone)

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if chosen.get("result") == AttemptResult.CALL_BACK and not self.errors:
            for name in ("call_back_day", "call_back_time"):
                if chosen.get(name) is None:
                    self.add_error(name, _("Choose when the patient wants to be called."))
        return chosen


class ActForm(forms.Form):
    """Something recorded at once. `once` lets the same form be sent twice and count once."""

    once = forms.CharField(max_length=32, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("once", secrets.token_urlsafe(12))


class ConditionForm(ActForm):
    trend = forms.ChoiceField(
        label=_("Compared with before"), choices=Trend.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What the patient says"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AllergyForm(ActForm):
    agent = forms.CharField(
        label=_("Which medicine"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=AllergyKind.choices, initial=AllergyKind.DRUG)
    reaction = forms.CharField(
        label=_("What happened"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"list": "reactions", "autocomplete": "off"}),
    )
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Severity.choices, initial=Severity.UNKNOWN, widget=forms.RadioSelect
    )
    certainty = forms.ChoiceField(
        label=_("Certainty"),
        choices=[choice for choice in Certainty.choices if choice[0] != Certainty.REFUTED],
        initial=Certainty.SUSPECTED,
        widget=forms.RadioSelect,
        help_text=_("Confirmed: a doctor has said so, or it was in a paper."),
    )


class RefuteForm(ActForm):
    reason = forms.CharField(
        label=_("Why it is no allergy"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class NewDateForm(ActForm):
    due_on = DayField(label=_("New date"))
    at_time = forms.TimeField(
        label=_("Time"),
        required=False,
        input_formats=["%H:%M", "%Hh%M", "%Hh", "%H"],
        widget=forms.TextInput(attrs={"placeholder": "08:30", "inputmode": "numeric"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    anyway = forms.BooleanField(label=_("Still book it"), required=False)
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


class NewDoctorForm(ActForm):
    doctor = forms.ModelChoiceField(
        label=_("New responsible doctor"), queryset=Practitioner.objects.none(), empty_label=None
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, site_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        doctors = doctors_at(site_id)
        self.fields["doctor"].queryset = doctors  # type: ignore[attr-defined]


class NeedForm(ActForm):
    need = forms.CharField(
        label=_("What the patient needs"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    explanation = forms.CharField(
        label=_("What we explained"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why we cannot, and what we offered instead."),
    )


class QuestionForm(ActForm):
    text = forms.CharField(
        label=_("Question"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    answer = forms.CharField(
        label=_("Answered at once"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Leave empty to pass the question on to the doctor."),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
