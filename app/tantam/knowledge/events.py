from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class KnowledgeEvent(models.TextChoices):
    GUIDE_PUBLISHED = "knowledge.guide:published", _("Conversation guide published")
    GUIDE_RETIRED = "knowledge.guide:retired", _("Conversation guide taken out of use")
    GUIDE_RESTORED = "knowledge.guide:restored", _("Conversation guide in use again")
