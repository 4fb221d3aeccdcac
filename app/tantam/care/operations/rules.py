from __future__ import annotations

from dataclasses import fields
from typing import Any
from uuid import UUID

from django.db.models import Q

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission, Role
from tantam.care.errors import (
    GuideForAnotherOccasion,
    MayNotCallThere,
    RuleAlreadyThere,
    RuleChangedMeanwhile,
)
from tantam.care.events import CareEvent
from tantam.care.models import IN_WORDS, CareRule, CareTask
from tantam.care.rules.contents import RuleContent, content_of
from tantam.care.rules.starters import STARTER_RULES
from tantam.journal.live import announce
from tantam.journal.operations import nothing_changed, operation, record
from tantam.lib.sent_once import made_by
from tantam.lib.text import clean_text

# Who may be asked to make contacts: the roles that may call.
CALLING_ROLES = tuple(role for role in Role if Permission.CARE_CALL in role.permissions)
# A change of these reaches the open contacts of the rule, where nobody has decided otherwise since.
_CARRIED_OVER = ("action", "priority", "assigned_role", "assigned_to")


@operation
def create_rule(content: RuleContent, *, submission: UUID | None = None, actor: Member) -> CareRule:
    """Write a new care rule and have its contacts planned at once, in the background (B4).

    A form sent twice (same `submission`) makes one rule. Refuses with RuleAlreadyThere, MayNotCallThere or
    GuideForAnotherOccasion.
    """
    sent = made_by(CareRule.objects.all(), submission)
    if sent is not None:
        nothing_changed()
        return sent
    _check(content, None)
    rule = content.as_rule()
    rule.name = clean_text(rule.name, max_length=160)
    rule.created_by, rule.submission = actor, submission
    rule.save(force_insert=True)
    record(CareEvent.RULE_SAVED, rule, actor=actor, revision=rule.revision, created=True)
    _plan_soon(rule, actor)
    return rule


@operation
def draft_starter_rules(*, actor: Member | None) -> int:
    """Lay the shipped rules out as drafts, out of use; answers how many were missing (B4).

    A draft contacts nobody until somebody puts it to use. One whose name is there already, in whatever form, is left.
    """
    present = set(CareRule.objects.values_list("name", flat=True))
    missing = [content for content in STARTER_RULES if content.name not in present]
    if not missing:
        nothing_changed()
        return 0
    for content in missing:
        rule = content.as_rule()
        rule.is_active = False
        rule.created_by = actor
        rule.save(force_insert=True)
        record(CareEvent.RULE_SAVED, rule, actor=actor, revision=rule.revision, created=True, draft=True)
    return len(missing)


@operation
def change_rule(rule: CareRule, content: RuleContent, *, seen: int, actor: Member) -> CareRule:
    """Change a care rule; what it has planned follows in the background (B4).

    `seen` is the revision the editor started from. Refuses with RuleChangedMeanwhile when there is a newer
    one, and like `create_rule`.
    """
    rule = CareRule.objects.select_for_update(of=("self",), no_key=True).get(pk=rule.pk)
    if rule.revision != seen:
        raise RuleChangedMeanwhile
    _check(content, rule)
    before = {each.name: getattr(rule, each.name) for each in fields(content)}
    changed = [name for name, value in before.items() if value != getattr(content, name)]
    if not changed:
        nothing_changed()
        return rule
    content.as_rule(rule)
    rule.name = clean_text(rule.name, max_length=160)
    rule.revision += 1
    rule.save(update_fields=[*changed, "revision"])
    _carry_over(rule, before, changed)
    record(
        CareEvent.RULE_SAVED,
        rule,
        actor=actor,
        revision=rule.revision,
        changed=[_change(name, before[name], getattr(rule, name)) for name in changed],
    )
    _plan_soon(rule, actor)
    return rule


@operation
def set_rule_in_use(rule: CareRule, in_use: bool, *, actor: Member) -> CareRule:
    """Stop a rule, which closes the contacts it planned, or put it to use again, which plans them anew.

    Putting to use refuses with RuleAlreadyThere when another rule has taken its place.
    """
    rule = CareRule.objects.select_for_update(of=("self",), no_key=True).get(pk=rule.pk)
    if rule.is_active == in_use:
        nothing_changed()
        return rule
    if in_use:
        _check_alone(content_of(rule), rule)
    rule.is_active = in_use
    rule.revision += 1
    rule.save(update_fields=["is_active", "revision"])
    record(
        CareEvent.RULE_SAVED,
        rule,
        actor=actor,
        revision=rule.revision,
        changed=[_change("is_active", not in_use, in_use)],
    )
    _plan_soon(rule, actor)
    return rule


def _check(content: RuleContent, rule: CareRule | None) -> None:
    if content.guide is not None and content.guide.occasion != content.occasion:
        raise GuideForAnotherOccasion(field="guide")
    who = content.assigned_to
    if who is not None and not who.may(Permission.CARE_CALL, content.site.pk if content.site else None):
        raise MayNotCallThere(field="assigned_to", member=who.full_name)
    _check_alone(content, rule)


def _check_alone(content: RuleContent, rule: CareRule | None) -> None:
    twin = CareRule.objects.filter(
        Q(site=content.site) if content.site else Q(site__isnull=True),
        Q(speciality=content.speciality) if content.speciality else Q(speciality__isnull=True),
        is_active=True,
        occasion=content.occasion,
        days=content.days,
        action=content.action,
        diagnosis_prefix=content.diagnosis_prefix,
    )
    if rule is not None:
        twin = twin.exclude(pk=rule.pk)
    if (found := twin.first()) is not None:
        raise RuleAlreadyThere(name=found.name)


def _carry_over(rule: CareRule, before: dict[str, Any], changed: list[str]) -> None:
    """Let open contacts follow, in one statement a field; nobody's claimed call changes under their hands.

    The contacts belong to many patients, so these cannot be held one by one; all contacts are locked at once, in key
    order, before the first of them changes.
    """
    carried = [name for name in _CARRIED_OVER if name in changed]
    if not carried:
        return
    waiting = CareTask.objects.open().filter(rule=rule, claimed_by__isnull=True)
    locked = list(
        waiting.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True)
    )
    for name in carried:
        as_before = {f"{name}__isnull": True} if before[name] is None else {name: before[name]}
        CareTask.objects.filter(pk__in=locked, **as_before).update(**{name: getattr(rule, name)})


def _change(name: str, before: Any, after: Any) -> list[Any]:
    """[field, before, after] in codes and ids, for the history of the rule; of words only which field they are in."""
    if name in IN_WORDS:
        return [name]
    return [name, *(getattr(value, "pk", value) for value in (before, after))]


def _plan_soon(rule: CareRule, actor: Member) -> None:
    from tantam.care.jobs import plan_saved_rule

    plan_saved_rule.configure(lock=f"care-rule-{rule.pk}").defer(rule_id=rule.pk, actor_id=actor.pk)
    announce(f"member:{actor.pk}:care-rule")
