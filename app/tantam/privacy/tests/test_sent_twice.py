"""A form sent twice, by an impatient hand or by two servers at once, decides and keeps once (A10)."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tantam.accounts.permissions import Role
from tantam.journal.models import Entry
from tantam.lib.scans import Scan, ScanKind
from tantam.patients.models import Patient
from tantam.privacy.errors import TextChangedMeanwhile
from tantam.privacy.models import Consent, ConsentEvidence, ConsentText, Purpose
from tantam.privacy.operations import (
    HowDecided,
    add_evidence,
    publish_consent_text,
    record_consent,
    withdraw_consent,
)
from tantam.privacy.queries import text_in_force, texts_in_force
from tests.factories.accounts import MemberFactory
from tests.factories.patients import PatientFactory
from tests.factories.scans import pdf
from tests.threads import at_once

SPOKEN = HowDecided("in_person")


def give(patient, actor, *, key=None, decision="given", how=SPOKEN):
    text = text_in_force(Purpose.MARKETING, "vi")
    return record_consent(
        patient, Purpose.MARKETING, decision=decision, how=how, text=text, submission=key, actor=actor
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["decision", "withdrawal", "evidence"])
def test_a_form_sent_twice_at_once_makes_one_row(act, site, mai):
    patient = PatientFactory(birth_year=1985)
    first = give(patient, mai)
    key = uuid.uuid4()
    scan = Scan(ScanKind.PDF, b"%PDF-signed")

    def send():
        if act == "decision":
            return give(patient, mai, key=key, decision="refused")
        if act == "withdrawal":
            return withdraw_consent(patient, Purpose.MARKETING, how=SPOKEN, submission=key, actor=mai)
        return add_evidence(first, scan=scan, submission=key, actor=mai)

    before = Entry.objects.count()
    answers = at_once(send, send, send)

    model = ConsentEvidence if act == "evidence" else Consent
    assert {type(answer) for answer in answers} == {model}
    assert len({answer.pk for answer in answers}) == 1
    assert model.objects.filter(submission=key).count() == 1
    assert Entry.objects.count() == before + 1


@pytest.mark.django_db
def test_what_was_decided_meanwhile_is_not_undone_by_a_form_sent_again(site, mai):
    patient, key = PatientFactory(birth_year=1985), uuid.uuid4()
    given = give(patient, mai, key=key)
    give(patient, mai, key=uuid.uuid4(), decision="refused")

    assert give(patient, mai, key=key) == given
    assert Consent.objects.order_by("-pk").first().decision == "refused"


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["decision", "withdrawal"])
def test_the_page_sends_its_key(client, site, mai, page):
    patient = PatientFactory(birth_year=1985)
    give(patient, mai)
    client.force_login(mai)
    url = reverse(f"privacy:{page}", args=[patient.pk, "marketing"])
    page = client.get(url)
    key = page.context["form"]["submission"].value()
    assert str(key) in page.content.decode()
    sent = {"decision": "refused", "channel": "in_person", "decided_by": "self", "submission": str(key)}

    assert [client.post(url, sent).status_code for _ in range(2)] == [302, 302]
    assert Consent.objects.filter(submission=key).count() == 1


@pytest.mark.django_db
def test_evidence_sent_twice_is_kept_once_and_said_to_be_kept(client, site, mai):
    consent = give(PatientFactory(birth_year=1985), mai)
    client.force_login(mai)
    url = reverse("privacy:evidence-new", args=[consent.patient_id, consent.pk])
    for _ in range(2):
        file = SimpleUploadedFile("a.pdf", pdf(), "application/pdf")
        sent = {"file": file, "submission": "9b2f5f0e-3b0c-4c8e-9f57-0d8f6f7c1a11"}
        assert client.post(url, sent).status_code == 302
    assert ConsentEvidence.objects.count() == 1


@pytest.mark.django_db
def test_a_registration_sent_twice_records_its_ticks_once(client, site):
    client.force_login(MemberFactory(username="letan", roles=[(Role.RECEPTIONIST, site)]))
    url = reverse("patients:register")
    page = client.get(url)
    sent = {
        "full_name": "Lý Thị Hai Lần",
        "birth": "1980",
        "sex": "female",
        "form_key": str(page.context["form"]["form_key"].value()),
        "phones-TOTAL_FORMS": "0",
        "phones-INITIAL_FORMS": "0",
        "relatives-TOTAL_FORMS": "0",
        "relatives-INITIAL_FORMS": "0",
        "consent-submission": str(dict(_parts(page))["consent"]["submission"].value()),
        "consent-agrees_marketing": "on",
        "consent-agrees_care_contact": "on",
        "consent-channel": "in_person",
        "consent-decided_by": "self",
    }
    answers = [client.post(url, sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302], answers[0].context["form"].errors
    assert Patient.objects.filter(full_name="Lý Thị Hai Lần").count() == 1
    assert Consent.objects.count() == 2


def _parts(page):
    return [(part.name, form) for part, form in page.context["parts"]]


@pytest.mark.django_db
def test_the_same_words_published_twice_are_one_version(mai):
    seen = texts_in_force()[Purpose.RESEARCH]["vi"].version
    words = {"vi": "Một", "en": "One", "zh-hans": "一"}
    first = publish_consent_text(Purpose.RESEARCH, texts=words, seen=seen, actor=mai)

    again = publish_consent_text(Purpose.RESEARCH, texts=words, seen=seen, actor=mai)

    assert [row.pk for row in again] == [row.pk for row in first]
    assert ConsentText.objects.filter(purpose=Purpose.RESEARCH, version=seen + 1).count() == 3
    with pytest.raises(TextChangedMeanwhile):
        publish_consent_text(Purpose.RESEARCH, texts=words | {"en": "Two"}, seen=seen, actor=mai)
