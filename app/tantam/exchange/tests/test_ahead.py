"""Looking ahead with a second thread loses, doubles and hides nothing (B5)."""

from __future__ import annotations

import threading

import pytest

from tantam.exchange.engine import ahead, running, waiting
from tantam.exchange.engine.ahead import Ahead
from tantam.exchange.engine.drafts import Kind
from tantam.exchange.engine.writers.batch import Places
from tantam.exchange.models import ImportedIdentity, ImportRun, RunState, StagedItem
from tantam.exchange.operations import parts
from tantam.exchange.operations.runs import resume_run, start_applying
from tantam.exchange.tests.fhir_files import hospital, patient, write, write_lines
from tantam.patients.models import Patient
from tantam.records.models import VitalSign


@pytest.fixture
def people(tmp_path, check_files, monkeypatch) -> ImportRun:
    """A run of ten patients that waits to be written, three at a time."""
    monkeypatch.setattr(parts, "CHUNK", 3)
    run = check_files(write_lines(tmp_path, "people.ndjson", [patient(number) for number in range(1, 11)]))
    return start_applying(run, in_background=False, actor=None)


def names(items):
    return [item.external_id for item, _draft in items]


@pytest.mark.django_db
def test_what_goes_wrong_in_the_thread_fails_the_run_which_can_go_on(tmp_path, check_files, monkeypatch):
    run = check_files(write(tmp_path, "encounters.json", hospital(3)))
    run = start_applying(run, in_background=False, actor=None)
    open_all = ahead.opened

    def broken(items):
        if items and items[0].kind == Kind.VITAL:
            raise ZeroDivisionError
        return open_all(items)

    with monkeypatch.context() as patched:
        patched.setattr(ahead, "opened", broken)
        with pytest.raises(ZeroDivisionError):
            running.apply(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.FAILED, "ZeroDivisionError")
    assert (Patient.objects.count(), VitalSign.objects.count()) == (3, 0)

    resume_run(run, in_background=False, actor=None)

    assert running.apply(run.pk).state == RunState.DONE
    assert (Patient.objects.count(), VitalSign.objects.count()) == (3, 6)


@pytest.mark.django_db
def test_the_thread_ends_with_the_run(people):
    running.apply(people.pk)

    assert not [thread for thread in threading.enumerate() if thread.name.startswith("import-ahead")]


@pytest.mark.django_db
def test_what_is_destroyed_after_it_was_opened_is_not_written(people):
    """Staged items go when somebody's data is destroyed; the ones already in memory must not bring it back."""
    with Ahead(people) as looking:
        assert parts.write_next_part(people, ahead=looking, places=Places(people.source.site), actor=None)
        gone = looking.look(3).items[1].external_id
        StagedItem.objects.filter(run=people, external_id=gone).delete()
        while parts.write_next_part(people, ahead=looking, places=Places(people.source.site), actor=None):
            pass

    written = set(ImportedIdentity.objects.filter(is_alias=False).values_list("external_id", flat=True))
    assert len(written) == Patient.objects.count() == 9
    assert gone not in written


@pytest.mark.django_db
def test_when_another_process_has_gone_on_the_items_behind_its_place_are_taken(people):
    with Ahead(people) as looking:
        first = [item.external_id for item in looking.look(3).items]
        last = looking.look(3).items[-1]
        people.applied_rank, people.applied_seq = last.rank, last.seq

        taken = names(looking.take(3))

    assert len(taken) == 3
    assert not set(taken) & set(first)


@pytest.mark.django_db
def test_what_was_opened_ahead_is_not_fetched_again(people, django_assert_num_queries):
    with Ahead(people) as looking:
        expected = [item.external_id for item in looking.look(3).items]
        with django_assert_num_queries(1):
            assert names(looking.take(3)) == expected


@pytest.mark.django_db
def test_a_part_is_smaller_where_its_items_are_large(people, monkeypatch):
    monkeypatch.setattr(waiting, "BYTES_AT_ONCE", 1)

    with Ahead(people) as looking:
        assert len(looking.take(3)) == 1
    assert running.apply(people.pk).state == RunState.DONE
    assert Patient.objects.count() == 10
