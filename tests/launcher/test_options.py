"""What stands after `./tantam` is understood, or named."""

import socket
from pathlib import Path

import pytest

from tantam.launch import commands, serve
from tantam.launch.commands import Options, main
from tantam.launch.places import CHECKOUT, Installation, Stamp, digest
from tantam.launch.voice import Trouble


def parse(*arguments):
    return Options(list(arguments), default_data=CHECKOUT / "var")


def test_without_options_the_usual_place_and_port(monkeypatch):
    monkeypatch.delenv("TANTAM_DATA", raising=False)
    installation = parse().installation

    assert (installation.data, installation.port, installation.host) == (CHECKOUT / "var", 8000, "127.0.0.1")


def test_options_end_where_the_command_begins():
    options = parse("--data=/srv/a", "--port", "9000", "migrate", "--data", "kept")

    assert options.installation.data == Path("/srv/a")
    assert options.installation.port == 9000
    assert options.rest == ["migrate", "--data", "kept"]


@pytest.mark.parametrize("given", [["--port", "many"], ["--port", "0"], ["--port", "70000"], ["--port"]])
def test_a_port_that_is_none_is_refused(given):
    with pytest.raises(Trouble, match="--port needs"):
        parse(*given)


def test_an_unknown_command_shows_the_known_ones(capsys):
    assert main(["dmeo"]) == 64
    assert "./tantam demo" in capsys.readouterr().err


def test_an_unknown_option_is_named(capsys):
    assert main(["up", "--prot", "8000"]) == 1
    assert "`--prot 8000` is not understood" in capsys.readouterr().err


def test_nothing_to_import_is_named(capsys):
    assert main(["import"]) == 1
    assert "./tantam import PATH" in capsys.readouterr().err


def test_checking_what_was_never_started_is_named(tmp_path, capsys):
    assert commands.main(["check", "--data", str(tmp_path / "none")]) == 1
    assert "Nothing was ever started" in capsys.readouterr().err


def test_a_demonstration_never_becomes_a_hospital_nor_the_reverse(tmp_path):
    installation = Installation(data=tmp_path)
    serve.settle_purpose(installation, demo=True)
    serve.settle_purpose(installation, demo=True)

    with pytest.raises(Trouble, match="holds the demonstration hospital"):
        serve.settle_purpose(installation, demo=False)


def test_a_taken_port_is_named_with_another(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        installation = Installation(data=tmp_path, port=taken.getsockname()[1])
        with pytest.raises(Trouble, match="cannot be used"):
            serve.refuse_taken_port(installation)
        assert serve.free_port_after(installation) > installation.port


def test_a_stamp_holds_for_one_state_of_things(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "a").write_text("1")
    stamp = Stamp(tmp_path / "run" / "stamp")
    stamp.write(digest([source]))

    assert stamp.says(digest([source]))
    (source / "b").write_text("2")
    assert not stamp.says(digest([source]))


def test_a_name_brings_its_port_and_everybody_may_ask():
    installation = parse("--domain", "Care.Example.vn.").installation

    assert (installation.domain, installation.port, installation.host) == ("care.example.vn", 443, "")
    assert installation.address == "https://care.example.vn"


@pytest.mark.parametrize("name", ["https://care.example.vn", "care", "1.2.3.4", "a b.vn", "-a.vn"])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(Trouble, match="--domain needs"):
        parse("--domain", name)


def test_a_name_needs_the_front():
    with pytest.raises(Trouble, match="needs the server in front"):
        parse("--domain", "care.example.vn", "--front", "off")


def test_the_front_is_on_unless_switched_off(monkeypatch):
    assert parse().installation.front
    assert not parse("--front", "off").installation.front
    monkeypatch.setenv("TANTAM_FRONT", "off")
    assert not parse().installation.front


@pytest.mark.parametrize("asked", ["--help", "-h"])
def test_help_of_the_import_needs_no_database(asked, monkeypatch, capfd):
    monkeypatch.setattr(commands, "run_with_database", None)

    assert commands.main(["import", asked]) == 0
    assert "--source" in capfd.readouterr().out
