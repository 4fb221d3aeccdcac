from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class JournalEvent(models.TextChoices):
    """What the journal's own room notes. The journal keeps the value; pages show the label."""

    EXPORTED = "journal.entries:exported", _("Journal saved as a file")
    LISTED = "journal.list:shown", _("Patients shown in a list")
