"""Sizes, numbers that only fall, and no person's data in files that stay."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from tests.house import limits, ratchets
from tests.house.tree import HOUSE

SETTINGS = HOUSE.root.parent / "config" / "settings.py"
# Where a temporary file holds nobody's data, or is sealed, with the reason.
TEMPORARY: dict[str, str] = {}


def test_no_module_needs_scrolling_twice():
    assert limits.long_modules(HOUSE) == {}


def test_a_long_module_is_found(plant):
    assert limits.long_modules(plant({"care/a.py": "\n" * 400, "care/b.py": "\n" * 401})) == {
        "care/b.py": 401
    }


def test_no_module_is_called_nothing():
    assert limits.vague_modules(HOUSE) == []


def test_a_vague_name_is_found(plant):
    assert limits.vague_modules(plant({"care/helpers.py": "", "care/rules.py": ""})) == ["care/helpers.py"]


def test_no_file_keeps_peoples_data_in_clear():
    """A5, Decree 13/2023: what is uploaded or exported never lies readable on a disk."""
    found = limits.temporary_files(HOUSE, (SETTINGS,))
    assert [use for use in found if use.partition(":")[0] not in TEMPORARY] == []
    assert {use.partition(":")[0] for use in found} >= set(TEMPORARY), "an exception that is no longer needed"


def test_uploads_are_kept_in_memory_or_sealed():
    assert [
        name for name in settings.FILE_UPLOAD_HANDLERS if name.endswith(".TemporaryFileUploadHandler")
    ] == []


def test_a_file_in_clear_is_found(plant, tmp_path):
    house = plant(
        {
            "exchange/a.py": "import tempfile\nfile = tempfile.NamedTemporaryFile()\n",
            "exchange/b.py": "from tempfile import mkstemp\n",
            "exchange/c.py": '"""A NamedTemporaryFile would stay. TemporaryFile too."""\n',
        }
    )
    setting = tmp_path / "settings.py"
    setting.write_text('A = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]\n')
    assert limits.temporary_files(house, (setting,)) == [
        "exchange/a.py:2 NamedTemporaryFile",
        "exchange/b.py:1 mkstemp",
        "settings.py:1 TemporaryFileUploadHandler",
    ]


def test_prepared_questions_do_not_spread():
    """`lib.prepared` serves the few pages people live in; plain querysets are the rule."""
    assert limits.above(limits.prepared_questions(HOUSE), ratchets.PREPARED) == {}


def test_a_prepared_question_more_is_found(plant):
    house = plant({"care/a.py": "A = Prepared(build)\nB = Prepared[Call](build)\nread_prepared(sql)\n"})
    assert limits.above(limits.prepared_questions(house), {"care": 3}) == {}
    assert limits.above(limits.prepared_questions(house), {"care": 2}) == {"care": "3, written down 2"}
    assert limits.above(limits.prepared_questions(house), {}) == {"care": "3, written down 0"}


def test_types_say_what_is_meant():
    assert limits.above(limits.anythings(HOUSE), ratchets.ANY) == {}


def test_an_any_more_is_found(plant):
    house = plant({"care/a.py": "from typing import Any\ndef a(b: Any) -> dict[str, Any]: ...\n"})
    assert limits.above(limits.anythings(house), {"care": 1}) == {"care": "2, written down 1"}


def test_written_numbers_are_of_rooms_that_are_there():
    rooms = {path.name for path in Path(HOUSE.root).iterdir()}
    assert set(ratchets.ANY) | set(ratchets.PREPARED) <= rooms
