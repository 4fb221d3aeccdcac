from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from tantam.accounts.models import Member
from tantam.care.errors import (
    AttemptAlreadyLogged,
    CallAlreadyCompleted,
    CallBackTimeNeeded,
    CallBackTimePassed,
    CallBackTooFar,
    NoteNeeded,
    NotTheirContact,
    OutcomeNeeded,
    TaskNotOpen,
)
from tantam.care.events import CareEvent
from tantam.care.models import (
    Action,
    AttemptResult,
    CallAttempt,
    CareTask,
    ClosedReason,
    Confirmation,
    Conversation,
    Experience,
    FindingKind,
    Health,
    Priority,
    TaskStatus,
)
from tantam.care.operations.findings import (
    Learnt,
    in_the_records_language,
    note_finding,
    responsible_doctor,
)
from tantam.care.operations.learnt import LONGEST_TEXT, locked_for, reexamination_of
from tantam.care.policy import NextStep, Step, current_policy, next_step
from tantam.facility.queries import next_open_day, open_days
from tantam.journal.live import announce
from tantam.journal.operations import operation, record
from tantam.knowledge.models import GuideVersion
from tantam.lib.text import clean_text
from tantam.patients.models import ContactKind, ContactPoint
from tantam.records.operations import confirm_reexamination

FOLLOW_UP = "conversation"
"""`source_kind` of a task that follows a worrying conversation; `source_id` is the conversation."""
COVERED_DAYS = 2
"""Calls about the same re-examination due within so many days are settled by this one."""
CALL_BACK_DAYS = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the patient told us, as choices and in their words. Empty means not asked."""

    experience: str = ""
    experience_note: str = ""
    health: str = ""
    symptoms_before: str = ""
    symptoms_after: str = ""
    confirmation: str = ""
    note: str = ""
    spoke_with: str = ""

    @property
    def is_worrying(self) -> bool:
        return self.health == Health.WORSE or self.experience == Experience.BAD

    @property
    def is_empty(self) -> bool:
        answers = (self.experience, self.health, self.confirmation)
        return not any(answers) and not any(self.words)

    @property
    def words(self) -> tuple[str, ...]:
        return (self.note, self.experience_note, self.symptoms_before, self.symptoms_after)

    def cleaned(self) -> Outcome:
        """The same with safe text; raises ValueError on a choice that does not exist."""
        return Outcome(
            experience=Experience(self.experience),
            experience_note=clean_text(self.experience_note, max_length=500),
            health=Health(self.health),
            symptoms_before=clean_text(self.symptoms_before, max_length=500),
            symptoms_after=clean_text(self.symptoms_after, max_length=500),
            confirmation=Confirmation(self.confirmation),
            note=clean_text(self.note, max_length=LONGEST_TEXT),
            spoke_with=clean_text(self.spoke_with, max_length=120),
        )


@dataclass(frozen=True, slots=True)
class Completed:
    """A recorded conversation, what the doctor was told, and the follow-up when there is one."""

    conversation: Conversation
    learnt: Learnt
    follow_up: CareTask | None
    also_settled: int


@dataclass(frozen=True, slots=True)
class Attempted:
    """A logged try, and what follows it."""

    task: CareTask
    attempt: CallAttempt
    next: NextStep


@operation
def complete_call(
    task: CareTask,
    *,
    outcome: Outcome,
    contact_point: ContactPoint | None = None,
    guide_version: GuideVersion | None = None,
    asked: Sequence[str] = (),
    actor: Member,
) -> Completed:
    """Close a care call with what the patient told us (B6).

    A call is completed once. An unanswered ring is not an outcome: log it as an attempt, and the call stays
    due. A conversation that was held is never lost: neither a claim that ran out nor a planner that closed
    the task in the meantime prevents recording it.

    The re-examination is confirmed when the patient says they will come. Other calls about it that are due
    now or in the next two days are settled too. The doctor finds the conversation on their list. A worrying
    outcome also tells them at once, and opens a follow-up owned by the caller in the same transaction, so no
    worrying call is ever closed without someone holding the next step.

    Refuses with CallAlreadyCompleted, TaskHeldByAnother, OutcomeNeeded, NoteNeeded, NotTheirContact, or
    ReexaminationInPast when the patient confirms a date that has passed.
    """
    outcome = outcome.cleaned()
    task = locked_for_completion(task, actor)
    if outcome.is_empty:
        raise OutcomeNeeded
    if outcome.is_worrying and not any(outcome.words):
        raise NoteNeeded(field="note")
    _check_contact(task, contact_point)

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
    _attempt(task, AttemptResult.ANSWERED, contact_point, "", now, actor)
    _close(task, TaskStatus.DONE, now)
    settled = _settle_others(task, outcome, now)

    reexamination = reexamination_of(task)
    if outcome.confirmation == Confirmation.CONFIRMED and reexamination is not None:
        confirm_reexamination(reexamination, actor=actor)
    follow_up = _follow_up(task, conversation, outcome, actor) if outcome.is_worrying else None

    learnt = note_finding(
        FindingKind.CONVERSATION,
        _in_words(outcome),
        patient=task.patient,
        site=task.site,
        doctor=responsible_doctor(task),
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


@operation
def log_attempt(
    task: CareTask,
    *,
    result: str,
    contact_point: ContactPoint | None = None,
    call_back_at: datetime | None = None,
    note: str = "",
    seen: int | None = None,
    actor: Member,
) -> Attempted:
    """Log a try that led to no conversation, and do what the policy says follows (B6).

    The next try waits as long as the policy says, or until the patient asked to be called. A wrong number is
    marked so; when there is another one the caller keeps the task and rings that. When nothing is left to
    ring, the task becomes a message, or a supervisor's. Who does not want to be called is not called again
    about this. `seen` is the number of tries the form was made with: the same try sent twice is refused.

    Refuses with AttemptAlreadyLogged, TaskNotOpen, TaskHeldByAnother, NotTheirContact, CallBackTimeNeeded,
    CallBackTimePassed or CallBackTooFar.
    """
    result = AttemptResult(result)
    if result in (AttemptResult.ANSWERED, AttemptResult.SENT):
        raise ValueError(f"{result} is not a failed try")
    task = locked_for(task, actor)
    if seen is not None and task.attempts != seen:
        raise AttemptAlreadyLogged
    if not task.is_open:
        raise TaskNotOpen
    _check_contact(task, contact_point)
    now = timezone.now().astimezone(task.site.zone)
    if result == AttemptResult.CALL_BACK:
        _check_call_back(call_back_at, now)

    points = list(ContactPoint.objects.filter(patient_id=task.patient_id, is_wrong=False))
    working = open_days([task.site], now.date(), now.date() + timedelta(days=CALL_BACK_DAYS + 31))[
        task.site_id
    ]
    left = [point for point in points if contact_point is None or point.pk != contact_point.pk]
    follows = next_step(
        task,
        result,
        list(task.call_attempts.all()),
        now,
        current_policy(),
        asked_for=call_back_at.astimezone(task.site.zone) if call_back_at else None,
        other_numbers=sum(point.kind == ContactKind.PHONE for point in left),
        other_channels=bool(left if result == AttemptResult.WRONG_NUMBER else points),
        is_open_on=working.__contains__,
    )
    attempt = _attempt(task, result, contact_point, clean_text(note, max_length=300), now, actor)
    if result == AttemptResult.WRONG_NUMBER and contact_point is not None:
        contact_point.is_wrong = True
        contact_point.is_preferred = False
        contact_point.save(update_fields=["is_wrong", "is_preferred"])
    _apply(task, follows, now)
    record(
        CareEvent.ATTEMPT_LOGGED,
        task,
        actor=actor,
        attempt=attempt.pk,
        result=result,
        step=follows.step,
        next_attempt_at=task.next_attempt_at,
        contact_point=contact_point.pk if contact_point else None,
    )
    announce(f"site:{task.site_id}:work-list")
    return Attempted(task, attempt, follows)


def locked_for_completion(task: CareTask, actor: Member) -> CareTask:
    """The task, locked and without a conversation yet."""
    task = CareTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    already = Conversation.objects.filter(task=task).select_related("member").first()
    if already is not None:
        held_at = timezone.localtime(already.held_at)
        raise CallAlreadyCompleted(member=already.member.full_name, time=f"{held_at:%H:%M}")
    return locked_for(task, actor)


def _check_contact(task: CareTask, point: ContactPoint | None) -> None:
    if point is not None and point.patient_id != task.patient_id:
        raise NotTheirContact(field="contact_point")


def _check_call_back(at: datetime | None, now: datetime) -> None:
    if at is None:
        raise CallBackTimeNeeded(field="call_back_at")
    if at <= now:
        raise CallBackTimePassed(field="call_back_at")
    if at > now + timedelta(days=CALL_BACK_DAYS):
        raise CallBackTooFar(field="call_back_at")


def _attempt(
    task: CareTask, result: str, point: ContactPoint | None, note: str, at: datetime, actor: Member
) -> CallAttempt:
    task.attempts += 1
    return CallAttempt.objects.create(
        task=task,
        patient=task.patient,
        site=task.site,
        member=actor,
        contact_point=point,
        result=result,
        note=note,
        made_at=at,
    )


def _apply(task: CareTask, follows: NextStep, now: datetime) -> None:
    """Write what follows a try; the claim is given back unless the caller rings another number right now."""
    changed = ["attempts", "next_attempt_at", "claimed_by", "claimed_at"]
    task.next_attempt_at = follows.at
    rings_on = follows.step == Step.OTHER_NUMBER and follows.at is not None and follows.at <= now
    if not rings_on:
        task.claimed_by, task.claimed_at = None, None
    if follows.step == Step.OTHER_CHANNEL:
        task.action = Action.MESSAGE
        changed.append("action")
    elif follows.step == Step.SUPERVISOR:
        task.needs_supervisor = True
        changed.append("needs_supervisor")
    elif follows.step == Step.CLOSE:
        task.status = TaskStatus.CLOSED
        task.closed_reason = follows.closed_reason or ClosedReason.REFUSED
        task.closed_at = now
        changed += ["status", "closed_reason", "closed_at"]
    task.save(update_fields=changed)


def _close(task: CareTask, status: TaskStatus, at: datetime) -> None:
    task.status, task.closed_at = status, at
    task.closed_reason = ""
    task.claimed_by, task.claimed_at, task.next_attempt_at = None, None, None
    task.needs_supervisor = False
    task.save(
        update_fields=[
            "status",
            "closed_at",
            "closed_reason",
            "claimed_by",
            "claimed_at",
            "next_attempt_at",
            "needs_supervisor",
            "attempts",
        ]
    )


def _settle_others(task: CareTask, outcome: Outcome, now: datetime) -> list[CareTask]:
    """Close the other calls about the same re-examination that this conversation made needless."""
    if task.reexamination_id is None or outcome.confirmation not in (
        Confirmation.CONFIRMED,
        Confirmation.DECLINED,
    ):
        return []
    soon = now.astimezone(task.site.zone).date() + timedelta(days=COVERED_DAYS)
    others = list(
        CareTask.objects.filter(
            patient_id=task.patient_id,
            reexamination_id=task.reexamination_id,
            status=TaskStatus.OPEN,
            action=Action.CALL,
            due_on__lte=soon,
        )
        .exclude(pk=task.pk)
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    for other in others:
        _close(other, TaskStatus.DONE, now)
    return others


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


def _in_words(outcome: Outcome) -> str:
    """The conversation as the doctor reads it, in the organisation's language."""
    with in_the_records_language():
        parts = []
        if outcome.health:
            parts.append(_("Health: %(answer)s") % {"answer": _lower(Health(outcome.health).label)})
        if outcome.symptoms_before:
            parts.append(_("Before: %(words)s") % {"words": outcome.symptoms_before})
        if outcome.symptoms_after:
            parts.append(_("Now: %(words)s") % {"words": outcome.symptoms_after})
        if outcome.experience:
            parts.append(
                _("Examination: %(answer)s") % {"answer": _lower(Experience(outcome.experience).label)}
            )
        if outcome.experience_note:
            parts.append(f"“{outcome.experience_note}”")
        if outcome.confirmation:
            parts.append(
                _("Re-examination: %(answer)s") % {"answer": _lower(Confirmation(outcome.confirmation).label)}
            )
        if outcome.note:
            parts.append(outcome.note)
        return ". ".join(part.rstrip(".") for part in parts) + "."


def _lower(label: object) -> str:
    text = str(label)
    return text[:1].lower() + text[1:]
