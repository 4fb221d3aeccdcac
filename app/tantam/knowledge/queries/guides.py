from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from tantam.knowledge.models import Guide, GuideVersion, Occasion
from tantam.lib.prepared import Prepared


@dataclass(frozen=True, slots=True)
class GuideRow:
    """One line of the list of guides."""

    guide: Guide
    version: GuideVersion | None
    is_general: bool


def guide_for(
    *, occasion: str, speciality_id: int | None, codes: Iterable[str], marks: Iterable[str] = ()
) -> GuideVersion | None:
    """The version in use of the guide that fits closest: diagnosis, then mark, then speciality, then general.

    Of two that fit alike, the older guide. One query.
    """
    codes, marks = list(codes), list(marks)
    best: tuple[int, GuideVersion] | None = None
    if occasion not in _IN_USE_FOR:
        return None
    for version in _IN_USE_FOR[occasion]():
        score = version.guide.fit(speciality_id=speciality_id, codes=codes, marks=marks)
        if score is not None and (best is None or score > best[0]):
            best = (score, version)
    return best[1] if best else None


def version_in_use(guide_id: int) -> GuideVersion | None:
    """The latest version of one guide, whoever it fits; None when it is retired."""
    return _in_use().filter(guide_id=guide_id, guide__is_active=True).first()


def published_version(version_id: int | None) -> GuideVersion | None:
    """A version of any guide, in use or not, with its guide; None when there is none of that number."""
    if version_id is None:
        return None
    return GuideVersion.objects.select_related("guide").filter(pk=version_id).first()


def versions_of(guide: Guide) -> list[GuideVersion]:
    """Every version of the guide with who published it, the newest first."""
    return list(guide.versions.select_related("published_by").order_by("-number"))


def latest_version(guide: Guide) -> GuideVersion | None:
    return guide.versions.order_by("-number").first()


def guide_rows(*, retired: bool = False) -> list[GuideRow]:
    """Guides by occasion, the general ones first. Two queries."""
    latest = {version.guide_id: version for version in _in_use().select_related("published_by")}
    guides = Guide.objects.filter(is_active=not retired).select_related("speciality")
    rows = [
        GuideRow(
            guide, latest.get(guide.pk), not (guide.speciality_id or guide.mark or guide.diagnosis_prefixes)
        )
        for guide in guides
    ]
    order = {"before_reexamination": 0, "after_encounter": 1}
    return sorted(
        rows, key=lambda row: (order.get(row.guide.occasion, 9), not row.is_general, row.guide.title)
    )


def _in_use() -> QuerySet[GuideVersion]:
    return GuideVersion.objects.order_by("guide_id", "-number").distinct("guide_id").select_related("guide")


def _prepared_for(occasion: str) -> Prepared[GuideVersion]:
    return Prepared(lambda: _in_use().filter(guide__is_active=True, guide__occasion=occasion))


_IN_USE_FOR = {occasion: _prepared_for(occasion) for occasion in Occasion.values}
