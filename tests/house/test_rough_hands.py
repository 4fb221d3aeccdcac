"""Addresses and forms that no page of ours would send: answered in words, never with a fault of ours."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tantam.accounts.permissions import Role
from tests.factories.accounts import MemberFactory, PractitionerFactory
from tests.factories.care import CareRuleFactory, CareTaskFactory
from tests.factories.exchange import ImportRunFactory, SourceFactory
from tests.factories.knowledge import GuideVersionFactory
from tests.factories.patients import ContactPointFactory, PatientFactory, RelativeFactory
from tests.factories.records import (
    AllergyFactory,
    DiagnosisFactory,
    EncounterFactory,
    PrescriptionLineFactory,
    ReexaminationFactory,
)
from tests.permissions.matrix import CLOSED, PUBLIC, ROWS
from tests.permissions.test_matrix import ADDRESSES

# Beyond what Python reads as a number, beyond a smallint, a digit that is none, what PostgreSQL cannot hold.
ASKED_ROUGHLY = ["9" * 5_000, "99999", "²", "a\x00b"]
SENT_ROUGHLY = ["9" * 30, "a\x00b", "0001-01-01", "x" * 30_000]
ASKED = (
    "q", "name", "page", "before", "after", "site", "speciality", "priority", "tab", "action", "role", "event", "actor",
    "patient", "from", "until", "to", "doctor", "kind", "period", "was", "version", "against", "compare", "member",
    "look", "since", "province", "due_on", "task", "next", "medicine-0-drug",
)  # fmt: skip
PAGES = sorted(name for name in ADDRESSES if ":" in name and ROWS[name] != CLOSED)
_SETTING = re.compile(r"<(?:(\w+):)?(\w+)>")


@pytest.fixture
def anyone(client: Client, site, monkeypatch) -> Client:
    """Someone with every role, whose form answers are looked at and whose faults come back as 500."""
    monkeypatch.setattr("tantam.accounts.door._has_second_factor", lambda *args: True)
    member = MemberFactory(username="moi-vai", roles=[(role, site) for role in Role])
    PractitionerFactory(member=member, site=site)
    client.force_login(member)
    client.raise_request_exception = False
    return client


@pytest.fixture
def ids(site) -> dict[str, str]:
    """One row of everything an address may name."""
    patient = PatientFactory(phone="0912345678")
    visit = EncounterFactory(patient=patient, site=site)
    guide = GuideVersionFactory().guide
    rows = {
        "patient_id": patient,
        "point_id": ContactPointFactory(patient=patient, raw="0987654321"),
        "relative_id": RelativeFactory(patient=patient),
        "encounter_id": visit,
        "diagnosis_id": DiagnosisFactory(encounter=visit),
        "line_id": PrescriptionLineFactory(encounter=visit),
        "allergy_id": AllergyFactory(patient=patient),
        "reexamination_id": ReexaminationFactory(patient=patient, site=site),
        "task_id": CareTaskFactory(patient=patient, site=site),
        "rule_id": CareRuleFactory(),
        "guide_id": guide,
        "run_id": ImportRunFactory(source=SourceFactory(site=site)),
        "site_id": site,
        "member_id": MemberFactory(),
    }
    return {name: str(row.pk) for name, row in rows.items()} | {"purpose": "care_contact", "kind": "date"}


def _address(name: str, ids: dict[str, str], otherwise: str = "1") -> str:
    return "/" + _SETTING.sub(lambda found: ids.get(found.group(2), otherwise), ADDRESSES[name])


def _faults(answers: dict[str, int]) -> str:
    return ", ".join(asked for asked, status in answers.items() if status >= 500)


@pytest.mark.parametrize("number", [str(2**31), str(2**63), "9" * 5_000], ids=len)
def test_a_number_no_row_can_have_is_not_found(anyone, number):
    answers = {}
    for name in PAGES:
        address = _address(name, {}, number)
        if "<" in ADDRESSES[name]:
            answers[f"GET {name}"] = anyone.get(address).status_code
            answers[f"POST {name}"] = anyone.post(address).status_code
    assert _faults(answers) == ""


@pytest.mark.parametrize("rough", ASKED_ROUGHLY, ids=lambda text: ascii(text)[:12])
def test_a_question_that_makes_no_sense_is_passed_over(anyone, ids, rough):
    answers = {}
    for name in PAGES:
        if ROWS[name] == PUBLIC:
            continue
        answers[name] = anyone.get(_address(name, ids), dict.fromkeys(ASKED, rough)).status_code
    assert _faults(answers) == ""


@pytest.mark.parametrize("rough", SENT_ROUGHLY, ids=lambda text: ascii(text)[:12])
def test_a_form_that_makes_no_sense_is_refused(anyone, ids, rough):
    answers = {}
    for name in PAGES:
        address = _address(name, ids)
        page = anyone.get(address)
        text = "" if page.streaming else page.content.decode(errors="replace")
        names = set(re.findall(r'name="([^"]+)"', text)) | set(ASKED)
        sent = dict.fromkeys(names - {"csrfmiddlewaretoken"}, rough)
        answers[name] = anyone.post(address, sent).status_code
    assert _faults(answers) == ""
