"""A guide with the words of one patient in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tantam.knowledge.models import GuideVersion, PatientFact

# What an editor may write in a line, and what stands there when the patient's own fact is not known.
PLACES: Mapping[str, str] = {
    "{xưng hô}": "anh/chị",
    "{người nghe máy}": "anh/chị",
    "{ngày tái khám}": "ngày đã hẹn",
    "{bác sĩ}": "bác sĩ",
}


WITH_WHOM = "Nói chuyện với {người nghe máy}"


@dataclass(frozen=True, slots=True)
class FilledGuide:
    """A guide beside a call: its lines with this patient's facts in their places."""

    version: GuideVersion
    title: str
    goals: list[str]
    questions: list[str]
    cautions: list[str]
    facts: list[tuple[str, list[str]]] = field(default_factory=list)


def filled(
    version: GuideVersion,
    *,
    places: Mapping[str, str],
    facts: Mapping[str, Sequence[str]],
    guardian: bool = False,
) -> FilledGuide:
    """The guide with the patient's words in its places and the facts it asks for; unknown facts are left out.

    With `guardian` someone else speaks for the patient, and the first goal says who.
    """
    words = {place: places.get(place) or usual for place, usual in PLACES.items()}
    return FilledGuide(
        version=version,
        title=version.guide.title,
        goals=[_fill(line, words) for line in [*([WITH_WHOM] if guardian else []), *version.goals]],
        questions=[_fill(line, words) for line in version.questions],
        cautions=[_fill(line, words) for line in version.cautions],
        facts=[
            (str(PatientFact(name).label), list(facts[name]))
            for name in version.facts
            if name in PatientFact and facts.get(name)
        ],
    )


def _fill(line: str, words: Mapping[str, str]) -> str:
    for place, word in words.items():
        line = line.replace(place, word)
    return line[:1].upper() + line[1:]
