from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DemoEvent(models.TextChoices):
    LOADED = "demo.hospital:loaded", _("Demonstration hospital loaded")
