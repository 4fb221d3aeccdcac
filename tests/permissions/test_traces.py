"""Whatever names a patient leaves a trace of who saw them (D9): every address, asked by GET and by POST."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.test import Client

from tantam.accounts.permissions import Role
from tantam.journal.models import Entry, Listing
from tantam.patients.models import Patient
from tests.factories.accounts import MemberFactory
from tests.permissions.answers import ANSWERS
from tests.permissions.matrix import CLOSED, PUBLIC, ROWS
from tests.permissions.test_matrix import ADDRESSES
from tests.permissions.test_rows import SENT, ids  # noqa: F401 - a fixture

_SETTING = re.compile(r"<(?:\w+:)?(\w+)>")
SEARCHES = frozenset({"patients:find", "desk:search"})


def _traces(patient: Patient) -> int:
    looks = Entry.objects.filter(patient_id=patient.pk).count()
    listed = sum(row.times for row in Listing.objects.filter(patients__contains=[patient.pk]))
    return looks + listed


@pytest.mark.usefixtures("everything_open")
def test_every_page_that_names_a_patient_leaves_a_trace(db, site, ids):  # noqa: F811
    patient = Patient.objects.get(pk=ids["patient_id"])
    Patient.objects.filter(pk=patient.pk).update(full_name="Tạ Thị Quỳnh Dao", name_key="ta thi quynh dao")
    client = Client(raise_request_exception=False)
    client.force_login(MemberFactory(username="moi-viec", roles=[(role, site) for role in Role]))
    showing, silent = set(), set()
    for name, route in ADDRESSES.items():
        if ROWS[name] in (PUBLIC, CLOSED) or name == "account_logout":
            continue
        answer = ANSWERS.get(name)
        named = answer.ids if answer else {}
        address = "/" + _SETTING.sub(lambda found: str(ids.get(named.get(found[1], found[1]), 0)), route)  # noqa: B023
        for method in ("GET", "POST"):
            before = _traces(patient)
            with transaction.atomic():
                if method == "GET":
                    response = client.get(address, {"q": "Quỳnh Dao"} if name in SEARCHES else {})
                else:
                    response = client.post(address, SENT | (dict(answer.sent) if answer else {}))
                body = b"".join(response) if response.streaming else response.content
                traced = _traces(patient) > before
                transaction.set_rollback(True)
            if "Quỳnh Dao" in body.decode(errors="ignore"):
                showing.add((name, method))
                if not traced:
                    silent.add((name, method))
    assert silent == set()
    assert {
        ("desk:patient", "GET"),
        ("patients:find", "GET"),
        ("care:work-list", "GET"),
        ("privacy:consents", "GET"),
        ("privacy:decision", "POST"),
    } <= showing, sorted(showing)


@pytest.fixture
def everything_open(monkeypatch):
    monkeypatch.setattr("tantam.accounts.door.proved_lately", lambda *args: True)
