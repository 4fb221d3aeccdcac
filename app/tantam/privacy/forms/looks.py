from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tantam.patients.registries.looks import look_choices
from tantam.privacy.queries.looks import LooksAsked
from tantam.ui.forms import DayInput


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
