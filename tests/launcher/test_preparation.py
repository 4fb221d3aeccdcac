"""What was prepared stays prepared; what was interrupted is done again, from the start."""

import shutil

import pytest

from tantam.launch import examination, gate, preparation, serve
from tantam.launch.places import Installation
from tantam.launch.voice import Trouble


@pytest.fixture
def demonstration(place, monkeypatch):
    """An installation whose demonstration is loaded by a stand-in; returns it and what was run."""
    ran = []
    installation = Installation(data=place)
    serve.settle_purpose(installation, demo=True)
    monkeypatch.setattr(preparation, "has_command", lambda name: True)
    monkeypatch.setattr(preparation, "run", lambda command, environment, show: ran.append(command[-1]))
    return installation, ran


def test_the_demonstration_is_loaded_once(demonstration):
    installation, ran = demonstration

    preparation.load_demo(installation, {})
    preparation.load_demo(installation, {})

    assert ran == ["demo_data"]


def test_a_demonstration_interrupted_while_loading_starts_over_with_an_empty_database(
    demonstration, monkeypatch
):
    installation, ran = demonstration
    renewed = []
    monkeypatch.setattr(preparation.database, "renew_embedded", renewed.append)

    def killed(command, environment, show):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(preparation, "run", killed)
        with pytest.raises(KeyboardInterrupt):
            preparation.load_demo(installation, {})
    preparation.renew_half_loaded_demo(installation, "the cluster")
    preparation.load_demo(installation, {})
    preparation.renew_half_loaded_demo(installation, "the cluster")

    assert renewed == ["the cluster"]
    assert ran == ["demo_data"]


def test_a_preparing_command_that_fails_stops_the_start_with_its_own_words():
    with pytest.raises(Trouble, match="nothing_of_that_name"):
        preparation.run(gate.tool("nothing_of_that_name"), {})


def test_a_step_says_its_beginning_and_its_end():
    lines = [str(number) for number in range(1000)]

    assert gate.shortened(lines[:10]) == lines[:10]
    assert gate.shortened(lines)[0] == "0"
    assert gate.shortened(lines)[-1] == "999"
    assert "… 920 more lines …" in gate.shortened(lines)


def test_a_full_disk_and_missing_keys_are_wrong(place, monkeypatch):
    installation = Installation(data=place)
    monkeypatch.setattr(
        shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100 << 30, 99 << 30, 1 << 30)
    )

    with pytest.raises(examination.Wrong, match="1024 MB free"):
        examination.look_at_disk(installation)
    with pytest.raises(examination.Wrong, match="is missing"):
        examination.look_at_keys(installation)
