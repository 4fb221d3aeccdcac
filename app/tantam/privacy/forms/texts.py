from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.privacy.rules.decisions import LONGEST_TEXT
from tantam.privacy.rules.texts import TEXT_LANGUAGES


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
