from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Max

from tantam.accounts.models import Member
from tantam.journal.operations import nothing_changed, operation, record
from tantam.knowledge.errors import GuideChangedMeanwhile, GuideSaysNothing, GuideUnchanged
from tantam.knowledge.events import KnowledgeEvent
from tantam.knowledge.models import Guide, GuideVersion
from tantam.knowledge.rules.content import GuideContent, GuideScope
from tantam.knowledge.rules.starters import STARTERS
from tantam.lib.sent_once import made_by


@operation
def create_guide(
    *,
    title: str,
    scope: GuideScope,
    content: GuideContent,
    starter_key: str = "",
    submission: UUID | None = None,
    actor: Member | None,
) -> GuideVersion:
    """Write a new conversation guide and publish its first version (C5). A form sent twice makes one guide.

    Refuses with GuideSaysNothing when it has no goal or no question.
    """
    _must_say_something(content)
    sent = made_by(Guide.objects.all(), submission)
    if sent is not None:
        nothing_changed()
        return sent.versions.get(number=1)
    guide = Guide.objects.create(
        title=title,
        occasion=scope.occasion,
        speciality=scope.speciality,
        diagnosis_prefixes=scope.diagnosis_prefixes,
        mark=scope.mark,
        starter_key=starter_key,
        submission=submission,
    )
    return _publish(guide, 1, content, actor)


@operation
def publish_guide(
    guide: Guide, *, title: str, scope: GuideScope, content: GuideContent, seen: int, actor: Member
) -> GuideVersion:
    """Publish a new version; the old ones stay as they were (C5).

    `seen` is the number of the version the editor started from. Refuses with GuideChangedMeanwhile when
    there is a newer one, GuideSaysNothing, or GuideUnchanged when nothing at all differs.
    """
    _must_say_something(content)
    guide = Guide.objects.select_for_update(of=("self",)).get(pk=guide.pk)
    latest = guide.versions.order_by("-number").first()
    if latest is not None and latest.number != seen:
        raise GuideChangedMeanwhile(number=latest.number)
    changed = _rename(guide, title, scope)
    if latest is not None and content.equals(latest):
        if not changed:
            raise GuideUnchanged
        record(KnowledgeEvent.GUIDE_PUBLISHED, guide, actor=actor, version=latest.number, changed=changed)
        return latest
    return _publish(guide, (latest.number if latest else 0) + 1, content, actor, changed)


@operation
def retire_guide(guide: Guide, *, actor: Member) -> Guide:
    """Take a guide out of use. Its versions and the conversations held with them stay."""
    return _set_active(guide, False, KnowledgeEvent.GUIDE_RETIRED, actor)


@operation
def restore_guide(guide: Guide, *, actor: Member) -> Guide:
    """Put a retired guide into use again."""
    return _set_active(guide, True, KnowledgeEvent.GUIDE_RESTORED, actor)


@operation
def ensure_starter_guides(*, actor: Member | None = None) -> int:
    """Write the guides we ship that are not there yet; those already there, edited or retired, stay as they are.

    Answers how many were written. Safe to run at every set-up.
    """
    present = set(Guide.objects.exclude(starter_key="").values_list("starter_key", flat=True))
    missing = [starter for starter in STARTERS if starter.key not in present]
    for starter in missing:
        create_guide(
            title=starter.title,
            scope=GuideScope(starter.occasion, None, starter.diagnosis_prefixes, starter.mark),
            content=GuideContent(starter.goals, starter.questions, starter.facts, starter.cautions),
            starter_key=starter.key,
            actor=actor,
        )
    if not missing:
        nothing_changed()
    return len(missing)


def _must_say_something(content: GuideContent) -> None:
    if not content.goals or not content.questions:
        raise GuideSaysNothing


def _publish(
    guide: Guide, number: int, content: GuideContent, actor: Member | None, changed: Sequence[str] = ()
) -> GuideVersion:
    version = GuideVersion.objects.create(
        guide=guide,
        number=number,
        goals=list(content.goals),
        questions=list(content.questions),
        facts=[str(fact) for fact in content.facts],
        cautions=list(content.cautions),
        published_by=actor,
    )
    record(KnowledgeEvent.GUIDE_PUBLISHED, guide, actor=actor, version=number, changed=list(changed))
    return version


def _rename(guide: Guide, title: str, scope: GuideScope) -> list[str]:
    wanted = {
        "title": title,
        "occasion": str(scope.occasion),
        "speciality": scope.speciality,
        "diagnosis_prefixes": scope.diagnosis_prefixes,
        "mark": scope.mark,
    }
    changed = [name for name, value in wanted.items() if getattr(guide, name) != value]
    for name in changed:
        setattr(guide, name, wanted[name])
    if changed:
        guide.save(update_fields=changed)
    return changed


def _set_active(guide: Guide, is_active: bool, event: KnowledgeEvent, actor: Member) -> Guide:
    guide = Guide.objects.select_for_update(of=("self",)).get(pk=guide.pk)
    if guide.is_active == is_active:
        nothing_changed()
        return guide
    guide.is_active = is_active
    guide.save(update_fields=["is_active"])
    record(event, guide, actor=actor, version=guide.versions.aggregate(latest=Max("number"))["latest"])
    return guide
