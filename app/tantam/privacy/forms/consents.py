from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tantam.lib.errors import Refusal
from tantam.lib.scans import Scan, ScanKind, check_size, scan_of
from tantam.patients.models import Patient, Relationship
from tantam.privacy.models import ConsentActor, ConsentChannel, ConsentDecision, Purpose
from tantam.privacy.rules.ages import deciders
from tantam.privacy.rules.decisions import LONGEST_EVIDENCE, HowDecided
from tantam.ui.submission import submission_field

# At the desk a decision arrives on paper or in words; the others come by themselves from their channels.
_AT_THE_DESK = [
    (channel.value, channel.label)
    for channel in (ConsentChannel.PAPER, ConsentChannel.IN_PERSON, ConsentChannel.SPOKEN)
]


class ScanField(forms.FileField):
    """A scan or photograph, as a `Scan`; None when nothing was chosen."""

    widget = forms.FileInput

    def __init__(self, **kwargs: Any) -> None:
        accepted = ",".join(kind.media_type for kind in ScanKind)
        super().__init__(widget=forms.FileInput(attrs={"accept": accepted}), allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Scan | None:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            check_size(file.size)
            return scan_of(file.read())
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from None


class EvidenceForm(forms.Form):
    """The scan that proves a decision recorded earlier."""

    submission = submission_field()
    file = ScanField(
        label=_("Scan or photograph"),
        help_text=_("PDF, JPEG or PNG, up to 10 MB. It is kept encrypted."),
        error_messages={"required": _("Choose the file.")},
    )

    @property
    def scan(self) -> Scan:
        scan: Scan = self.cleaned_data["file"]
        return scan


class HowForm(forms.Form):
    """By whom a decision was made, in which way, and where the proof is."""

    submission = submission_field()
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


class ProvenForm(HowForm):
    """The same with the scan at hand."""

    file = ScanField(
        label=_("Scan or photograph"),
        required=False,
        help_text=_("PDF, JPEG or PNG, up to 10 MB. It is kept encrypted."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("file") is not None and self.errors:
            self._ask_again()
        return given

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        if field != "file" and getattr(self, "cleaned_data", {}).get("file") is not None:
            self._ask_again()

    def _ask_again(self) -> None:
        # A browser does not send a chosen file twice, and a sick person's paper is not parked half recorded.
        self.cleaned_data.pop("file", None)
        super().add_error(
            "file", _("Choose the file again: it was not kept while something else was missing.")
        )

    def how(self) -> HowDecided:
        return replace(super().how(), scan=self.cleaned_data.get("file"))


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


class DecisionForm(ProvenForm):
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
        "file",
        "decided_by",
        "representative_name",
        "representative_relation",
    )

    def __init__(self, *args: Any, patient: Patient, purpose: Purpose, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = deciders(patient, purpose, on=timezone.localdate())
        self.initial.setdefault("decided_by", allowed[0].value)
        self.initial.setdefault("channel", ConsentChannel.PAPER.value)


class WithdrawalForm(ProvenForm):
    """Taking a consent back: in any way, without a reason."""

    channel = forms.ChoiceField(
        label=_("In which way"), choices=ConsentChannel.choices, initial=ConsentChannel.IN_PERSON
    )
