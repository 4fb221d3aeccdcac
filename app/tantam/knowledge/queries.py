from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from tantam.knowledge.models import Guide, GuideVersion, Occasion, PatientFact
from tantam.lib.prepared import Prepared

# What an editor may write in a line, and what stands there when the patient's own fact is not known.
PLACES: Mapping[str, str] = {
    "{xưng hô}": "anh/chị",
    "{ngày tái khám}": "ngày đã hẹn",
    "{bác sĩ}": "bác sĩ",
}


@dataclass(frozen=True, slots=True)
class FilledGuide:
    """A guide beside a call: its lines with this patient's facts in their places."""

    version: GuideVersion
    title: str
    goals: list[str]
    questions: list[str]
    cautions: list[str]
    facts: list[tuple[str, list[str]]] = field(default_factory=list)


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


def filled(
    version: GuideVersion, *, places: Mapping[str, str], facts: Mapping[str, Sequence[str]]
) -> FilledGuide:
    """The guide with the patient's words in its places and the facts it asks for; unknown facts are left out."""
    words = {place: places.get(place) or usual for place, usual in PLACES.items()}
    return FilledGuide(
        version=version,
        title=version.guide.title,
        goals=[_fill(line, words) for line in version.goals],
        questions=[_fill(line, words) for line in version.questions],
        cautions=[_fill(line, words) for line in version.cautions],
        facts=[
            (str(PatientFact(name).label), list(facts[name]))
            for name in version.facts
            if name in PatientFact and facts.get(name)
        ],
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """One line in the comparison of two versions: `same`, `added` or `removed`."""

    kind: str
    text: str


def differences(before: Sequence[str], after: Sequence[str]) -> list[Difference]:
    """How a list of lines became another, line by line, removed before added."""
    shown: list[Difference] = []
    matcher = difflib.SequenceMatcher(a=list(before), b=list(after), autojunk=False)
    for tag, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if tag == "equal":
            shown += [Difference("same", line) for line in before[a_from:a_to]]
            continue
        shown += [Difference("removed", line) for line in before[a_from:a_to]]
        shown += [Difference("added", line) for line in after[b_from:b_to]]
    return shown


def _in_use() -> QuerySet[GuideVersion]:
    return GuideVersion.objects.order_by("guide_id", "-number").distinct("guide_id").select_related("guide")


def _prepared_for(occasion: str) -> Prepared[GuideVersion]:
    return Prepared(lambda: _in_use().filter(guide__is_active=True, guide__occasion=occasion))


_IN_USE_FOR = {occasion: _prepared_for(occasion) for occasion in Occasion.values}


def _fill(line: str, words: Mapping[str, str]) -> str:
    for place, word in words.items():
        line = line.replace(place, word)
    return line[:1].upper() + line[1:]
