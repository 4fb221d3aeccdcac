"""Whom a draft means, decided from what is known of the candidates: never two people in one row (B5).

What two sets of facts say of each other is decided in one place, `patients.rules.same_person`. Here it is only put
together for a draft and everybody it may mean. No database; `engine.matching` looks the candidates up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from tantam.exchange.engine.drafts import PatientDraft
from tantam.exchange.engine.filling import NAME_MISSING
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.reasons import DESTROYED_HERE, SEVERAL_MATCH
from tantam.lib.dates import Birth
from tantam.patients.rules.same_person import Comparison, Fact, Facts, Verdict, compare

# What a source calls somebody ties as a code does: in a code space of its own.
OWN_ID: Final = ("id", "")
_STRONGEST_TIE: Final = (Fact.IDENTITY, Fact.CODE)


@dataclass(slots=True)
class Person:
    """Somebody a draft may mean: a patient here (`id`), or another of the same files (`external_id`).

    `facts` grow as drafts of one run are found to mean this person, so that two of them who contradict each other
    never both go in. `place` says where in the files they stand.
    """

    id: int | None
    code: str
    facts: Facts
    is_active: bool = True
    external_id: str = ""
    place: str = ""

    def learn(self, facts: Facts) -> None:
        self.facts = together(self.facts, facts)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Everybody here whom one draft may mean.

    `before` is who this source named so before, `said_before` what it said of them then and says again;
    `is_destroyed` that it was somebody whose data was destroyed. `others` share an identity number, a code in its
    space, or name, birth and a contact point with it.
    """

    before: Person | None = None
    said_before: Collection[Fact] = ()
    is_destroyed: bool = False
    others: Sequence[Person] = field(default=())


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a draft means: `person`, nobody yet (a new one), or the problem that forbids to say.

    With a `comparison` it is a question: `person` may be meant, and people must say.
    """

    person: Person | None = None
    problem: Problem | None = None
    comparison: Comparison | None = None
    is_before: bool = False

    @property
    def is_question(self) -> bool:
        return self.comparison is not None

    @property
    def is_new(self) -> bool:
        return self.person is None and self.problem is None

    @property
    def tie(self) -> str:
        """What ties the two of a question."""
        agreed = self.comparison.agreements if self.comparison else ()
        strongest = next((tie for tie in _STRONGEST_TIE if tie in agreed), Fact.CONTACT)
        return "id" if self.is_before and strongest is Fact.CODE else str(strongest)


def match(facts: Facts, found: Candidates) -> Match:
    """Whom these facts mean. Somebody tied to them whom they contradict is a question; several are a refusal."""
    if found.is_destroyed:
        return Match(problem=Problem.of("destroyed_here", DESTROYED_HERE, field="full_name", refuses=True))
    before = found.before
    if before is not None:
        compared = _but(compare(_tied(before.facts), _tied(facts)), found.said_before)
        if _strongly(facts, (one for one in found.others if one is not before and one.is_active)):
            return Match(problem=_several(facts, [before, *found.others]))
        if compared.verdict is Verdict.QUESTION:
            return Match(before, comparison=compared, is_before=True)
        return Match(before)
    ties = [(person, compare(person.facts, facts)) for person in found.others]
    same = [person for person, compared in ties if compared.verdict is Verdict.SAME]
    asked = [(person, compared) for person, compared in ties if compared.verdict is Verdict.QUESTION]
    strong = [person for person, compared in asked if set(compared.agreements) & set(_STRONGEST_TIE)]
    if len(same) > 1 or (same and strong) or len({id(person) for person in strong}) > 1:
        several = [*same, *strong]
        if any(person.id is not None for person in several) or same:
            return Match(problem=_several(facts, several))
    if same:
        return Match(same[0])
    if asked:
        asked.sort(key=lambda one: _weight(one[1]))
        return Match(asked[0][0], comparison=asked[0][1])
    if not facts.full_name:
        # A code alone may correct somebody we know; it cannot make somebody new.
        return Match(problem=Problem.of("name_missing", NAME_MISSING, field="full_name", refuses=True))
    return Match()


def facts_of(draft: PatientDraft, *, code_space: str, contacts: Iterable[int] = ()) -> Facts:
    """What a draft says of a person, as it is compared."""
    return Facts(
        full_name=draft.full_name or "",
        birth=Birth(draft.birth_year, draft.birth_date) if draft.birth_year is not None else None,
        sex=draft.sex or "",
        identity_number=draft.identity_number or "",
        codes=frozenset({(code_space, draft.code)}) if draft.code else frozenset(),
        contacts=frozenset(contacts),
    )


def facts_said(said: Mapping[str, Any]) -> Facts:
    """The facts of a staged saying, as it was written down."""
    year, day = said.get("birth_year"), said.get("birth_date")
    return Facts(
        full_name=said.get("full_name") or "",
        birth=Birth(year, date.fromisoformat(day) if isinstance(day, str) else day) if year else None,
        sex=said.get("sex") or "",
        identity_number=said.get("identity_number") or "",
    )


def together(ours: Facts, theirs: Facts) -> Facts:
    """Both sayings of one person: what the first did not say, the second does."""
    birth = ours.birth or theirs.birth
    if ours.birth and theirs.birth and ours.birth.date is None and ours.birth.year == theirs.birth.year:
        birth = theirs.birth
    known = ours.sex if ours.sex in ("male", "female") else theirs.sex or ours.sex
    return replace(
        ours,
        full_name=ours.full_name or theirs.full_name,
        birth=birth,
        sex=known,
        identity_number=ours.identity_number or theirs.identity_number,
        codes=ours.codes | theirs.codes,
        contacts=ours.contacts | theirs.contacts,
    )


def contradict(ours: Facts, theirs: Facts) -> bool:
    """Whether two sayings cannot be of one person, whatever ties them."""
    return bool(compare(_tied(ours), _tied(theirs)).contradictions)


def are_different_people(sayings: Iterable[Mapping[str, Any]]) -> bool:
    """Whether sayings under one id contradict each other."""
    known = Facts()
    for said in sayings:
        facts = facts_said(said)
        if contradict(known, facts):
            return True
        known = together(known, facts)
    return False


def _tied(facts: Facts) -> Facts:
    return replace(facts, codes=facts.codes | {OWN_ID})


_SAID_AS: Final = {Fact.BIRTH_YEAR: Fact.BIRTH_DATE}


def _but(compared: Comparison, said_before: Collection[Fact]) -> Comparison:
    """The comparison without contradictions the source said before: those were corrected here, and stay."""
    left = tuple(one for one in compared.contradictions if _SAID_AS.get(one, one) not in said_before)
    if left == compared.contradictions:
        return compared
    verdict = compared.verdict if left else Verdict.SAME
    return replace(compared, contradictions=left, verdict=verdict)


def _strongly(facts: Facts, others: Iterable[Person]) -> bool:
    """Whether an identity number is somebody else's than whom the source's own id names."""
    return any(
        facts.identity_number and person.facts.identity_number == facts.identity_number for person in others
    )


def _weight(compared: Comparison) -> tuple[int, int]:
    agreed = set(compared.agreements)
    tie = next((place for place, tie in enumerate(_STRONGEST_TIE) if tie in agreed), len(_STRONGEST_TIE))
    return tie, len(compared.contradictions)


def _several(facts: Facts, people: Iterable[Person]) -> Problem:
    codes = ", ".join(sorted({person.code or person.place for person in people})[:5])
    return Problem.of(
        "several_match",
        SEVERAL_MATCH,
        field="full_name",
        value=facts.full_name,
        refuses=True,
        codes=codes,
    )
