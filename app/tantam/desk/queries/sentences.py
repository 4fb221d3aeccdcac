"""Journal entries as sentences with names: who did what, to what, for whom (D9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.journal.models import Entry
from tantam.journal.registries.labels import event_label
from tantam.patients.models import Patient

# What a subject is called by: the kinds whose name says nothing about anybody's health, and allergies for who may.
_NAMED = {
    "accounts.member": "full_name",
    "accounts.invitation": "full_name",
    "accounts.ownrole": "name",
    "accounts.practitioner": "full_name",
    "care.carerule": "name",
    "facility.site": "name",
    "facility.department": "name",
    "facility.room": "name",
    "knowledge.guide": "title",
}
_OF_RECORDS = {"records.allergy": "agent"}


def in_sentences(entries: Sequence[Entry], viewer: Member) -> list[str]:
    """One sentence an entry. One statement for the patients' names, one for each kind of subject.

    Patients are named to who may find them, what they are allergic to to who may see records; others read that it
    concerned a patient. Diagnoses are never named here.
    """
    patients: dict[int, str] = {}
    ids = {entry.patient_id for entry in entries if entry.patient_id is not None}
    if ids and viewer.may(Permission.PATIENT_FIND):
        patients = dict(Patient.objects.filter(pk__in=ids).values_list("pk", "full_name"))
    subjects = _subjects(entries, viewer)
    return [_sentence(entry, patients, subjects) for entry in entries]


def _subjects(entries: Sequence[Entry], viewer: Member) -> dict[tuple[str, int], str]:
    named = _NAMED | (_OF_RECORDS if viewer.may(Permission.RECORD_SEE) else {})
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.subject_type in named and entry.subject_id is not None:
            wanted[entry.subject_type].add(entry.subject_id)
    found: dict[tuple[str, int], str] = {}
    for kind, ids in wanted.items():
        column = named[kind]
        rows = apps.get_model(kind)._default_manager.filter(pk__in=ids).values_list("pk", column)
        found |= {(kind, pk): str(name) for pk, name in rows}
    return found


def _sentence(entry: Entry, patients: dict[int, str], subjects: dict[tuple[str, int], str]) -> str:
    who = entry.actor.full_name if entry.actor else _("The system")
    # The label is a heading in every language: “Ghi dị ứng”, “Allergy noted”, “已记录过敏”.
    what = event_label(entry.event)
    named = subjects.get((entry.subject_type, entry.subject_id or 0), "")
    if named and named != who:
        what = f"{what} “{named}”"
    facts = {"who": who, "what": what}
    if entry.patient_id is None:
        return pgettext("journal", "%(who)s: %(what)s") % facts
    whom = patients.get(entry.patient_id) or _("a patient")
    return pgettext("journal", "%(who)s: %(what)s, for %(whom)s") % (facts | {"whom": whom})
