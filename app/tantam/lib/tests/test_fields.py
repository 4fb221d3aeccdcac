from __future__ import annotations

import copy
import pickle

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, models
from django.db.models import F
from django.test.utils import isolate_apps

from tantam.lib import crypto
from tantam.lib.crypto import KeyRing
from tantam.lib.fields import EncryptedJSONField, EncryptedTextField, Sealed


class CountingRing(KeyRing):
    opened = 0

    def decrypt(self, blob, *, context):
        self.opened += 1
        return super().decrypt(blob, context=context)


@pytest.fixture
def ring():
    ring = CountingRing({"k1": bytes(32)}, "k1", bytes(32))
    crypto.reset_default_keyring(ring)
    yield ring
    crypto.reset_default_keyring()


@pytest.fixture
def paper(ring, db):
    with isolate_apps("django.contrib.contenttypes"):

        class Paper(models.Model):  # noqa: DJ008
            title = EncryptedTextField(context="paper title", max_length=20)
            note = EncryptedTextField(null=True, blank=True)
            facts = EncryptedJSONField(default=dict, blank=True)

            class Meta:
                app_label = "contenttypes"
                db_table = "lib_test_paper"

        with connection.schema_editor() as editor:
            editor.create_model(Paper)
        yield Paper


def stored(paper, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM lib_test_paper")
        return cursor.fetchone()[0]


def test_a_value_goes_in_sealed_and_comes_out_plain(paper):
    paper.objects.create(title="Nguyễn Lan", facts={"allergy": ["penicillin"], "once": True})

    read = paper.objects.get()

    assert (read.title, read.note, read.facts) == (
        "Nguyễn Lan",
        None,
        {"allergy": ["penicillin"], "once": True},
    )
    assert b"Lan" not in stored(paper, "title")
    assert b"penicillin" not in stored(paper, "facts")
    assert crypto.decrypt(stored(paper, "title"), context=b"paper title") == "Nguyễn Lan"


def test_a_row_costs_nothing_until_somebody_reads_the_value(paper, ring):
    paper.objects.bulk_create([paper(title=f"Lan {number}") for number in range(3)])

    rows = list(paper.objects.order_by("id"))

    assert ring.opened == 0
    assert [rows[1].title, rows[1].title] == ["Lan 1", "Lan 1"]
    assert ring.opened == 1


def test_a_value_nobody_read_is_saved_as_it_was(paper, ring):
    paper.objects.create(title="Lan", note="a")
    before = stored(paper, "title")

    row = paper.objects.get()
    row.note = "b"
    row.save(update_fields=["title", "note"])

    assert stored(paper, "title") == before
    assert ring.opened == 0
    assert paper.objects.get().note == "b"


def test_an_empty_text_takes_no_room(paper, ring):
    paper.objects.create(title="", facts="")

    assert stored(paper, "title") == b""
    assert stored(paper, "facts") != b""
    assert list(paper.objects.values_list("title", "facts")) == [("", "")]
    assert paper.objects.get().title == ""


def test_json_changed_in_place_is_saved(paper):
    paper.objects.create(title="x", facts={"n": 1})
    row = paper.objects.get()
    row.facts["n"] = 2
    row.save(update_fields=["facts"])

    assert paper.objects.get().facts == {"n": 2}


def test_deferred_updated_and_refreshed_values_are_plain(paper):
    paper.objects.create(title="Lan")
    row = paper.objects.defer("title").get()

    assert row.get_deferred_fields() == {"title"}
    assert row.title == "Lan"
    assert paper.objects.update(title="Hoa") == 1
    row.refresh_from_db()
    assert row.title == "Hoa"
    row.refresh_from_db(fields=["title"])
    assert row.title == "Hoa"
    paper.objects.update(note=F("title"))
    assert paper.objects.filter(note__isnull=False).count() == 1


def test_values_stay_sealed_until_they_are_opened(paper, ring):
    paper.objects.create(title="Lan", facts=[1])

    (title, facts, note), *_ = paper.objects.values_list("title", "facts", "note")

    assert (repr(title), ring.opened) == ("<sealed>", 0)
    assert (str(title), title.open(), facts.open(), note) == ("Lan", "Lan", [1], None)
    assert title == "Lan"
    assert {title} == {"Lan"}


def test_sealed_values_can_be_copied_and_pickled(paper):
    paper.objects.create(title="Lan")
    row = paper.objects.get()

    assert copy.deepcopy(row.__dict__["facts"]).open() == {}
    assert pickle.loads(pickle.dumps(row.__dict__["facts"])).open() == {}


@pytest.mark.parametrize(
    "question",
    [{"title": "Lan"}, {"title": None}, {"title__in": ["Lan"]}, {"title__icontains": "L"}, {"facts__n": 1}],
)
def test_a_sealed_column_cannot_be_looked_up(paper, question):
    with pytest.raises(FieldError, match="blind index"):
        paper.objects.filter(**question).exists()


def test_whether_it_is_empty_can_be_asked(paper):
    paper.objects.create(title="x")

    assert paper.objects.filter(note__isnull=True).count() == 1


def test_a_value_of_another_column_does_not_open(paper):
    paper.objects.create(title="Lan")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE lib_test_paper SET note = title")

    with pytest.raises(crypto.CannotOpen):
        _ = paper.objects.get().note


def test_a_sealed_value_given_to_another_column_is_sealed_anew(paper):
    paper.objects.create(title="Lan")
    sealed = paper.objects.values_list("title", flat=True).get()
    paper.objects.update(note=sealed)

    assert isinstance(sealed, Sealed)
    assert paper.objects.get().note == "Lan"


def test_too_long_a_text_is_refused_by_forms(paper):
    with pytest.raises(ValidationError) as refusal:
        paper(title="x" * 21).full_clean()

    assert set(refusal.value.message_dict) == {"title"}


def test_bulk_loading_seals_the_same_way(paper, ring):
    field, facts = paper._meta.get_field("title"), paper._meta.get_field("facts")

    assert ring.decrypt(field.seal("Lan"), context=b"paper title") == "Lan"
    assert ring.decrypt(facts.seal({"tên": 1}), context=facts.sealed_for) == '{"tên":1}'


def test_a_value_copied_into_another_column_does_not_open(paper):
    """A number sealed in one column was shown to whoever could read the other one."""
    paper.objects.create(title="087185000999", note="nothing much")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE lib_test_paper SET note = title")

    with pytest.raises(crypto.CannotOpen):
        paper.objects.get().note  # noqa: B018

    assert paper.objects.get().title == "087185000999"


def test_a_column_is_bound_to_its_own_name(paper):
    assert paper._meta.get_field("note").sealed_for == b"contenttypes.paper.note"


def test_migrations_know_the_context():
    _name, path, args, kwargs = EncryptedTextField(context="c", null=True, max_length=5).deconstruct()

    assert path == "tantam.lib.fields.EncryptedTextField"
    assert (args, kwargs) == ([], {"context": "c", "null": True, "max_length": 5})
    assert EncryptedJSONField().deconstruct()[3] == {}


@isolate_apps("django.contrib.contenttypes")
def test_a_sealed_column_cannot_be_unique():
    class Wrong(models.Model):  # noqa: DJ008
        secret = EncryptedTextField(unique=True)

        class Meta:
            app_label = "contenttypes"

    assert "lib.E001" in [found.id for found in Wrong._meta.get_field("secret").check()]
