"""Forms that create something carry a key of their own, so that a form sent twice makes one row."""

from __future__ import annotations

import uuid

from django import forms


def submission_field() -> forms.UUIDField:
    """A hidden field with a fresh key on each form that is shown; what was sent keeps its key when shown again."""
    return forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)
