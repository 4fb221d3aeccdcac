"""The shell part names what a machine lacks and the command that mends it, and installs nothing twice."""

import os
import shutil
import subprocess
import sys

import pytest

from tantam.launch import environment
from tantam.launch.places import CHECKOUT

COREUTILS = ("dirname", "cmp", "sh", "env")


@pytest.fixture
def machine(tmp_path):
    """A checkout with the launcher alone, and a PATH with nothing but a shell's own tools."""
    checkout, programs = tmp_path / "checkout", tmp_path / "bin"
    (checkout / "app" / "tantam" / "launch").mkdir(parents=True)
    programs.mkdir()
    shutil.copy(CHECKOUT / "tantam", checkout / "tantam")
    shutil.copy(CHECKOUT / "app/tantam/launch/environment.py", checkout / "app/tantam/launch/environment.py")
    for name in ("requirements.txt", "requirements-dev.txt"):
        (checkout / name).write_text("")
    for name in COREUTILS:
        (programs / name).symlink_to(shutil.which(name))
    return checkout, programs


def has(machine, name, script):
    path = machine[1] / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def run(machine, *arguments):
    checkout, programs = machine
    return subprocess.run(
        [str(checkout / "tantam"), *arguments],
        env={"PATH": str(programs), "HOME": str(checkout)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_missing_python_is_named(machine):
    done = run(machine, "demo")

    assert done.returncode == 69
    assert "python3 is missing" in done.stderr
    assert "apt-get install python3" in done.stderr


def test_old_python_is_named_with_its_version(machine):
    has(machine, "python3", 'case "$2" in *3,\\ 11*) exit 1;; esac; echo 3.9.2')

    done = run(machine, "demo")

    assert done.returncode == 69
    assert "python3 is 3.9.2; 3.11 or newer is needed" in done.stderr


def test_missing_git_is_named(machine):
    has(machine, "python3", f'exec {sys.executable} "$@"')

    done = run(machine, "demo")

    assert done.returncode == 69
    assert "apt-get install git" in done.stderr


def test_missing_venv_module_is_named(machine):
    has(machine, "git", "")
    without = "import sys; sys.modules['ensurepip'] = None; sys.argv = sys.argv[1:]; import runpy; "
    without += "runpy.run_path(sys.argv[0], run_name='__main__')"
    has(
        machine,
        "python3",
        f'case "$1" in -c) exec {sys.executable} "$@";; esac; exec {sys.executable} -c "{without}" "$@"',
    )

    done = run(machine, "demo")

    assert done.returncode == 69
    assert "apt-get install python3-venv" in done.stderr


@pytest.mark.slow
def test_a_killed_installation_is_made_anew_and_a_whole_one_left_alone(machine):
    checkout, _ = machine
    has(machine, "git", "")
    has(machine, "python3", f'exec {sys.executable} "$@"')
    (checkout / "app" / "tantam" / "__init__.py").write_text("")
    (checkout / "app" / "tantam" / "__main__.py").write_text("import sys; print('ran', sys.argv[1:])\n")

    first = run(machine, "help", "a b")
    assert first.stdout == "ran ['help', 'a b']\n", first.stderr
    assert "installing" in first.stderr

    again = run(machine, "help")
    assert (again.stdout, again.stderr) == ("ran ['help']\n", "")

    link = machine[1] / "linked"
    link.symlink_to(checkout / "tantam")
    assert (
        subprocess.run([link, "help"], capture_output=True, text=True, check=True).stdout == "ran ['help']\n"
    )

    (checkout / ".venv" / "installing").touch()
    (checkout / ".venv" / "half-unpacked").touch()
    recovered = run(machine, "help")
    assert recovered.stdout == "ran ['help']\n", recovered.stderr
    assert not (checkout / ".venv" / "half-unpacked").exists()


def test_the_locks_name_digests_and_no_address():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (CHECKOUT / name).read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "index-url" not in text
        assert os.fspath(CHECKOUT) not in text


def test_checkouts_that_share_an_environment_wait_for_each_other(tmp_path, monkeypatch):
    """One that is unpacking packages has marked it; another that does not wait would make it anew under its hands."""
    home, other = tmp_path / "home", tmp_path / "other"
    for folder in (home, home / ".venv", other):
        folder.mkdir()
    (other / ".venv").symlink_to(home / ".venv")
    locked = []
    monkeypatch.setattr(environment.fcntl, "flock", lambda handle, _: locked.append(os.fstat(handle).st_ino))
    monkeypatch.setattr(environment, "is_sound", lambda venv: True)
    monkeypatch.setattr(environment, "is_installed", lambda venv, requirements: True)

    environment.prepare(home, "requirements.txt")
    environment.prepare(other, "requirements.txt")

    assert locked == [home.stat().st_ino] * 2
