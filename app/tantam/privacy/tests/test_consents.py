"""Consent by purpose, with proof (A10; Law 91/2025/QH15, Decree 356/2025/ND-CP)."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tantam.journal.models import Entry
from tantam.patients.models import Patient
from tantam.patients.operations import mark_deceased
from tantam.privacy.errors import (
    AdultDecidesAlone,
    BothNeeded,
    DecidedInFuture,
    EvidenceNeeded,
    LaterDecisionKnown,
    NothingToWithdraw,
    RepresentativeNameNeeded,
    RepresentativeNeeded,
    TextChangedMeanwhile,
    TextNeeded,
    TextUnchanged,
)
from tantam.privacy.models import Consent, ConsentText, Purpose
from tantam.privacy.operations import (
    HowDecided,
    ensure_consent_texts,
    publish_consent_text,
    record_consent,
    withdraw_consent,
)
from tantam.privacy.queries import (
    consents_of,
    contact_refused,
    effective_consent,
    may_contact,
    may_use,
    text_in_force,
    texts_in_force,
)
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db
SPOKEN_HERE = HowDecided("in_person")


@pytest.fixture
def patient(site):
    return PatientFactory(birth_year=1985)


def give(patient, purpose, actor, how=SPOKEN_HERE, decision="given"):
    text = text_in_force(purpose, "vi")
    return record_consent(patient, purpose, decision=decision, how=how, text=text, actor=actor)


def born_ago(years):
    return timezone.localdate().year - years


# --- in force --------------------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", [Purpose.CARE_CONTACT, Purpose.HEALTH_RECORD])
def test_care_rests_on_the_treatment_until_the_patient_says_no(patient, mai, purpose):
    assert may_use(patient, purpose)

    give(patient, purpose, mai, decision="refused")

    assert not may_use(patient, purpose)


@pytest.mark.parametrize("purpose", [Purpose.MARKETING, Purpose.THIRD_PARTY, Purpose.RESEARCH])
def test_everything_else_needs_a_yes(patient, mai, purpose):
    assert not may_use(patient, purpose)

    give(patient, purpose, mai)

    assert may_use(patient, purpose)


def test_one_purpose_says_nothing_about_another(patient, mai):
    give(patient, Purpose.MARKETING, mai)

    assert not may_use(patient, Purpose.RESEARCH)


def test_withdrawing_adds_a_row_and_ends_the_use(patient, mai):
    give(patient, Purpose.MARKETING, mai)

    withdraw_consent(patient, Purpose.MARKETING, how=SPOKEN_HERE, actor=mai)

    assert [row.decision for row in Consent.objects.order_by("id")] == ["given", "withdrawn"]
    assert not may_use(patient, Purpose.MARKETING)
    assert effective_consent(patient, Purpose.MARKETING).is_refused


def test_there_must_be_something_to_withdraw(patient, mai):
    with pytest.raises(NothingToWithdraw):
        withdraw_consent(patient, Purpose.MARKETING, how=SPOKEN_HERE, actor=mai)


def test_nobody_contacts_who_said_no_or_has_died(patient, mai):
    assert may_contact(patient)
    give(patient, Purpose.CARE_CONTACT, mai, decision="refused")
    assert not may_contact(patient)

    other = PatientFactory()
    mark_deceased(other, actor=mai)
    assert not may_contact(Patient.objects.get(pk=other.pk))


def test_a_query_leaves_out_those_who_said_no(patient, mai):
    """The planner asks for a million patients in one statement."""
    changed_mind, asked_nothing = PatientFactory(), PatientFactory()
    give(patient, Purpose.CARE_CONTACT, mai, decision="refused")
    give(changed_mind, Purpose.CARE_CONTACT, mai, decision="refused")
    give(changed_mind, Purpose.CARE_CONTACT, mai)

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT p.id FROM patients_patient p WHERE NOT {contact_refused('p.id')}")
        reachable = {pk for (pk,) in cursor.fetchall()}

    assert reachable == {each.pk for each in Patient.objects.all() if may_contact(each)}
    assert reachable == {changed_mind.pk, asked_nothing.pk}


def test_where_a_patient_stands_takes_two_questions(patient, mai, django_assert_num_queries):
    give(patient, Purpose.MARKETING, mai)

    with django_assert_num_queries(2):
        states = consents_of(patient)

    assert [state.purpose for state in states] == list(Purpose)
    assert {state.purpose for state in states if state.is_given} == {Purpose.MARKETING}


# --- proof -----------------------------------------------------------------------------------------


def test_a_consent_keeps_who_when_how_and_the_very_words(patient, mai):
    how = HowDecided("paper", evidence="Tập 3, tờ 18")
    consent = give(patient, Purpose.MARKETING, mai, how)
    entry = Entry.objects.get(event="privacy.consent:given")

    assert (consent.recorded_by, consent.channel, consent.evidence) == (mai, "paper", "Tập 3, tờ 18")
    assert consent.text is not None
    assert consent.text.sha256 == sha256(consent.text.text.encode()).hexdigest()
    assert entry.details == {"purpose": "marketing", "channel": "paper", "decided_by": "self", "version": 1}
    assert entry.patient_id == patient.pk


@pytest.mark.parametrize("channel", ["paper", "spoken"])
def test_a_paper_or_a_recording_has_to_be_somewhere(patient, mai, channel):
    with pytest.raises(EvidenceNeeded):
        give(patient, Purpose.MARKETING, mai, HowDecided(channel))


def test_a_yes_needs_the_words_it_was_given_to(patient, mai):
    with pytest.raises(TextNeeded):
        record_consent(patient, Purpose.MARKETING, decision="given", how=SPOKEN_HERE, actor=mai)


def test_decisions_cannot_be_changed_or_deleted(patient, mai):
    consent = give(patient, Purpose.MARKETING, mai)

    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(decision="refused")
    with pytest.raises(DatabaseError), transaction.atomic():
        consent.delete()


def test_evidence_and_representatives_are_encrypted(patient, mai):
    from django.db import connection

    give(patient, Purpose.MARKETING, mai, HowDecided("paper", evidence="Tap 3 to 18"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(evidence, 'escape') FROM privacy_consent")
        assert "Tap 3" not in cursor.fetchone()[0]


def test_a_paper_found_later_does_not_undo_a_later_no(patient, mai):
    give(patient, Purpose.MARKETING, mai)
    withdraw_consent(patient, Purpose.MARKETING, how=SPOKEN_HERE, actor=mai)
    old = HowDecided("paper", evidence="Tập 1", decided_at=timezone.now() - timedelta(days=400))

    with pytest.raises(LaterDecisionKnown):
        give(patient, Purpose.MARKETING, mai, old)


def test_nothing_is_decided_tomorrow(patient, mai):
    with pytest.raises(DecidedInFuture):
        give(
            patient, Purpose.MARKETING, mai, HowDecided("web", decided_at=timezone.now() + timedelta(days=1))
        )


# --- who decides -----------------------------------------------------------------------------------

MOTHER = {"representative_name": "Lê Thị Mẹ", "representative_relation": "mother"}


@pytest.mark.parametrize(
    ("age", "purpose", "decided_by", "refusal"),
    [
        pytest.param(3, Purpose.MARKETING, "self", RepresentativeNeeded, id="small-child-alone"),
        pytest.param(3, Purpose.MARKETING, "both", RepresentativeNeeded, id="small-child-has-no-say-yet"),
        pytest.param(3, Purpose.MARKETING, "representative", None, id="small-child-represented"),
        pytest.param(12, Purpose.MARKETING, "representative", BothNeeded, id="child-not-asked"),
        pytest.param(12, Purpose.MARKETING, "both", None, id="child-asked-too"),
        pytest.param(12, Purpose.CARE_CONTACT, "representative", None, id="care-of-a-child"),
        pytest.param(12, Purpose.CARE_CONTACT, "self", RepresentativeNeeded, id="care-of-a-child-alone"),
        pytest.param(40, Purpose.MARKETING, "representative", AdultDecidesAlone, id="adult-represented"),
        pytest.param(40, Purpose.MARKETING, "self", None, id="adult"),
        pytest.param(None, Purpose.MARKETING, "self", None, id="age-not-known"),
    ],
)
def test_who_may_agree_at_which_age(site, mai, age, purpose, decided_by, refusal):
    """Law 91/2025 Art. 24, Decree 330/2026 Art. 60: below 7 the representative, to 17 both, then the patient."""
    patient = PatientFactory(birth_year=born_ago(age) if age else None)
    how = HowDecided("in_person", decided_by, **MOTHER)

    if refusal:
        with pytest.raises(refusal):
            give(patient, purpose, mai, how)
        assert not Consent.objects.exists()
    else:
        assert give(patient, purpose, mai, how).decided_by == decided_by


def test_somebody_else_decides_when_the_patient_is_marked_so(site, mai):
    patient = PatientFactory(birth_year=born_ago(80), vulnerability=["decides_with_help"])

    give(patient, Purpose.MARKETING, mai, HowDecided("in_person", "representative", **MOTHER))

    assert may_use(patient, Purpose.MARKETING)


def test_anyone_may_say_no_for_a_child(site, mai):
    patient = PatientFactory(birth_year=born_ago(12))

    give(patient, Purpose.CARE_CONTACT, mai, HowDecided("in_person", "representative", **MOTHER), "refused")

    assert not may_contact(patient)


def test_a_representative_has_a_name(site, mai):
    patient = PatientFactory(birth_year=born_ago(3))

    with pytest.raises(RepresentativeNameNeeded):
        give(patient, Purpose.MARKETING, mai, HowDecided("in_person", "representative"))


def test_a_childs_yes_ends_with_childhood_except_for_care(site, mai):
    patient = PatientFactory(birth_year=born_ago(12))
    both = HowDecided("in_person", "both", **MOTHER)
    give(patient, Purpose.MARKETING, mai, both)
    give(patient, Purpose.CARE_CONTACT, mai, both)
    grown = timezone.localdate() + timedelta(days=366 * 7)

    marketing = effective_consent(patient, Purpose.MARKETING, on=grown)
    care = effective_consent(patient, Purpose.CARE_CONTACT, on=grown)

    assert (marketing.is_given, marketing.ask_again, marketing.is_allowed) == (False, True, False)
    assert (care.is_given, care.ask_again, care.is_allowed) == (True, True, True)


# --- words -----------------------------------------------------------------------------------------


def test_the_shipped_words_are_there_at_first_use_in_every_language(organisation):
    found = texts_in_force()

    assert {(purpose, language) for purpose, rows in found.items() for language in rows} == {
        (str(purpose), language) for purpose in Purpose for language in ("vi", "en", "zh-hans")
    }
    for rows in found.values():
        assert organisation.name in rows["vi"].text
        assert "{" not in "".join(row.text for row in rows.values())
        assert "91/2025/QH15" in rows["vi"].text
        assert "rút lại" in rows["vi"].text
        assert "withdraw" in rows["en"].text
        assert "撤回" in rows["zh-hans"].text


def test_shipping_twice_changes_nothing(organisation):
    assert ensure_consent_texts() == len(Purpose)
    assert ensure_consent_texts() == 0
    assert ConsentText.objects.count() == 3 * len(Purpose)


def test_an_unknown_language_reads_vietnamese(organisation):
    assert text_in_force(Purpose.MARKETING, "other").language == "vi"


def test_a_new_version_leaves_earlier_consents_with_their_words(patient, manager, mai):
    consent = give(patient, Purpose.MARKETING, mai)

    publish_consent_text(
        Purpose.MARKETING,
        texts={"vi": "Lời mới", "en": "New words", "zh-hans": "新文本"},
        seen=1,
        actor=manager,
    )

    consent.refresh_from_db()
    assert consent.text.version == 1
    assert text_in_force(Purpose.MARKETING, "en").text == "New words"
    (state,) = [state for state in consents_of(patient) if state.purpose == Purpose.MARKETING]
    assert (state.is_given, state.is_outdated) == (True, True)


def test_words_are_published_in_every_language_and_only_when_new(organisation, manager):
    texts = {language: row.text for language, row in texts_in_force()[Purpose.MARKETING].items()}

    with pytest.raises(TextUnchanged):
        publish_consent_text(Purpose.MARKETING, texts=texts, actor=manager)
    with pytest.raises(TextNeeded):
        publish_consent_text(Purpose.MARKETING, texts=texts | {"en": " "}, actor=manager)
    publish_consent_text(Purpose.MARKETING, texts=texts | {"en": "New words"}, seen=1, actor=manager)
    with pytest.raises(TextChangedMeanwhile):
        publish_consent_text(Purpose.MARKETING, texts=texts | {"en": "Newer words"}, seen=1, actor=manager)


def test_published_words_cannot_be_changed(organisation):
    ensure_consent_texts()

    with pytest.raises(DatabaseError), transaction.atomic():
        ConsentText.objects.update(text="khác")
