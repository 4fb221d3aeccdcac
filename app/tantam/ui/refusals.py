"""A refusal becomes words beside the field it speaks of; what was typed stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest

from tantam.lib.errors import Refusal


@contextmanager
def refusals_shown_on(where: forms.BaseForm | HttpRequest) -> Iterator[None]:
    """Show a refusal raised inside on the form (beside its field when it names one) or as a message of the page.

    Several acts inside are one transaction: a refusal of the last undoes the first.
    """
    try:
        with transaction.atomic():
            yield
    except Refusal as refusal:
        if isinstance(where, HttpRequest):
            messages.error(where, str(refusal))
            return
        field = refusal.field if refusal.field in where.fields else None
        where.add_error(field, forms.ValidationError(str(refusal), code=refusal.code))
