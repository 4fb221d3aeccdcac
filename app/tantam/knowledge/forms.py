from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.facility.models import Speciality
from tantam.knowledge.models import Guide, GuideVersion, Occasion, PatientFact
from tantam.knowledge.rules.content import GuideContent, GuideScope
from tantam.patients.models import Vulnerability
from tantam.ui.submission import submission_field

LINES_AT_MOST = 30
LINE_LENGTH = 300
_PREFIX = re.compile(r"[A-Z][0-9]{0,2}(\.[0-9]{0,3})?")


class LinesField(forms.CharField):
    """Several lines of text; blank lines and doubled ones fall away, order stays."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LINES_AT_MOST * LINE_LENGTH, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
        if len(lines) > LINES_AT_MOST:
            raise forms.ValidationError(
                _("At most %(limit)s lines. A guide is to be taken in at a glance."),
                params={"limit": LINES_AT_MOST},
            )
        if any(len(line) > LINE_LENGTH for line in lines):
            raise forms.ValidationError(
                _("A line may have at most %(limit)s characters."), params={"limit": LINE_LENGTH}
            )
        return lines


class GuideForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160)
    occasion = forms.ChoiceField(label=_("Occasion"), choices=Occasion.choices)
    speciality = forms.ModelChoiceField(
        label=_("Speciality"),
        queryset=Speciality.objects.all(),
        required=False,
        empty_label=_("Every speciality"),
    )
    diagnosis_prefixes = forms.CharField(
        label=_("Diagnosis codes begin with"),
        max_length=120,
        required=False,
        help_text=_("ICD-10 codes or their beginnings, with spaces between: I10 I11"),
    )
    mark = forms.ChoiceField(
        label=_("Patients who need particular care"),
        choices=[("", _("No particular mark")), *Vulnerability.choices],
        required=False,
    )
    goals = LinesField(
        label=_("Goals"),
        help_text=_("What we want to know or reach by the end of the call. One a line."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    questions = LinesField(
        label=_("Questions to choose from"),
        help_text=_("In the words one would say. The agent picks what fits. One a line."),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    cautions = LinesField(
        label=_("Cautions and red flags"),
        required=False,
        help_text=_("What must not be said, and when to act at once. One a line."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    facts = forms.MultipleChoiceField(
        label=_("Facts of the patient to show"),
        choices=PatientFact.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    submission = submission_field()

    def clean_diagnosis_prefixes(self) -> str:
        prefixes = re.split(r"[\s,;]+", self.cleaned_data["diagnosis_prefixes"].strip().upper())
        prefixes = list(dict.fromkeys(prefix for prefix in prefixes if prefix))
        wrong = [prefix for prefix in prefixes if not _PREFIX.fullmatch(prefix)]
        if wrong:
            raise forms.ValidationError(
                _("“%(value)s” is not the beginning of an ICD-10 code. Write it like I10 or K08.1."),
                params={"value": wrong[0][:20]},
            )
        return " ".join(prefixes)

    @property
    def scope(self) -> GuideScope:
        return GuideScope(
            occasion=self.cleaned_data["occasion"],
            speciality=self.cleaned_data["speciality"],
            diagnosis_prefixes=self.cleaned_data["diagnosis_prefixes"],
            mark=self.cleaned_data["mark"],
        )

    @property
    def content(self) -> GuideContent:
        return GuideContent(
            goals=self.cleaned_data["goals"],
            questions=self.cleaned_data["questions"],
            facts=self.cleaned_data["facts"],
            cautions=self.cleaned_data["cautions"],
        )


def initial_of(guide: Guide, version: GuideVersion | None) -> dict[str, Any]:
    """What the editing form begins with."""
    content = GuideContent.of(version) if version else GuideContent((), ())
    return {
        "title": guide.title,
        "occasion": guide.occasion,
        "speciality": guide.speciality_id,
        "diagnosis_prefixes": guide.diagnosis_prefixes,
        "mark": guide.mark,
        "goals": list(content.goals),
        "questions": list(content.questions),
        "cautions": list(content.cautions),
        "facts": list(content.facts),
        "seen": version.number if version else 0,
    }
