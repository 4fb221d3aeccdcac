"""Names of time zones."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def validate_zone(name: str) -> None:
    """For fields: refuses what is no time zone. Migrations name this function, so it stays here."""
    if name not in available_timezones():
        raise ValidationError(
            _("“%(zone)s” is not a time zone. Write it like Asia/Ho_Chi_Minh."), params={"zone": name}
        )
