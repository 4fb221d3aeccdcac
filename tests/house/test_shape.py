"""Every room has the same shape, and shows the others the same few things."""

from __future__ import annotations

import importlib

import pytest

from tests.house import shape
from tests.house.tree import HOUSE, STAIRS


def test_every_room_stands_on_the_staircase():
    folders = {
        path.name for path in HOUSE.root.iterdir() if path.is_dir() and (path / "__init__.py").exists()
    }
    assert folders - {"launch", "demo"} == set(STAIRS)


@pytest.mark.parametrize("room", STAIRS)
def test_a_room_says_what_it_is_for(room):
    assert importlib.import_module(f"tantam.{room}").__doc__


def test_modules_at_the_top_have_names_of_one_meaning():
    assert shape.names_at_the_top(HOUSE) == []


def test_a_name_of_its_own_is_found(plant):
    house = plant(
        {"care/models.py": "", "care/screens.py": "", "care/planner/steps.py": "", "care/tests/x.py": ""}
    )
    assert shape.names_at_the_top(house) == ["care/screens"]


def test_a_second_engine_is_found(plant):
    house = plant({"exchange/engine/a.py": "", "exchange/sheets/a.py": "", "desk/engine/a.py": ""})
    assert shape.names_at_the_top(house) == ["desk/engine", "exchange/sheets"]


def test_one_look_takes_in_a_room():
    assert shape.rooms_too_wide(HOUSE) == []


def test_a_room_too_wide_is_found(plant):
    files = {f"care/{name}.py": "" for name in sorted(shape.ONE_MEANING)} | {"care/extends/tabs.py": ""}
    files |= {f"care/more{number}.py": "" for number in range(23 - len(files))}
    assert shape.rooms_too_wide(plant(files | {"care/tests/test_x.py": ""})) == ["care: 23"]
    files.popitem()
    assert shape.rooms_too_wide(plant(files)) == []


def test_no_file_is_a_suffix():
    assert shape.suffixes(HOUSE) == []


def test_a_suffix_is_found(plant):
    house = plant(
        {
            "care/forms_calls.py": "",
            "care/forms/rules.py": "",
            "care/queries/work_list.py": "",
            "care/queries/work_list_rows.py": "",
            "care/queries/next_call.py": "",
            "records/views/views_print.py": "",
        }
    )
    assert shape.suffixes(house) == [
        "care/forms_calls.py stands beside forms",
        "care/queries/work_list_rows.py stands beside work_list",
        "records/views/views_print.py stands beside views",
    ]


def test_rooms_take_only_what_others_show():
    assert shape.private_imports(HOUSE) == []


def test_a_look_into_another_room_is_found(plant):
    house = plant(
        {
            "care/access.py": "from tantam.patients.models import Patient\n"
            "from tantam.patients.registries.tabs import register\n"
            "from tantam.ui.rows import anything\n"
            "from tantam.care.jobs import own\n"
            "from tantam.accounts.door import requires\n"
            "from tantam.patients.forms import PersonForm\n",
            "privacy/apps.py": "from tantam.patients import privacy\n",
            "records/apps.py": "from tantam.patients import privacy\n",
            "care/views.py": "def page():\n    from tantam.patients import queries, extends\n",
            "care/jobs.py": "import tantam.exchange.engine.steps\n",
            "care/tests/test_calls.py": "from tantam.patients.forms import PersonForm\n",
        }
    )
    assert shape.private_imports(house) == [
        "care/access.py:6 takes patients.forms",
        "care/jobs.py:1 takes exchange.engine",
        "care/views.py:2 takes patients.extends",
        "records/apps.py:1 takes patients.privacy",
    ]
