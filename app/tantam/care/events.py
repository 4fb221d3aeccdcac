from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CareEvent(models.TextChoices):
    """What can happen in care. The journal keeps the value; pages show the label."""

    RULE_SAVED = "care.rule:saved", _("Care rule saved")
    TASKS_PLANNED = "care.tasks:planned", _("Contacts planned")
    TASK_CLAIMED = "care.task:claimed", _("Call taken")
    TASK_RELEASED = "care.task:released", _("Call given back")
    TASK_ASSIGNED = "care.task:assigned", _("Call assigned")
    TASK_CLOSED = "care.task:closed", _("Contact closed")
    TASK_MOVED = "care.task:moved", _("Contacts moved or closed")
    MESSAGE_SENT = "care.message:sent", _("Message sent by hand")
    ATTEMPT_LOGGED = "care.attempt:logged", _("Call attempt logged")
    ATTEMPT_TAKEN_BACK = "care.attempt:taken_back", _("Call attempt taken back")
    CALL_COMPLETED = "care.call:completed", _("Call completed")
    FINDING_NOTED = "care.finding:noted", _("Noted for the doctor")
    FINDINGS_SEEN = "care.findings:seen", _("Seen by the doctor")
    QUESTION_ASKED = "care.question:asked", _("Question asked")
    QUESTION_ANSWERED = "care.question:answered", _("Question answered")
    NEED_UNMET = "care.need:unmet", _("A need we cannot meet")
