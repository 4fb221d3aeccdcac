from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from tantam.accounts.models import Member
from tantam.care.errors import NoteNeeded, NotTheirContact, OutcomeNeeded
from tantam.care.events import CareEvent
from tantam.care.models import (
    Action,
    AttemptResult,
    CareTask,
    Confirmation,
    Conversation,
    FindingKind,
    Health,
    Priority,
    TaskStatus,
)
from tantam.care.operations.findings import note_finding
from tantam.care.queries.holding import held_for_completion, reexamination_of
from tantam.care.rules.outcomes import COVERED_DAYS, Outcome, in_words
from tantam.care.rules.results import Completed
from tantam.facility.queries import next_open_day
from tantam.journal.live import announce
from tantam.journal.operations import operation, record
from tantam.knowledge.models import GuideVersion
from tantam.patients.models import ContactPoint
from tantam.records.operations import confirm_reexamination

FOLLOW_UP = "conversation"
"""`source_kind` of a task that follows a worrying conversation; `source_id` is the conversation."""


@operation
def complete_call(
    task: CareTask,
    *,
    outcome: Outcome,
    contact_point: ContactPoint | None = None,
    guide_version: GuideVersion | None = None,
    asked: Sequence[str] = (),
    also: Collection[int] = (),
    actor: Member,
) -> Completed:
    """Close a care call with what the patient told us (B6).

    A call is completed once. An unanswered ring is not an outcome: log it as an attempt, and the call stays
    due. A conversation that was held is never lost: neither a claim that ran out nor a planner that closed
    the task in the meantime prevents recording it.

    The re-examination is confirmed when the patient says they will come. Other calls about it that are due
    now or in the next two days are settled too, and so are the patient's other open contacts at the site
    named in `also`: one person, one call. Which of those are gone by now does not matter. The doctor finds
    the conversation on their list. A worrying outcome also tells them at once, and opens a follow-up owned
    by the caller in the same transaction, so no worrying call is ever closed without someone holding the
    next step.

    Refuses with CallAlreadyCompleted, TaskHeldByAnother, OutcomeNeeded, NoteNeeded, NotTheirContact, or
    ReexaminationInPast when the patient confirms a date that has passed.
    """
    outcome = outcome.cleaned()
    task, others = held_for_completion(task, actor)
    if outcome.is_empty:
        raise OutcomeNeeded
    if outcome.is_worrying and not any(outcome.words):
        raise NoteNeeded(field="note")
    if not task.is_theirs(contact_point):
        raise NotTheirContact(field="contact_point")

    now = timezone.now()
    conversation = Conversation.objects.create(
        task=task,
        patient=task.patient,
        site=task.site,
        member=actor,
        guide_version=guide_version,
        asked=list(asked),
        spoke_with=outcome.spoke_with,
        experience=outcome.experience,
        experience_note=outcome.experience_note,
        health=outcome.health,
        symptoms_before=outcome.symptoms_before,
        symptoms_after=outcome.symptoms_after,
        confirmation=outcome.confirmation,
        note=outcome.note,
        held_at=now,
    )
    task.add_attempt(AttemptResult.ANSWERED, member=actor, at=now, point=contact_point)
    task.close(TaskStatus.DONE, at=now, also=["attempts"])
    settled = _settled_too(task, others, outcome, also, now)

    reexamination = reexamination_of(task)
    if outcome.confirmation == Confirmation.CONFIRMED and reexamination is not None:
        confirm_reexamination(reexamination, actor=actor)
    follow_up = _follow_up(task, conversation, outcome, actor) if outcome.is_worrying else None

    learnt = note_finding(
        FindingKind.CONVERSATION,
        in_words(outcome),
        patient=task.patient,
        site=task.site,
        doctor=task.responsible_doctor,
        task=task,
        speciality_id=task.speciality_id,
        quiet=not outcome.is_worrying and outcome.confirmation != Confirmation.DECLINED,
        actor=actor,
        conversation=conversation.pk,
        experience=outcome.experience,
        health=outcome.health,
        confirmation=outcome.confirmation,
    )
    record(
        CareEvent.CALL_COMPLETED,
        task,
        actor=actor,
        conversation=conversation.pk,
        experience=outcome.experience,
        health=outcome.health,
        confirmation=outcome.confirmation,
        follow_up=follow_up.pk if follow_up else None,
        settled=[other.pk for other in settled],
    )
    announce(f"site:{task.site_id}:work-list")
    return Completed(conversation, learnt, follow_up, len(settled))


def _settled_too(
    task: CareTask, others: Sequence[CareTask], outcome: Outcome, also: Collection[int], now: datetime
) -> list[CareTask]:
    """The other contacts that this conversation makes needless; closed."""
    decided = task.reexamination_id is not None and outcome.confirmation in (
        Confirmation.CONFIRMED,
        Confirmation.DECLINED,
    )
    soon = now.astimezone(task.site.zone).date() + timedelta(days=COVERED_DAYS)
    settled = [
        other
        for other in others
        if (other.pk in also and other.site_id == task.site_id)
        or (
            decided
            and other.reexamination_id == task.reexamination_id
            and other.action == Action.CALL
            and other.due_on <= soon
        )
    ]
    for other in settled:
        other.close(TaskStatus.DONE, at=now)
    return settled


def _follow_up(task: CareTask, conversation: Conversation, outcome: Outcome, actor: Member) -> CareTask:
    """A call of the same agent on the next working day, so that a worrying answer is looked after."""
    today = timezone.localdate(timezone=task.site.zone)
    return CareTask.objects.create(
        source_kind=FOLLOW_UP,
        source_id=conversation.pk,
        patient=task.patient,
        site=task.site,
        speciality_id=task.speciality_id,
        encounter_id=task.encounter_id,
        reexamination_id=task.reexamination_id,
        doctor_id=task.doctor_id,
        occasion=task.occasion,
        action=Action.CALL,
        priority=Priority.URGENT if outcome.health == Health.WORSE else Priority.HIGH,
        anchor_on=today,
        due_on=next_open_day(task.site, today + timedelta(days=1)),
        best_hour=task.best_hour,
        assigned_role=task.assigned_role,
        assigned_to=actor,
    )
