"""Who makes which call. A claim is compare-and-set; one patient is held by one person at a time (B6).

Claims are taken with the patient and all their open contacts locked, and a unique index on the patient stands behind
them: whatever happens, two agents never call the same person.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.care.errors import NothingToCall, NotYourClaim, TaskHeldByAnother, TaskNotOpen
from tantam.care.events import CareEvent
from tantam.care.models import Action, CareTask
from tantam.care.rules.claims import claimed, claimed_sql, freed_before, held_by_another, is_claimed
from tantam.facility.queries import site_todays
from tantam.journal.live import announce
from tantam.journal.operations import nothing_changed, operation, record
from tantam.patients.models import Patient

_TRIES = 30


@operation
def claim_task(task: CareTask, *, take_over: bool = False, actor: Member) -> CareTask:
    """Take a call, so that nobody else makes it. Taking one's own again keeps it fresh.

    Whoever holds another contact with the same patient holds the patient; one's own claim moves over.
    `take_over` is for supervisors and takes it out of anyone's hands.

    Refuses with TaskNotOpen or TaskHeldByAnother.
    """
    contacts = CareTask.objects.held(task.patient_id)
    held = next((each for each in contacts if each.pk == task.pk), None)
    if held is None:
        raise TaskNotOpen
    if not take_over and (holder := _holder_of(contacts, actor)) is not None:
        raise TaskHeldByAnother(member=holder.full_name)
    was_mine = held.claimed_by_id == actor.pk
    _set_claim(held, contacts, actor)
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
    mine = CareTask.objects.open().filter(claimed(freed_before()), claimed_by=actor, action=Action.CALL)
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
        passed += [task_id for task_id, _patient_id in candidates]
    raise NothingToCall


@operation
def release_task(task: CareTask, *, actor: Member) -> CareTask:
    """Give a call back. Its holder may, and whoever supervises the site. Refuses with NotYourClaim."""
    task = CareTask.objects.held_task(task)
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


def _holder_of(contacts: Sequence[CareTask], actor: Member) -> Member | None:
    """Who else holds the patient through any of these contacts."""
    freed = freed_before()
    holders = (held_by_another(each, actor, freed) for each in contacts)
    return next((holder for holder in holders if holder is not None), None)


def _set_claim(task: CareTask, contacts: Sequence[CareTask], actor: Member) -> None:
    # Claims that ran out on the patient's other contacts go first: the index allows one a patient.
    stale = [each.pk for each in contacts if each.pk != task.pk and each.claimed_by_id is not None]
    if stale:
        CareTask.objects.filter(pk__in=stale).update(claimed_by=None, claimed_at=None)
    task.claimed_by, task.claimed_at = actor, timezone.now()
    task.save(update_fields=["claimed_by", "claimed_at"])


def _claim_first_free(candidates: Sequence[tuple[int, int]], actor: Member) -> CareTask | None:
    """Claim the first candidate that is free this moment. Whom another act is holding is passed over."""
    for task_id, patient_id in candidates:
        if not Patient.objects.held_if_free(patient_id):
            continue
        open_contacts = CareTask.objects.open().filter(patient_id=patient_id)
        contacts = list(
            open_contacts.select_related("claimed_by")
            .order_by("pk")
            .select_for_update(of=("self",), no_key=True, skip_locked=True)
        )
        # The planner, and a rule that is just being changed, hold contacts without their patient.
        all_locked = len(contacts) == open_contacts.count()
        task = next((each for each in contacts if each.pk == task_id), None)
        if task is None or not all_locked or is_claimed(task, freed_before()):
            continue
        if _holder_of(contacts, actor) is None:
            _set_claim(task, contacts, actor)
            return task
    return None


_NEXT = f"""
SELECT best.id, best.patient_id
FROM unnest(%(sites)s::bigint[], %(todays)s::date[]) AS s(site_id, today)
CROSS JOIN unnest(ARRAY[1, 2, 3, 4]::smallint[]) AS p(priority)
CROSS JOIN LATERAL (
    SELECT t.id, t.patient_id, t.due_on, t.best_hour
    FROM care_caretask t
    WHERE t.status = 'open' AND NOT t.needs_supervisor AND t.action = 'call'
      AND t.site_id = s.site_id AND t.priority = p.priority AND t.due_on <= s.today
      AND (t.next_attempt_at IS NULL OR t.next_attempt_at <= now())
      AND NOT {claimed_sql("t")}
      AND (t.assigned_to_id = %(me)s
           OR t.assigned_to_id IS NULL AND (s.site_id = ANY (%(leads)s) OR EXISTS (
               SELECT 1 FROM accounts_rolegrant g
               WHERE g.member_id = %(me)s AND g.site_id = s.site_id AND g.role = t.assigned_role)))
      AND NOT EXISTS (
          SELECT 1 FROM care_caretask o
          WHERE o.patient_id = t.patient_id AND o.status = 'open' AND {claimed_sql("o")})
      AND t.id <> ALL (%(passed)s::bigint[])
    ORDER BY t.due_on, t.best_hour, t.id
    LIMIT 10) AS best
ORDER BY p.priority, best.due_on,
         CASE WHEN best.best_hour = 24 THEN 1
              ELSE abs(best.best_hour + 1 - extract(hour FROM now() AT TIME ZONE %(zone)s)) / 2 END,
         best.id
LIMIT 10"""


def _candidates(site_ids: Sequence[int], actor: Member, passed: Sequence[int]) -> list[tuple[int, int]]:
    todays = {site_id: day for site_id, day in site_todays().items() if site_id in site_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            _NEXT,
            {
                "sites": list(todays),
                "todays": list(todays.values()),
                "freed": freed_before(),
                "me": actor.pk,
                "leads": actor.sites_where(Permission.CARE_SUPERVISE),
                "passed": list(passed),
                "zone": timezone.get_current_timezone_name(),
            },
        )
        return [(task_id, patient_id) for task_id, patient_id in cursor.fetchall()]
