"""Questions of a dry run, kept with what both sides say; and what people's answers do to what is staged (B5)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import orjson
from django.db import connection
from django.utils import timezone

from tantam.exchange.engine.drafts import Kind, PatientDraft, digest
from tantam.exchange.engine.naming import beside
from tantam.exchange.engine.waiting import Waiting
from tantam.exchange.models import Answer, ImportRun, Question, StagedAlias, StagedItem, Verdict
from tantam.exchange.rules.matching import Match, Person
from tantam.lib.bulk import insert_rows, update_rows
from tantam.patients.models import ContactPoint, Patient

_TABLE = StagedItem._meta.db_table
_ASKED = Question._meta.db_table
# Fields shown side by side, in this order.
SHOWN: Final = ("full_name", "birth", "sex", "identity_number", "code", "contacts", "address")


def ask(
    run: ImportRun, asked: Sequence[tuple[Waiting, PatientDraft, Match]], *, answered: Collection[str]
) -> None:
    """Keep the questions of one batch. Who stands in `answered` was called another person before: so again."""
    if not asked:
        return
    ours = _known_sides([match.person.id for *_rest, match in asked if match.person and match.person.id])
    rows = []
    for item, draft, match in asked:
        person, compared = match.person, match.comparison
        assert person is not None
        assert compared is not None
        is_remembered = beside(item.external_id, draft) in answered
        rows.append(
            {
                "run_id": run.pk,
                "item_id": item.id,
                "seq": item.seq,
                "external_id": item.external_id,
                "file": item.file,
                "row": item.row,
                "patient_id": person.id,
                "other_id": person.external_id,
                "tie": match.tie,
                "differs": ",".join(map(str, compared.contradictions)) or "birth_date_unknown",
                "sides": {
                    "ours": ours.get(person.id or 0) or _side_of_person(person),
                    "theirs": _side_of_draft(draft),
                },
                "answer": str(Answer.ANOTHER) if is_remembered else "",
                "remembered": is_remembered,
            }
        )
    insert_rows(Question, rows)


def _side_of_draft(draft: PatientDraft) -> dict[str, Any]:
    contacts = [contact.value for contact in draft.contacts]
    address = [draft.address_line, draft.commune, draft.province]
    return _side(draft.full_name, draft.birth_date or draft.birth_year, draft.sex, draft.identity_number, draft.code,
                 contacts, address)  # fmt: skip


def _side_of_person(person: Person) -> dict[str, Any]:
    """Somebody else of the same files."""
    facts = person.facts
    birth = (facts.birth.date or facts.birth.year) if facts.birth else None
    code = next((code for _space, code in facts.codes), "")
    side = _side(facts.full_name, birth, facts.sex, facts.identity_number, code, (), ())
    return side | {"place": person.place}


def _known_sides(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    if not ids:
        return {}
    contacts: dict[int, list[str]] = {}
    for patient_id, value in ContactPoint.objects.filter(patient_id__among=ids).values_list(
        "patient_id", "value"
    ):
        contacts.setdefault(patient_id, []).append(str(value))
    return {
        one.pk: _side(
            one.full_name,
            one.birth_date or one.birth_year,
            one.sex,
            one.identity_number,
            one.code,
            contacts.get(one.pk, ()),
            (one.address_line, one.commune, one.province),
        )
        for one in Patient.objects.filter(pk__among=ids)
    }


def _side(
    name: str | None,
    birth: object,
    sex: str | None,
    number: str | None,
    code: str | None,
    contacts: Sequence[str],
    address: Sequence[str | None],
) -> dict[str, Any]:
    said = {
        "full_name": name,
        "birth": str(birth) if birth else "",
        "sex": sex if sex != "unknown" else "",
        "identity_number": number,
        "code": code,
        "contacts": ", ".join(contacts[:5]),
        "address": ", ".join(filter(None, address)),
    }
    return {field: value for field, value in said.items() if value}


# --- answers ---------------------------------------------------------------------------------------

_TAKEN_OVER = f"""
    UPDATE {_TABLE} item SET verdict = 'changed', reason_code = '', meant = CASE
        WHEN asked.patient_id IS NULL THEN 'id:' || asked.other_id ELSE 'patient:' || asked.patient_id END
    FROM {_ASKED} asked
    WHERE asked.run_id = %(run)s AND asked.answer = 'same' AND item.id = asked.item_id AND item.verdict = 'asked'
"""
_LEFT_OUT = f"""
    UPDATE {_TABLE} item SET verdict = 'refused',
        reason_code = CASE WHEN asked.answer = '' THEN 'not_answered' ELSE 'left_out' END
    FROM {_ASKED} asked
    WHERE asked.run_id = %(run)s AND asked.answer IN ('', 'leave_out') AND item.id = asked.item_id
      AND item.verdict = 'asked'
"""
_DEPENDENTS = f"""
    UPDATE {_TABLE} item SET
        verdict = CASE WHEN patient.verdict = 'refused' THEN 'refused' ELSE item.reason_code END,
        reason_code = CASE WHEN patient.verdict = 'refused' THEN 'patient_refused' ELSE '' END
    FROM {_TABLE} patient
    WHERE item.run_id = %(run)s AND item.verdict = 'asked' AND item.kind <> 'patient'
      AND patient.run_id = %(run)s AND patient.kind = 'patient' AND patient.external_id = item.patient_ref
      AND patient.verdict <> 'asked'
"""


def settle_answers(run: ImportRun) -> None:
    """Let the answers decide what is written; for the caller's transaction. What nobody answered is left out."""
    _become_another(run)
    with connection.cursor() as cursor:
        for statement in (_TAKEN_OVER, _LEFT_OUT, _DEPENDENTS):
            cursor.execute(statement, {"run": run.pk})
    Question.objects.filter(run=run, answered_at__isnull=True).exclude(answer="").update(
        answered_at=timezone.now()
    )


def _become_another(run: ImportRun) -> None:
    """Who is another person gets a name of their own within the source, and so has all that belongs to them.

    Somebody of the same files has one already; somebody of an earlier run must not keep theirs.
    """
    items = {
        item.pk: item
        for item in StagedItem.objects.filter(
            run=run,
            verdict=Verdict.ASKED,
            pk__in=Question.objects.filter(run=run, answer=Answer.ANOTHER).values("item_id"),
        )
    }
    renamed: dict[str, str] = {}
    for question in Question.objects.filter(run=run, item_id__in=items):
        item = items[question.item_id]
        item.verdict, item.reason_code, item.meant = Verdict.NEW, "", "new"
        if question.tie == "id":
            draft = PatientDraft.read_back(
                item.payload or {}, external_id=item.external_id, file="", row=None
            )
            renamed[item.external_id] = item.external_id = beside(item.external_id, draft)
    update_rows(StagedItem, items.values(), ["verdict", "reason_code", "meant", "external_id"])
    if not renamed:
        return
    StagedAlias.objects.filter(run=run, kind=Kind.PATIENT, external_id__in=renamed).delete()
    moved = []
    theirs = StagedItem.objects.filter(run=run, patient_ref__among=list(renamed)).defer("problems")
    for item in theirs.iterator(chunk_size=500):
        moved.append(_moved(item, item.patient_ref, renamed[item.patient_ref]))
        if len(moved) >= 500:
            _save(moved)
    _save(moved)


def _moved(item: StagedItem, old: str, new: str) -> StagedItem:
    """The item under its patient's new name, also where its own name and those it refers to begin with it."""

    def under(name: str) -> str:
        return new + name[len(old) :] if name.startswith((f"{old}@", f"{old}#")) else name

    item.patient_ref, item.external_id = new, under(item.external_id)
    if item.payload is not None:
        said = {**item.payload, "patient_ref": new}
        for field in ("encounter_ref", "main_diagnosis_ref"):
            if said.get(field):
                said[field] = under(said[field])
        item.payload = said
        item.digest = digest(orjson.dumps(said, option=orjson.OPT_SORT_KEYS))
    return item


def _save(moved: list[StagedItem]) -> None:
    update_rows(StagedItem, moved, ["patient_ref", "external_id", "payload", "digest"])
    moved.clear()
