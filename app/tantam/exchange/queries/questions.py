"""Questions of an import side by side, for the page and for the file of the command."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.db.models import Count
from django.utils.translation import gettext as _

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.exchange.engine.asking import SHOWN
from tantam.exchange.engine.sheets.columns import Column
from tantam.exchange.errors import AnswersNotUnderstood
from tantam.exchange.models import Answer, ImportRun, LikelyDuplicate, Question
from tantam.lib.crypto import keyed_digest
from tantam.patients.models import Patient, Sex
from tantam.patients.queries.changes import masked

AT_ONCE: Final = 25
ALIKE_SHOWN: Final = 20
LIKELY_SHOWN: Final = 10
STAYS_SHOWN: Final = 50
LABELS: Final[dict[str, Any]] = {
    "full_name": Column.FULL_NAME.label,
    "birth": Column.BIRTH.label,
    "sex": Column.SEX.label,
    "identity_number": Column.IDENTITY.label,
    "code": Column.PATIENT_CODE.label,
    "contacts": Column.PHONE.label,
    "address": Column.ADDRESS.label,
}
# Which shown field a contradicting fact is.
_FACTS: Final = {"birth_date": "birth", "birth_year": "birth", "birth_date_unknown": "birth"}


@dataclass(frozen=True, slots=True)
class Line:
    """One field, as it is here and as the file says it."""

    label: str
    ours: str
    theirs: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, with both sides. `patient_id` is whom we know; without it, somebody else of the same files."""

    question: Question
    lines: list[Line]
    patient_id: int | None
    place: str

    @property
    def ours(self) -> str:
        return str(self.question.side("ours").get("full_name", ""))

    @property
    def theirs(self) -> str:
        return str(self.question.side("theirs").get("full_name", ""))


@dataclass(frozen=True, slots=True)
class Alike:
    """Questions that may be answered together: how many, and what differs in all of them."""

    key: str
    differs: str
    count: int


def questions_of(run: ImportRun, member: Member | None, *, after: int = 0) -> list[Asked]:
    """The next questions behind a place, at most 25. `member` sees whole identity numbers only with the right to."""
    rows = Question.objects.filter(run=run, seq__gt=after)[:AT_ONCE]
    may_see = member is None or member.may(Permission.PATIENT_IDENTITY, run.source.site_id)
    return [_asked(question, may_see=may_see) for question in rows]


def question_of(run: ImportRun, question_id: int, member: Member) -> Asked | None:
    """One question of the run as it is now; None when the run has no such question."""
    question = Question.objects.filter(run=run, pk=question_id).first()
    may_see = member.may(Permission.PATIENT_IDENTITY, run.source.site_id)
    return _asked(question, may_see=may_see) if question else None


def open_questions(run: ImportRun) -> int:
    """How many questions of the run nobody has answered."""
    return Question.objects.filter(run=run).unanswered().count()


def question_count(run: ImportRun) -> int:
    return Question.objects.filter(run=run).count()


def alike_of(run: ImportRun) -> list[Alike]:
    """The kinds of open questions that more than one row asks, at most twenty."""
    rows = Question.objects.filter(run=run).unanswered().order_by().values_list("tie", "differs")
    counted = rows.annotate(count=Count("pk")).filter(count__gt=1).order_by("-count")[:ALIKE_SHOWN]
    return [Alike(f"{tie}:{differs}", _differs(differs), count) for tie, differs, count in counted]


def likely_of(run: ImportRun) -> list[tuple[Patient, Patient]]:
    """The first ten whom the run made and who look like somebody: the new one, and whom they look like."""
    rows = LikelyDuplicate.objects.filter(run=run).select_related("patient", "known")[:LIKELY_SHOWN]
    return [(row.patient, row.known) for row in rows]


def likely_count(run: ImportRun) -> int:
    return LikelyDuplicate.objects.filter(run=run).count()


def staying_patients(run: ImportRun) -> list[Patient]:
    """The first patients whom an undo left, because something was built on them."""
    ids: list[int] = []
    for stays in run.parts.exclude(stays={}).values_list("stays", flat=True):
        ids += stays.get("patients.patient", ())
        if len(ids) >= STAYS_SHOWN:
            break
    return list(Patient.objects.filter(pk__in=ids[:STAYS_SHOWN]).order_by("pk"))


def _asked(question: Question, *, may_see: bool) -> Asked:
    ours, theirs = question.side("ours"), question.side("theirs")
    differs = {_FACTS.get(fact, fact) for fact in question.differs.split(",")}
    lines = [
        Line(
            str(LABELS[field]),
            _shown(field, ours.get(field), may_see=may_see),
            _shown(field, theirs.get(field), may_see=True),
            field in differs,
        )
        for field in SHOWN
        if ours.get(field) or theirs.get(field)
    ]
    return Asked(question, lines, question.patient_id, str(ours.get("place", "")))


def _shown(field: str, value: Any, *, may_see: bool) -> str:
    if not value:
        return ""
    text = str(value)
    if field == "identity_number" and not may_see:
        return masked(text)
    if field == "sex":
        return str(Sex(text).label) if text in Sex.values else text
    if field == "birth" and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return f"{text[8:]}/{text[5:7]}/{text[:4]}"
    return text


def _differs(differs: str) -> str:
    facts = dict.fromkeys(_FACTS.get(fact, fact) for fact in differs.split(","))
    return ", ".join(str(LABELS[fact]) for fact in facts if fact in LABELS)


# --- the file of the command -------------------------------------------------------------------------

_NUMBER, _ANSWER = 0, 1


def question_rows(run: ImportRun, member: Member | None) -> Iterator[list[object]]:
    """A heading, then one row for each question: its number, the answer so far, where it stands and both sides."""
    sides = [f"{LABELS[field]} · {side}" for field in SHOWN for side in (_("here"), _("in the file"))]
    yield [_("Question"), _("Answer: same, another, leave_out"), _("File"), _("Row"), _("Differs"), *sides]
    may_see = member is None or member.may(Permission.PATIENT_IDENTITY, run.source.site_id)
    for question in Question.objects.filter(run=run).iterator(chunk_size=500):
        ours, theirs = question.side("ours"), question.side("theirs")
        cells = [
            _shown(field, side.get(field), may_see=may_see or side is theirs)
            for field in SHOWN
            for side in (ours, theirs)
        ]
        yield [
            _name_of(question),
            question.answer,
            question.file,
            question.row,
            _differs(question.differs),
            *cells,
        ]


def _name_of(question: Question) -> str:
    """The name of a question in the file: the same when the same files are checked again."""
    about = f"{question.external_id}|{question.file}|{question.row}|{question.patient_id}|{question.other_id}"
    return f"Q{question.seq}-{keyed_digest('import:question', about.encode(), size=4).hex()}"


def answers_in(path: Path, run: ImportRun) -> dict[int, Answer]:
    """The answers in such a file, by question; rows without an answer, and questions nobody asks now, are passed over.

    Refuses with AnswersNotUnderstood.
    """
    by_name = {
        _name_of(question): question.pk for question in Question.objects.filter(run=run).defer("sides")
    }
    answers: dict[int, Answer] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        sample = file.read(4_096)
        file.seek(0)
        delimiter = ";" if sample.count(";") > sample.count(",") else ","
        for place, cells in enumerate(csv.reader(file, delimiter=delimiter), start=1):
            if place == 1 or len(cells) <= _ANSWER or not cells[_ANSWER].strip():
                continue
            said = cells[_ANSWER].strip().lower()
            if said not in Answer.values:
                raise AnswersNotUnderstood(row=place, value=said[:40])
            name = cells[_NUMBER].strip()
            if name in by_name:
                answers[by_name[name]] = Answer(said)
    return answers
