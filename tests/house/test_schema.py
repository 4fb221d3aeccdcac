"""Migrations are reversible, wait for nobody, and stand by themselves."""

from __future__ import annotations

from tests.house import schema
from tests.house.tree import HOUSE

FIRST = (
    "from django.db import migrations, models\nclass Migration(migrations.Migration):\n    initial = True\n"
)
LATER = (
    "from django.db import migrations, models\n"
    "from django.contrib.postgres.operations import AddIndexConcurrently\n"
    "from tantam.lib.migrations import wait_briefly\n"
    "class Migration(migrations.Migration):\n"
)
INDEX = 'models.Index(fields=["a"], name="a")'


def test_migrations_stand_by_themselves():
    assert schema.imports_of_rooms(HOUSE) == []


def test_a_migration_that_takes_from_a_room_is_found(plant):
    text = "import tantam.lib.fields\nimport tantam.exchange.models\nfrom tantam.care.rules import next_day\n"
    assert schema.imports_of_rooms(plant({"exchange/migrations/0001_initial.py": text})) == [
        "exchange/migrations/0001_initial.py:2 tantam.exchange.models",
        "exchange/migrations/0001_initial.py:3 tantam.care.rules",
    ]


def test_migrations_can_be_taken_back():
    assert schema.one_way(HOUSE) == []


def test_a_migration_of_one_way_is_found(plant):
    text = FIRST + (
        "    operations = [migrations.RunSQL('SELECT 1'), migrations.RunSQL('SELECT 2', 'SELECT 3'),\n"
        "        migrations.SeparateDatabaseAndState(database_operations=[migrations.RunPython(print)]),\n"
        "        migrations.RunPython(print, migrations.RunPython.noop)]\n"
    )
    assert schema.one_way(plant({"care/migrations/0001_initial.py": text})) == [
        "care/migrations/0001_initial.py RunSQL 'SELECT 1'",
        "care/migrations/0001_initial.py RunPython print",
    ]


def test_migrations_make_nobody_wait():
    assert schema.waiting_locks(HOUSE) == []


def test_an_index_that_locks_its_table_is_found(plant):
    house = plant(
        {
            "care/migrations/0001_initial.py": FIRST
            + f"    operations = [migrations.AddIndex('task', {INDEX})]\n",
            "care/migrations/0002_new.py": LATER
            + f"    operations = [migrations.CreateModel('Note', []), migrations.AddIndex('note', {INDEX})]\n",
            "care/migrations/0003_slow.py": LATER
            + f"    operations = [migrations.AddIndex('task', {INDEX})]\n",
            "care/migrations/0004_sql.py": LATER
            + "    operations = [migrations.RunSQL('CREATE INDEX a ON b (c)', 'DROP INDEX CONCURRENTLY a')]\n",
            "care/migrations/0006_own.py": LATER
            + "    operations = [migrations.RunSQL('CREATE TABLE b (c int); CREATE INDEX a ON b (c)', '')]\n",
            "care/migrations/0005_good.py": LATER
            + f"    atomic = False\n    operations = [AddIndexConcurrently('task', {INDEX})]\n",
        }
    )
    assert schema.waiting_locks(house) == [
        "care/migrations/0003_slow.py Create index a on field(s) a of model task is not concurrent",
        "care/migrations/0004_sql.py RunSQL 'CREATE INDEX a ON b (c)' is not concurrent",
    ]


def test_a_change_that_waits_for_ever_is_found(plant):
    field = "migrations.AddField('task', 'b', models.TextField(null=True))"
    house = plant(
        {
            "care/migrations/0002_waits.py": LATER + f"    operations = [{field}]\n",
            "care/migrations/0003_sql.py": LATER
            + "    operations = [migrations.RunSQL('ALTER TABLE a ADD b int', 'ALTER TABLE a DROP b')]\n",
            "care/migrations/0004_good.py": LATER + f"    operations = [wait_briefly(), {field}]\n",
        }
    )
    assert schema.waiting_locks(house) == [
        "care/migrations/0002_waits.py alters a table without wait_briefly()",
        "care/migrations/0003_sql.py alters a table without wait_briefly()",
    ]
