from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tantam.patients.looks import look_choices
from tantam.patients.models import Patient, Relationship
from tantam.privacy.ages import deciders
from tantam.privacy.models import ConsentActor, ConsentChannel, ConsentDecision, Purpose
from tantam.privacy.operations import LONGEST_EVIDENCE, LONGEST_TEXT, HowDecided
from tantam.privacy.queries import LooksAsked
from tantam.privacy.texts import TEXT_LANGUAGES
from tantam.ui.forms import DayInput

# At the desk a decision arrives on paper or in words; the others come by themselves from their channels.
_AT_THE_DESK = [
    (channel.value, channel.label)
    for channel in (ConsentChannel.PAPER, ConsentChannel.IN_PERSON, ConsentChannel.SPOKEN)
]


class HowForm(forms.Form):
    """By whom a decision was made, in which way, and where the proof is."""

    channel = forms.ChoiceField(label=_("In which way"), choices=_AT_THE_DESK, required=False)
    decided_by = forms.ChoiceField(label=_("Who decided"), choices=ConsentActor.choices, required=False)
    representative_name = forms.CharField(
        label=_("Name of the representative"), max_length=160, required=False
    )
    representative_relation = forms.ChoiceField(
        label=_("Relation to the patient"), choices=[("", "—"), *Relationship.choices], required=False
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=LONGEST_EVIDENCE,
        required=False,
        help_text=_("Where the signed paper or the recording is, for example “file 2026/118, page 3”."),
    )

    def how(self) -> HowDecided:
        given = self.cleaned_data
        return HowDecided(
            channel=given.get("channel") or ConsentChannel.IN_PERSON,
            decided_by=given.get("decided_by") or ConsentActor.SELF,
            representative_name=given.get("representative_name", ""),
            representative_relation=given.get("representative_relation", ""),
            evidence=given.get("evidence", ""),
        )


class ConsentTicksForm(HowForm):
    """One tick per purpose beside the registration form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for purpose in Purpose:
            self.fields[f"agrees_{purpose.value}"] = forms.BooleanField(label=purpose.label, required=False)

    def ticks(self) -> Iterator[tuple[BoundField, Purpose]]:
        for purpose in Purpose:
            yield self[f"agrees_{purpose.value}"], purpose

    @property
    def ticked(self) -> list[Purpose]:
        return [purpose for purpose in Purpose if self.cleaned_data.get(f"agrees_{purpose.value}")]


class DecisionForm(HowForm):
    """One decision on one purpose, for a patient we know."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (ConsentDecision.GIVEN.value, _("Agrees")),
            (ConsentDecision.REFUSED.value, _("Does not agree")),
        ],
        widget=forms.RadioSelect,
    )

    field_order = (
        "decision",
        "channel",
        "evidence",
        "decided_by",
        "representative_name",
        "representative_relation",
    )

    def __init__(self, *args: Any, patient: Patient, purpose: Purpose, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = deciders(patient, purpose, on=timezone.localdate())
        self.initial.setdefault("decided_by", allowed[0].value)
        self.initial.setdefault("channel", ConsentChannel.PAPER.value)


class WithdrawalForm(HowForm):
    """Taking a consent back: in any way, without a reason."""

    channel = forms.ChoiceField(
        label=_("In which way"), choices=ConsentChannel.choices, initial=ConsentChannel.IN_PERSON
    )


class ConsentTextForm(forms.Form):
    """The words for one purpose, in every language at once."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text_vi = forms.CharField(
        label=_("Vietnamese"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 12})
    )
    text_en = forms.CharField(
        label=_("English"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 12})
    )
    text_zh_hans = forms.CharField(
        label=_("Chinese"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 12})
    )

    def texts(self) -> dict[str, str]:
        return {
            language: self.cleaned_data[f"text_{language.replace('-', '_')}"] for language in TEXT_LANGUAGES
        }


class LooksForm(forms.Form):
    """Which looks to list. What cannot be read is passed over: this only narrows a list."""

    who = forms.TypedChoiceField(label=_("Looked at by"), coerce=int, empty_value=None, required=False)
    page = forms.ChoiceField(label=_("Page"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=DayInput)
    until = forms.DateField(label=_("To"), required=False, widget=DayInput)

    def __init__(self, *args: Any, onlookers: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who, page = self.fields["who"], self.fields["page"]
        assert isinstance(who, forms.ChoiceField)
        assert isinstance(page, forms.ChoiceField)
        who.choices = [("", _("Anyone")), *onlookers]
        page.choices = [("", _("All pages")), *look_choices()]

    def asked(self) -> LooksAsked:
        self.is_valid()
        given: dict[str, Any] = getattr(self, "cleaned_data", {})
        since: date | None = given.get("since")
        return LooksAsked(given.get("who"), given.get("page") or "", since, given.get("until"))
