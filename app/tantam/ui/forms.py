"""How forms come out: labels, help and errors tied to their fields, our own markup, no framework classes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import loader


class FormRenderer(DjangoTemplates):
    """Renders forms and fields with the templates of this room; widgets stay Django's own."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    formset_template_name = "ui/forms/formset.html"

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith("django/forms/"):
            return super().get_template(template_name)
        return loader.get_template(template_name)


class DayInput(forms.DateInput):
    """A date typed as people write it (21/11/2026), with a calendar button beside it.

    Not the browser's own date field: that one shows the order of the computer's language, which on many
    hospital computers is month first.
    """

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        usual = {"data-day": "", "inputmode": "numeric", "autocomplete": "off", "maxlength": "10"}
        super().__init__(attrs={**usual, **(attrs or {})}, format="%d/%m/%Y")


class PhoneInput(forms.TextInput):
    """A phone number; brings up the number keys on a phone."""

    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"inputmode": "tel", "autocomplete": "off", **(attrs or {})})


class Picker(forms.Select):
    """A select one can type in; `url` searches on the server for long lists."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = (), *, url: str = "") -> None:
        usual = {"data-picker": "", **({"data-picker-url": url} if url else {})}
        super().__init__(attrs={**usual, **(attrs or {})}, choices=choices)
