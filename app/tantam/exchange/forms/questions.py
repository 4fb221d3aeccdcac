from __future__ import annotations

from typing import Any

from django import forms

from tantam.exchange.models import Answer


class AnswerForm(forms.Form):
    """What somebody says of one question."""

    answer = forms.ChoiceField(choices=Answer.choices)

    def clean_answer(self) -> Answer:
        return Answer(self.cleaned_data["answer"])


class AlikeForm(AnswerForm):
    """One answer to all questions that differ in the same things."""

    alike = forms.CharField(max_length=150)

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data
