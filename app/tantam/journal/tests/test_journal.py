"""The journal is the audit (D9): it cannot be changed, and no act goes without it."""

from __future__ import annotations

import pytest
from django.core.signing import BadSignature
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tantam.journal import reactions
from tantam.journal.live import may_hear, ticket_for, ticket_of
from tantam.journal.models import BellItem, Entry
from tantam.journal.operations import (
    ActNotRecorded,
    nothing_changed,
    notify,
    operation,
    read_bell,
    record,
    record_many,
)
from tantam.journal.reactions import NameTaken, on, react_to_entry
from tests.factories.patients import PatientFactory


@operation
def greet(patient, *, actor, fail=False):
    entry = record("test.patient:greeted", patient, actor=actor, manner="warm")
    if fail:
        raise RuntimeError("halfway")
    return entry


def test_an_entry_knows_who_what_and_whom(mai):
    patient = PatientFactory()

    entry = Entry.objects.get(pk=greet(patient, actor=mai).pk)

    assert (entry.actor, entry.subject_type, entry.patient_id) == (mai, "patients.patient", patient.pk)
    assert entry.details == {"manner": "warm"}
    assert entry.at.tzinfo is not None


@pytest.mark.parametrize("change", ["UPDATE journal_entry SET event = 'x'", "DELETE FROM journal_entry"])
def test_entries_cannot_be_changed_or_deleted(mai, change):
    greet(PatientFactory(), actor=mai)

    with (
        pytest.raises(DatabaseError, match="journal_entry"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)

    assert Entry.objects.filter(event="test.patient:greeted").count() == 1


def test_the_journal_cannot_be_emptied(mai):
    greet(PatientFactory(), actor=mai)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # The trigger rests in test runs, because tests with a live server empty all tables between them.
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'journal_entry'::regclass"
            " AND tgname LIKE 'pgtrigger_never_emptied%'"
        )
        (name,) = cursor.fetchone()
        cursor.execute(f'ALTER TABLE journal_entry ENABLE TRIGGER "{name}"')
        with pytest.raises(DatabaseError, match="cannot be emptied"), transaction.atomic():
            cursor.execute("TRUNCATE journal_entry CASCADE")


def test_an_act_that_fails_leaves_nothing(mai):
    with pytest.raises(RuntimeError):
        greet(PatientFactory(), actor=mai, fail=True)

    assert not Entry.objects.filter(event="test.patient:greeted").exists()


def test_an_act_without_an_entry_is_rolled_back(mai):
    @operation
    def forgetful(*, actor):
        PatientFactory(code="BN-999999")

    with pytest.raises(ActNotRecorded):
        forgetful(actor=mai)

    from tantam.patients.models import Patient

    assert not Patient.objects.filter(code="BN-999999").exists()


def test_an_act_may_say_that_nothing_changed(mai):
    @operation
    def idle(*, actor):
        nothing_changed()
        return "same"

    assert idle(actor=mai) == "same"


def test_an_act_must_name_its_actor():
    with pytest.raises(TypeError, match="actor"):
        operation(lambda patient: None)


@pytest.fixture
def listening():
    """A reaction registered for one test only."""
    heard = []

    name = "test.listens"

    @on("test.patient:greeted", name=name)
    def listener(entry):
        heard.append(entry.pk)

    yield name, heard
    reactions._by_event["test.patient:greeted"].remove(name)
    del reactions._by_name[name]


def test_a_reaction_is_a_job_of_the_same_transaction(mai, listening):
    name, heard = listening

    entry = greet(PatientFactory(), actor=mai)
    with pytest.raises(RuntimeError):
        greet(PatientFactory(), actor=mai, fail=True)

    jobs = ProcrastinateJob.objects.filter(task_name="journal.react")
    assert [job.args for job in jobs] == [{"reaction": name, "entry_id": entry.pk}]
    react_to_entry(reaction=name, entry_id=entry.pk)
    assert heard == [entry.pk]


def test_two_reactions_never_share_a_name(listening):
    """A job names its reaction: with two of one name it would run the wrong one."""
    name, _ = listening

    with pytest.raises(NameTaken, match=name):
        on("test.patient:other", name=name)(lambda entry: None)

    assert reactions.reactions_to("test.patient:other") == []


def test_many_entries_cost_one_round_trip(mai, django_assert_num_queries):
    patients = [PatientFactory() for _ in range(5)]

    with django_assert_num_queries(1):
        record_many("test.patient:counted", patients, actor=mai)

    assert Entry.objects.filter(event="test.patient:counted").count() == 5


def test_the_bell_reaches_each_colleague_once_and_can_be_read(mai, dung):
    notify([mai, mai, dung], "test.kind", details="x")

    assert BellItem.objects.filter(member=mai).count() == 1
    assert read_bell(mai) == 1
    assert read_bell(mai) == 0
    assert BellItem.objects.get(member=dung).read_at is None


def test_a_ticket_hears_its_topics_and_no_others():
    ticket = ticket_for(["member:7", "site:1"], member=7, session=3)
    held = ticket_of(ticket)
    prefixes = held.prefixes

    assert (held.member, held.session) == (7, 3)
    assert may_hear("member:7:bell", prefixes)
    assert may_hear("site:1:work-list", prefixes)
    assert not may_hear("member:70:bell", prefixes)
    with pytest.raises(BadSignature):
        ticket_of(ticket[:-2] + "xx")
