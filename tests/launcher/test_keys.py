"""Keys are made at the first start, for their owner alone, and never made twice."""

import stat

import pytest

from tantam.launch import keys


def test_keys_are_made_once_and_closed_to_others(tmp_path):
    keys.ensure(tmp_path / "keys")
    before = {path.name: path.read_text() for path in (tmp_path / "keys").iterdir()}

    keys.ensure(tmp_path / "keys")

    assert {path.name: path.read_text() for path in (tmp_path / "keys").iterdir()} == before
    assert keys.problems(tmp_path / "keys") == []
    assert all(stat.S_IMODE((tmp_path / "keys" / name).stat().st_mode) == 0o600 for name in keys.KEYS)


def test_a_key_left_half_written_is_not_taken_for_one(tmp_path):
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / ".index_key.fresh").write_text("half")

    keys.ensure(folder)

    assert keys.problems(folder) == []


def test_a_missing_key_is_made_without_touching_the_others(tmp_path):
    keys.ensure(tmp_path)
    kept = (tmp_path / "field_keys.json").read_text()
    (tmp_path / "secret_key").unlink()

    keys.ensure(tmp_path)

    assert (tmp_path / "field_keys.json").read_text() == kept
    assert keys.problems(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param("index_key", "short", "index_key is damaged", id="not-a-key"),
        pytest.param("field_keys.json", "{", "field_keys.json is damaged", id="not-json"),
        pytest.param("field_keys.json", '{"current": "k2", "keys": {}}', "is damaged", id="no-current-key"),
        pytest.param("secret_key", "", "secret_key is damaged", id="empty"),
    ],
)
def test_a_damaged_key_is_named(tmp_path, name, text, said):
    keys.ensure(tmp_path)
    (tmp_path / name).write_text(text)

    assert said in " ".join(keys.problems(tmp_path))


def test_a_key_others_can_read_is_named_with_what_mends_it(tmp_path):
    keys.ensure(tmp_path)
    (tmp_path / "index_key").chmod(0o644)

    assert "chmod 600" in " ".join(keys.problems(tmp_path))
