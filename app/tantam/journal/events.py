from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class JournalEvent(models.TextChoices):
    """What the journal's own room notes. The journal keeps the value; pages show the label."""

    LISTED = "journal.list:shown", _("Patients shown in a list")
    SAVED_AS_FILE = "journal.list:saved", _("List saved as a file")
