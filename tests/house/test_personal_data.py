"""Everything about a person, in every room, can be given out and destroyed, with every earlier state (A10)."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils import timezone

from tantam.accounts.permissions import Role
from tantam.care.models import Conversation, Finding, Question, UnmetNeed
from tantam.care.tests.stories import story_of
from tantam.journal.models import BellItem, Entry
from tantam.journal.operations import notify
from tantam.lib.scans import Scan, ScanKind
from tantam.patients.models import Patient, Relative
from tantam.patients.operations import correct_patient
from tantam.privacy.errors import StillKept
from tantam.privacy.models import Consent, ConsentEvidence, Purpose, ShredReason
from tantam.privacy.operations import HowDecided, export_person, record_consent, shred_person
from tantam.privacy.queries.persons import held_about
from tantam.privacy.queries.texts import text_in_force
from tantam.privacy.registries import personal_data
from tantam.privacy.registries.personal_data import SomethingIsLeft, registered_rooms, tables_of_persons
from tests.factories.accounts import MemberFactory, PractitionerFactory
from tests.factories.care import CallAttemptFactory
from tests.factories.records import AllergyFactory
from tests.proof import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(site):
    return MemberFactory(username="phuc", roles=[(Role.PRIVACY_OFFICER, site)])


@pytest.fixture
def patient(site, mai):
    """Somebody about whom every room knows something, and knew something else before."""
    story = story_of(site, PractitionerFactory())
    patient = story.patient
    about = {"patient": patient, "site": site, "task": story.task}
    AllergyFactory(patient=patient)
    CallAttemptFactory(task=story.task, member=mai)
    Conversation.objects.create(**about, member=mai, note="Đỡ nhiều rồi")
    Question.objects.create(**about, text="Uống lúc nào?")
    UnmetNeed.objects.create(**about, need="Khám tại nhà", explanation="Chưa có")
    Finding.objects.create(**about, kind="conversation", summary="Đỡ nhiều", learnt_by=mai)
    Relative.objects.create(patient=patient, full_name="Lê Văn Cha", relationship="father")
    record_consent(
        patient,
        Purpose.MARKETING,
        decision="given",
        how=HowDecided("paper", scan=Scan(ScanKind.PDF, b"%PDF-the signed paper")),
        text=text_in_force(Purpose.MARKETING, "vi"),
        actor=mai,
    )
    correct_patient(patient, changes={"full_name": "Nguyễn Thị Hằng Nga"}, actor=mai)
    for row in (story.encounter, story.reexamination, story.task):
        row.save(update_fields=["status"])
        type(row)._default_manager.filter(pk=row.pk).update(site=site)
    notify([mai], "care.conversation", patient_id=patient.pk)
    return Patient.objects.get(pk=patient.pk)


@pytest.fixture
def kept_no_longer(monkeypatch):
    """The law lets go of the record."""
    free = {
        room: personal_data.Holding(room, holding.export, holding.shred)
        for room, holding in personal_data._holdings.items()
    }
    monkeypatch.setattr(personal_data, "_holdings", free)


def test_every_table_about_persons_belongs_to_a_room_that_answers_for_it():
    assert {table.room for table in tables_of_persons()} <= set(registered_rooms())


def test_every_history_of_such_a_table_is_known_and_found_directly():
    known = {table.model: table for table in tables_of_persons()}
    persons = {model for model, table in known.items() if not table.is_history} | {Patient}
    histories = [model for model in apps.get_models() if getattr(model, "pgh_tracked_model", None) in persons]

    assert len(histories) >= 8
    for model in histories:
        # Its rows outlive what they point at, so no way may lead over another table.
        assert "__" not in known[model].lookup, model.__name__


def test_a_table_that_names_a_patient_in_any_way_is_known():
    known = {table.model for table in tables_of_persons()}
    for model in apps.get_models():
        if not model.__module__.startswith("tantam.") or model in (Patient, Entry):
            continue
        names_patient = any(
            field.name == "patient_id"
            or (isinstance(field, models.ForeignKey) and field.related_model is Patient)
            for field in model._meta.local_fields
        )
        assert not names_patient or model in known, model.__name__


def test_a_copy_has_a_share_of_every_room(patient, mai):
    copy = export_person(patient, actor=mai)

    assert list(copy)[-1] in ("care", "exchange")
    for room in ("patients", "journal", "privacy", "records", "care"):
        assert any(copy[room].values()), room
    assert copy["care"]["conversations"][0]["note"] == "Đỡ nhiều rồi"


def test_after_destruction_no_table_knows_the_person(patient, mai, kept_no_longer):
    held = {table.model for table in tables_of_persons() if table.about(patient.pk).exists()}
    assert {Consent, ConsentEvidence, BellItem, Conversation, Relative} <= held
    assert any(table.is_history for table in tables_of_persons() if table.model in held)
    written = Entry.objects.filter(patient_id=patient.pk).count()

    shred_person(patient, reason=ShredReason.ASKED, actor=mai)

    assert [table.model.__name__ for table in tables_of_persons() if table.about(patient.pk).exists()] == []
    assert Patient.objects.get(pk=patient.pk).full_name == patient.code
    assert Entry.objects.filter(patient_id=patient.pk).count() > written
    assert Entry.objects.get(event="privacy.patient:shredded").details["reason"] == "asked"


def test_a_room_that_forgets_a_table_stops_it(patient, mai, kept_no_longer, monkeypatch):
    """A planted breach: care's shredder does nothing."""
    lazy = personal_data.Holding("care", lambda pk: {}, lambda pk: None)
    monkeypatch.setitem(personal_data._holdings, "care", lazy)
    monkeypatch.setattr("tantam.records.privacy.shred", lambda pk: None)
    monkeypatch.setitem(
        personal_data._holdings, "records", personal_data.Holding("records", lambda pk: {}, lambda pk: None)
    )

    with pytest.raises(SomethingIsLeft, match=r"care\.Conversation"):
        shred_person(patient, reason=ShredReason.ASKED, actor=mai)

    assert Patient.objects.get(pk=patient.pk).full_name == "Nguyễn Thị Hằng Nga"


def test_the_law_is_asked_first(patient, mai):
    with pytest.raises(StillKept):
        shred_person(patient, reason=ShredReason.ASKED, actor=mai)


def test_the_page_counts_room_by_room(client, officer, patient):
    rooms = {room.name: room for room in held_about(patient)}
    assert [room.room for room in rooms.values() if not room.rows] == ["exchange"]
    assert sum(room.history for room in rooms.values()) > 0

    sign_in(client, officer)
    page = client.get(reverse("privacy:person", args=[patient.pk])).content.decode()

    for name in rooms:
        assert name in page or name.replace("'", "&#x27;") in page
    assert Entry.objects.filter(event="patients.patient:viewed", details__look="personal_data").count() == 1


def test_a_copy_asks_for_the_password_again(client, officer, patient):
    sign_in(client, officer)
    session = client.session
    for proof in session["account_authentication_methods"]:
        proof["at"] -= 3_600
    session.save()
    url = reverse("privacy:person-copy", args=[patient.pk])

    assert client.post(url).headers["Content-Type"].startswith("text/html")
    assert not Entry.objects.filter(event="privacy.patient:exported").exists()

    sign_in(client, officer)
    answer = client.post(url)

    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    assert json.loads(packed.read("person.json"))["patients"]["full_name"] == "Nguyễn Thị Hằng Nga"
    assert packed.read("files/1.pdf") == b"%PDF-the signed paper"
    assert Entry.objects.get(event="privacy.patient:exported").actor == officer


def test_destruction_wants_the_code_typed_out(client, officer, patient, kept_no_longer):
    sign_in(client, officer)
    url = reverse("privacy:destruction", args=[patient.pk])

    wrong = client.post(url, {"reason": "asked", "code": "BN-999999"})
    assert wrong.status_code == 422
    assert Patient.objects.get(pk=patient.pk).full_name == "Nguyễn Thị Hằng Nga"

    assert client.post(url, {"reason": "asked", "code": patient.code.lower()}).status_code == 302
    assert Patient.objects.get(pk=patient.pk).full_name == patient.code


def test_what_the_law_keeps_is_said_on_the_page(client, officer, patient):
    sign_in(client, officer)

    answer = client.post(
        reverse("privacy:destruction", args=[patient.pk]), {"reason": "asked", "code": patient.code}
    )

    assert answer.status_code == 422
    year = (timezone.localdate() - timedelta(days=1)).year + 10
    assert f"31/12/{year}" in answer.content.decode()
