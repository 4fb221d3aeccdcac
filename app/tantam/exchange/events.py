from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExchangeEvent(models.TextChoices):
    """What can happen to an import. The journal keeps the value; pages show the label."""

    SOURCE_ADDED = "exchange.source:added", _("Source of data added")
    SOURCE_CHANGED = "exchange.source:changed", _("Source of data changed")
    FILES_RECEIVED = "exchange.import:received", _("Files received")
    READING_STARTED = "exchange.import:reading", _("Reading started")
    CHECKED = "exchange.import:checked", _("Files checked")
    APPLYING_STARTED = "exchange.import:applying", _("Taking in started")
    CHUNK_APPLIED = "exchange.import:chunk", _("Part of the data taken in")
    DONE = "exchange.import:done", _("Data taken in")
    STOPPED = "exchange.import:stopped", _("Import stopped")
    RESUMED = "exchange.import:resumed", _("Import resumed")
    FAILED = "exchange.import:failed", _("Import failed")
    REMARKS_SEEN = "exchange.import:remarks-seen", _("Remarks of an import seen")
    REMARKS_SAVED = "exchange.import:remarks-saved", _("Remarks of an import saved as a file")
    DISCARDED = "exchange.import:discarded", _("Import discarded")
    ANSWERED = "exchange.import:answered", _("Questions of an import answered")
    SHIFT_CONFIRMED = "exchange.import:shift-confirmed", _("A sheet that looks shifted confirmed")
    UNDO_STARTED = "exchange.import:undoing", _("Taking back started")
    PART_UNDONE = "exchange.import:part-undone", _("Part of an import taken back")
    UNDONE = "exchange.import:undone", _("Import taken back")
