from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone

from tantam.lib.dates import Birth, parse_birth
from tantam.lib.errors import Refusal
from tantam.patients.models import ContactKind
from tantam.patients.rules.details import clean_contact

_AGE_ALONE = re.compile(r"\d{1,3}", re.ASCII)


def read_born(raw: str) -> Birth:
    """A date of birth, a year, or an age: "21/11/1985", "1985", "45", "45 tuổi". Refuses as `parse_birth`."""
    text = f"{raw.strip()} tuổi" if _AGE_ALONE.fullmatch(raw.strip()) else raw
    return parse_birth(text, today=timezone.localdate())


class ReadField(forms.CharField):
    """Text read by one of our readers: what it refuses stands beside the field, what was typed stays."""

    def __init__(self, read: Callable[[str], Any], *, empty: Any = "", **kwargs: Any) -> None:
        self.read = read
        self.empty = empty
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return self.empty
        try:
            return self.read(text)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from None


def read_phone(raw: str) -> str:
    return clean_contact(ContactKind.PHONE, raw)


def read_email(raw: str) -> str:
    return clean_contact(ContactKind.EMAIL, raw)
