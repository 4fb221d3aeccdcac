"""Who makes which call. A claim is compare-and-set; one patient is held by one person at a time (B6).

Claims are taken under locks on all open contacts of the patient, in key order, and a unique index on the
patient stands behind them: whatever happens, two agents never call the same person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.care.errors import (
    MayNotCallThere,
    NothingToCall,
    NotYourClaim,
    ReasonToCloseNeeded,
    TaskHeldByAnother,
    TaskNotOpen,
)
from tantam.care.events import CareEvent
from tantam.care.models import AttemptResult, CallAttempt, CareTask, Channel, ClosedReason, TaskStatus
from tantam.care.planner.calendar import site_todays
from tantam.care.policy import current_policy
from tantam.journal.live import announce
from tantam.journal.operations import nothing_changed, operation, record

# What a supervisor may say when closing a contact by hand; the other reasons belong to the planner.
REASONS_BY_HAND = (ClosedReason.REFUSED, ClosedReason.NO_CONTACT, ClosedReason.BY_SUPERVISOR)
_TRIES = 30


@operation
def claim_task(task: CareTask, *, take_over: bool = False, actor: Member) -> CareTask:
    """Take a call, so that nobody else makes it. Taking one's own again keeps it fresh.

    Whoever holds another contact with the same patient holds the patient; one's own claim moves over.
    `take_over` is for supervisors and takes it out of anyone's hands.

    Refuses with TaskNotOpen or TaskHeldByAnother.
    """
    freed = None if take_over else _claims_run_out_before()
    siblings = _lock_patient(task.patient_id)
    held = next((each for each in siblings if each.pk == task.pk), None)
    if held is None:
        raise TaskNotOpen
    others = [each for each in siblings if _holds(each, actor, freed)]
    if others:
        raise TaskHeldByAnother(member=str(others[0].claimed_by))
    was_mine = held.claimed_by_id == actor.pk
    _set_claim(held, siblings, actor)
    if was_mine:
        nothing_changed()
    else:
        record(CareEvent.TASK_CLAIMED, held, actor=actor, **({"taken_over": True} if take_over else {}))
        announce(f"site:{held.site_id}:work-list")
    return held


@operation
def take_next_call(site_ids: Sequence[int], *, actor: Member) -> CareTask:
    """Claim the most important call that nobody is making: by priority, day due, and best time to call.

    Only calls meant for the actor or for one of their roles at its site; a call the actor already holds
    comes first. Never waits for another agent: a patient someone is just taking is passed over.

    Refuses with NothingToCall.
    """
    mine = CareTask.objects.filter(
        claimed_by=actor, status=TaskStatus.OPEN, action="call", claimed_at__gt=_claims_run_out_before()
    )
    unfinished = mine.filter(site__in=site_ids).order_by("claimed_at").first()
    if unfinished is not None:
        nothing_changed()
        return unfinished
    passed: list[int] = []
    for _try in range(_TRIES):
        candidates = _candidates(site_ids, actor, passed)
        if not candidates:
            break
        task = _claim_first_free(candidates, actor)
        if task is not None:
            record(CareEvent.TASK_CLAIMED, task, actor=actor, next=True)
            announce(f"site:{task.site_id}:work-list")
            return task
        passed += candidates
    raise NothingToCall


@operation
def release_task(task: CareTask, *, actor: Member) -> CareTask:
    """Give a call back. Its holder may, and whoever supervises the site. Refuses with NotYourClaim."""
    task = _locked(task)
    if task.claimed_by_id is None:
        nothing_changed()
        return task
    if task.claimed_by_id != actor.pk and not actor.may(Permission.CARE_SUPERVISE, task.site_id):
        raise NotYourClaim
    record(CareEvent.TASK_RELEASED, task, actor=actor, held_by=task.claimed_by_id)
    task.claimed_by, task.claimed_at = None, None
    task.save(update_fields=["claimed_by", "claimed_at"])
    announce(f"site:{task.site_id}:work-list")
    return task


@operation
def assign_task(task: CareTask, *, to: Member | None, actor: Member) -> CareTask:
    """Give a contact to one colleague, or back to everyone. Another's claim ends; a waiting one goes on.

    Refuses with TaskNotOpen, or MayNotCallThere when the colleague may not call at the site.
    """
    task = _locked(task)
    if not task.is_open:
        raise TaskNotOpen
    if to is not None and (not to.is_active or not to.may(Permission.CARE_CALL, task.site_id)):
        raise MayNotCallThere(field="assigned_to", member=to.full_name)
    record(
        CareEvent.TASK_ASSIGNED,
        task,
        actor=actor,
        to=to.pk if to else None,
        before=task.assigned_to_id,
    )
    task.assigned_to = to
    task.needs_supervisor = False
    if task.claimed_by_id is not None and task.claimed_by_id != (to.pk if to else None):
        task.claimed_by, task.claimed_at = None, None
    task.save(update_fields=["assigned_to", "needs_supervisor", "claimed_by", "claimed_at"])
    announce(f"site:{task.site_id}:work-list")
    return task


@operation
def close_task(task: CareTask, *, reason: str, actor: Member) -> CareTask:
    """Close a contact that will not be made, saying why. It stays in the figures as not reached.

    Refuses with TaskNotOpen or ReasonToCloseNeeded.
    """
    if reason not in REASONS_BY_HAND:
        raise ReasonToCloseNeeded(field="reason")
    task = _locked(task)
    if not task.is_open:
        raise TaskNotOpen
    unreached = reason == ClosedReason.NO_CONTACT
    task.status = TaskStatus.UNREACHED if unreached else TaskStatus.CLOSED
    task.closed_reason = reason
    task.closed_at = timezone.now()
    task.claimed_by, task.claimed_at = None, None
    task.needs_supervisor = False
    task.save(
        update_fields=[
            "status",
            "closed_reason",
            "closed_at",
            "claimed_by",
            "claimed_at",
            "needs_supervisor",
        ]
    )
    record(CareEvent.TASK_CLOSED, task, actor=actor, reason=reason)
    announce(f"site:{task.site_id}:work-list")
    return task


@operation
def mark_message_sent(task: CareTask, *, channel: str, actor: Member) -> CareTask:
    """A colleague has sent the message by hand, through `channel`; the contact is done.

    Refuses with TaskNotOpen, also when someone else was faster, and TaskHeldByAnother.
    """
    task = _locked(task)
    if not task.is_open:
        raise TaskNotOpen
    if _holds(task, actor, _claims_run_out_before()):
        raise TaskHeldByAnother(member=str(task.claimed_by))
    now = timezone.now()
    CallAttempt.objects.create(
        task=task,
        patient_id=task.patient_id,
        site_id=task.site_id,
        member=actor,
        channel=Channel(channel),
        result=AttemptResult.SENT,
        made_at=now,
    )
    task.status = TaskStatus.DONE
    task.closed_at = now
    task.attempts += 1
    task.claimed_by, task.claimed_at = None, None
    task.needs_supervisor = False
    task.save(
        update_fields=["status", "closed_at", "attempts", "claimed_by", "claimed_at", "needs_supervisor"]
    )
    record(CareEvent.MESSAGE_SENT, task, actor=actor, channel=channel)
    announce(f"site:{task.site_id}:work-list")
    return task


def keep_claim(task: CareTask, member: Member) -> bool:
    """The holder is still at it: the claim's time starts anew. No act of its own, so no entry."""
    return bool(
        CareTask.objects.filter(pk=task.pk, claimed_by=member, status=TaskStatus.OPEN).update(
            claimed_at=timezone.now()
        )
    )


def _claims_run_out_before() -> datetime:
    return timezone.now() - current_policy().claim_age


def _locked(task: CareTask) -> CareTask:
    return CareTask.objects.select_for_update(of=("self",)).select_related("claimed_by").get(pk=task.pk)


def _lock_patient(patient_id: int, *, wait: bool = True) -> list[CareTask]:
    """The patient's open contacts, locked in key order; without waiting, only those nobody else has locked."""
    return list(
        CareTask.objects.filter(patient_id=patient_id, status=TaskStatus.OPEN)
        .select_related("claimed_by")
        .order_by("pk")
        .select_for_update(of=("self",), skip_locked=not wait)
    )


def _holds(task: CareTask, actor: Member, freed_before: datetime | None) -> bool:
    """Whether someone else's claim on it stands; none does when `freed_before` is None."""
    return (
        freed_before is not None
        and task.claimed_by_id not in (None, actor.pk)
        and task.claimed_at is not None
        and task.claimed_at > freed_before
    )


def _set_claim(task: CareTask, siblings: Sequence[CareTask], actor: Member) -> None:
    # Claims that ran out on the patient's other contacts go first: the index allows one a patient.
    stale = [each.pk for each in siblings if each.pk != task.pk and each.claimed_by_id is not None]
    if stale:
        CareTask.objects.filter(pk__in=stale).update(claimed_by=None, claimed_at=None)
    task.claimed_by, task.claimed_at = actor, timezone.now()
    task.save(update_fields=["claimed_by", "claimed_at"])


def _claim_first_free(candidates: Sequence[int], actor: Member) -> CareTask | None:
    freed = _claims_run_out_before()
    for task_id in candidates:
        free = Q(claimed_by__isnull=True) | Q(claimed_at__lte=freed)
        task = (
            CareTask.objects.filter(free, pk=task_id, status=TaskStatus.OPEN)
            .select_for_update(of=("self",), skip_locked=True)
            .first()
        )
        if task is None:
            continue
        siblings = _lock_patient(task.patient_id, wait=False)
        all_open = CareTask.objects.filter(patient_id=task.patient_id, status=TaskStatus.OPEN).count()
        if len(siblings) != all_open or any(_holds(each, actor, freed) for each in siblings):
            continue
        _set_claim(task, siblings, actor)
        return task
    return None


_NEXT = """
SELECT best.id
FROM unnest(%(sites)s::bigint[], %(todays)s::date[]) AS s(site_id, today)
CROSS JOIN unnest(ARRAY[1, 2, 3, 4]::smallint[]) AS p(priority)
CROSS JOIN LATERAL (
    SELECT t.id, t.due_on, t.best_hour
    FROM care_caretask t
    WHERE t.status = 'open' AND NOT t.needs_supervisor AND t.action = 'call'
      AND t.site_id = s.site_id AND t.priority = p.priority AND t.due_on <= s.today
      AND (t.next_attempt_at IS NULL OR t.next_attempt_at <= now())
      AND (t.claimed_by_id IS NULL OR t.claimed_at <= %(freed)s)
      AND (t.assigned_to_id = %(me)s
           OR t.assigned_to_id IS NULL AND (s.site_id = ANY (%(leads)s) OR EXISTS (
               SELECT 1 FROM accounts_rolegrant g
               WHERE g.member_id = %(me)s AND g.site_id = s.site_id AND g.role = t.assigned_role)))
      AND NOT EXISTS (
          SELECT 1 FROM care_caretask o
          WHERE o.patient_id = t.patient_id AND o.status = 'open' AND o.claimed_by_id IS NOT NULL
            AND o.claimed_at > %(freed)s)
      AND t.id <> ALL (%(passed)s::bigint[])
    ORDER BY t.due_on, t.best_hour, t.id
    LIMIT 10) AS best
ORDER BY p.priority, best.due_on,
         CASE WHEN best.best_hour = 24 THEN 1
              ELSE abs(best.best_hour + 1 - extract(hour FROM now() AT TIME ZONE %(zone)s)) / 2 END,
         best.id
LIMIT 10"""


def _candidates(site_ids: Sequence[int], actor: Member, passed: Sequence[int]) -> list[int]:
    todays = {site_id: day for site_id, day in site_todays().items() if site_id in site_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            _NEXT,
            {
                "sites": list(todays),
                "todays": list(todays.values()),
                "freed": _claims_run_out_before(),
                "me": actor.pk,
                "leads": actor.sites_where(Permission.CARE_SUPERVISE),
                "passed": list(passed),
                "zone": timezone.get_current_timezone_name(),
            },
        )
        return [task_id for (task_id,) in cursor.fetchall()]
