"""What care adds to a patient's timeline: tries and conversations, questions, needs we could not meet (B3)."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tantam.accounts.permissions import Permission
from tantam.care.models import (
    AttemptResult,
    CallAttempt,
    Confirmation,
    Conversation,
    Experience,
    Health,
    Question,
    UnmetNeed,
)
from tantam.facility.queries import sites_by_id
from tantam.records.registries.timeline import TimelineEntry, Window, register


def _sites(window: Window) -> list[int]:
    return window.member.sites_where(Permission.CARE_SEE)


def _where(site_id: int) -> str:
    site = sites_by_id().get(site_id)
    return site.name if site else ""


def conversations(window: Window) -> list[TimelineEntry]:
    rows = window.rows(
        Conversation.objects.filter(patient=window.patient_id, site__in=_sites(window)).select_related(
            "member"
        ),
        "held_at",
    )
    return [
        TimelineEntry(
            row.held_at,
            row.pk,
            "phone-call",
            _("Care call"),
            text=row.note,
            lines=tuple(
                line
                for line in (
                    _("Before: %(words)s") % {"words": row.symptoms_before} if row.symptoms_before else "",
                    _("Now: %(words)s") % {"words": row.symptoms_after} if row.symptoms_after else "",
                    f"“{row.experience_note}”" if row.experience_note else "",
                )
                if line
            ),
            marks=tuple(
                str(label)
                for label in (
                    Health(row.health).label if row.health else "",
                    Experience(row.experience).label if row.experience else "",
                    Confirmation(row.confirmation).label if row.confirmation else "",
                )
                if label
            ),
            by=row.member.full_name,
            where=_where(row.site_id),
            tone="wait" if row.is_worrying else "good",
            url=reverse("care:call", args=[row.task_id]),
        )
        for row in rows
    ]


def tries(window: Window) -> list[TimelineEntry]:
    """Tries that led to no conversation, and messages sent by hand."""
    rows = window.rows(
        CallAttempt.objects.filter(~Q(result=AttemptResult.ANSWERED), patient=window.patient_id)
        .filter(site__in=_sites(window))
        .select_related("member"),
        "made_at",
    )
    return [
        TimelineEntry(
            row.made_at,
            row.pk,
            "send" if row.result == AttemptResult.SENT else "phone-missed",
            str(AttemptResult(row.result).label),
            text=row.note,
            by=row.member.full_name,
            where=_where(row.site_id),
        )
        for row in rows
    ]


def questions(window: Window) -> list[TimelineEntry]:
    rows = window.rows(
        Question.objects.filter(patient=window.patient_id, site__in=_sites(window)).select_related(
            "asked_by", "answered_by"
        ),
        "asked_at",
    )
    return [
        TimelineEntry(
            row.asked_at,
            row.pk,
            "message-circle-question-mark",
            _("Question of the patient"),
            text=row.text,
            lines=(row.answer,) if row.answer else (),
            marks=() if row.answered_at else (_("Waits for an answer"),),
            by=getattr(row.answered_by or row.asked_by, "full_name", ""),
            where=_where(row.site_id),
            tone="neutral" if row.answered_at else "wait",
        )
        for row in rows
    ]


def unmet_needs(window: Window) -> list[TimelineEntry]:
    rows = window.rows(
        UnmetNeed.objects.filter(patient=window.patient_id, site__in=_sites(window)).select_related(
            "noted_by"
        ),
        "noted_at",
    )
    return [
        TimelineEntry(
            row.noted_at,
            row.pk,
            "hand-heart",
            _("A need we cannot meet"),
            text=row.need,
            lines=(row.explanation,),
            by=row.noted_by.full_name if row.noted_by else "",
            where=_where(row.site_id),
            tone="wait",
        )
        for row in rows
    ]


register(
    "call", gettext_lazy("Care calls"), conversations, permission=Permission.CARE_SEE, model=Conversation
)
register(
    "try",
    gettext_lazy("Tries to reach the patient"),
    tries,
    permission=Permission.CARE_SEE,
    model=CallAttempt,
)
register(
    "question",
    gettext_lazy("Questions of the patient"),
    questions,
    permission=Permission.CARE_SEE,
    model=Question,
)
register(
    "need",
    gettext_lazy("Needs we could not meet"),
    unmet_needs,
    permission=Permission.CARE_SEE,
    model=UnmetNeed,
)
