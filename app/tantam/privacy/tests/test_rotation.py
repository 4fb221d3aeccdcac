"""A new key for everything sealed, while people work."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from tantam.journal.models import Entry
from tantam.lib import crypto
from tantam.lib.scans import Scan, ScanKind
from tantam.patients.models import ContactPoint, Patient
from tantam.patients.operations import correct_patient
from tantam.privacy.models import Consent, ConsentEvidence, Purpose
from tantam.privacy.operations import HowDecided, record_consent
from tantam.privacy.queries import text_in_force
from tantam.privacy.rotation.resealing import reseal, sealed_columns
from tests.factories.patients import ContactPointFactory, PatientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(settings, tmp_path):
    """Keys of this test's own, as a running installation has them."""
    shutil.copytree(settings.KEYS_DIR, tmp_path / "keys")
    settings.KEYS_DIR = tmp_path / "keys"
    crypto.reset_default_keyring()
    yield Path(settings.KEYS_DIR)
    crypto.reset_default_keyring()


@pytest.fixture
def patient(keys, site, mai):
    patient = PatientFactory(identity_number="087185000999", notes="Lo lắng")
    ContactPointFactory(patient=patient, raw="0912345678")
    record_consent(
        patient,
        Purpose.MARKETING,
        decision="given",
        how=HowDecided("paper", evidence="Tập 3", scan=Scan(ScanKind.PDF, b"%PDF-signed")),
        text=text_in_force(Purpose.MARKETING, "vi"),
        actor=mai,
    )
    correct_patient(patient, changes={"notes": "Bớt lo"}, actor=mai)
    return patient


def heads(table, column):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT substring({column} FROM 1 FOR 4) FROM {table} WHERE octet_length({column}) > 0"
        )
        return {bytes(row[0])[2:] for row in cursor.fetchall()}


def test_everything_is_sealed_with_the_new_key_and_still_opens(patient):
    history = apps.get_model("patients", "PatientEvent")
    kept = history.objects.count()

    call_command("rotate_keys", "--pause=0", stdout=StringIO())

    for column in sealed_columns():
        assert heads(column.model._meta.db_table, column.column) <= {b"k2"}, column.name
    assert heads("patients_patientevent", "notes") == {b"k2"}
    known = Patient.objects.get(pk=patient.pk)
    assert (known.identity_number, known.notes) == ("087185000999", "Bớt lo")
    assert ContactPoint.objects.get().value == "+84912345678"
    assert Consent.objects.get().evidence == "Tập 3"
    assert ConsentEvidence.objects.get().content == b"%PDF-signed"
    assert history.objects.count() == kept
    assert history.objects.get().notes == "Lo lắng"
    assert set(Entry.objects.filter(event__startswith="privacy.key").values_list("event", flat=True)) == {
        "privacy.key:added",
        "privacy.key:taken-up",
    }


def test_a_process_that_runs_learns_the_key_when_it_meets_it(keys):
    running = crypto.KeyRing.load(keys)
    crypto.rotate_field_key(keys)
    sealed = crypto.KeyRing.load(keys).encrypt("Lan", context=b"x")

    assert running.decrypt(sealed, context=b"x") == "Lan"
    assert running.current == "k2"
    assert running.encrypt("Lan", context=b"x")[2:4] == b"k2"


def test_a_stopped_run_goes_on(patient):
    call_command("rotate_keys", "--pause=0", stdout=StringIO())
    again = StringIO()

    call_command("rotate_keys", "--resume", stdout=again)

    assert "0 values are sealed with k2" in again.getvalue()


def test_a_row_somebody_changes_meanwhile_keeps_what_they_wrote(patient, monkeypatch):
    """Between reading and writing a batch, a colleague corrects the notes."""
    from tantam.privacy.rotation import resealing as rotation

    crypto.rotate_field_key(crypto.default_keyring()._folder)
    crypto.default_keyring().learn()
    column = next(one for one in sealed_columns() if one.name == "patients_patient.notes")
    before = rotation._anew

    def slowly(ring, old, context):
        Patient.objects.filter(pk=patient.pk).update(notes="Rất lo")
        return before(ring, old, context)

    monkeypatch.setattr(rotation, "_anew", slowly)
    reseal(column)

    assert Patient.objects.get(pk=patient.pk).notes == "Rất lo"
