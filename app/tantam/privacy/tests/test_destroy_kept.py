"""Kept rows go by one way alone, for one patient, and the journal says so."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import InternalError

from tantam.journal.models import Entry
from tantam.lib.history import destroy_kept
from tantam.patients.models import Patient

pytestmark = pytest.mark.django_db


def kept_of(patient):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM patients_patientevent WHERE pgh_obj_id = %s", [patient.pk])
        return cursor.fetchone()[0]


def test_what_is_kept_of_a_patient_goes_and_leaves_an_entry(patient):
    Patient.objects.filter(pk=patient.pk).update(full_name="Trần Thị Khác")
    assert kept_of(patient) == 1

    assert destroy_kept("patients_patientevent", patient.pk) == 1

    assert kept_of(patient) == 0
    entry = Entry.objects.get(event="privacy.kept:destroyed", patient_id=patient.pk)
    assert entry.details == {"table": "patients_patientevent", "rows": 1}


def test_where_there_was_nothing_there_is_no_entry(patient):
    assert destroy_kept("privacy_consent", patient.pk) == 0
    assert not Entry.objects.filter(event="privacy.kept:destroyed").exists()


@pytest.mark.parametrize(
    "table", ["journal_entry", "patients_patient", "accounts_memberevent", "pg_catalog.pg_class"]
)
def test_nothing_else_goes_that_way(patient, table):
    with pytest.raises((InternalError, ProgrammingError), match="keeps nothing"), transaction.atomic():
        destroy_kept(table, patient.pk)
