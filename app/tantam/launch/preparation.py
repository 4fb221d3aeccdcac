"""What has to be done before the product can serve, each piece only when something changed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tantam.launch import database, grants, parts
from tantam.launch.cluster import Cluster
from tantam.launch.database import Database
from tantam.launch.death import dies_with_parent
from tantam.launch.locks import Lock
from tantam.launch.places import CHECKOUT, CODE, Installation, Stamp, digest, django_command, has_command
from tantam.launch.voice import Trouble, say, step


def prepare(installation: Installation, environment: dict[str, str], found: Database) -> None:
    """Browser parts, catalogues, static files, tables and, for a demonstration, its hospital."""
    parts.ensure()
    compile_catalogues(environment)
    with static_files_meanwhile(installation, environment):
        if installation.purpose == "demo":
            renew_half_loaded_demo(installation, found.cluster)
        migrate(installation, environment, found)
        if installation.purpose == "demo":
            # As the owner: rows loaded by the thousand set sequences and leave statistics behind.
            load_demo(installation, environment | {"DATABASE_URL": found.owner_url})


def compile_catalogues(environment: dict[str, str]) -> None:
    """Compile each catalogue whose words are newer than its compiled form."""
    catalogues = list((CHECKOUT / "locale").glob("*/LC_MESSAGES/*.po"))
    if not (CODE / "tantam" / "catalogues.py").exists() and not (CODE / "tantam" / "catalogues").is_dir():
        return
    if not any(_is_stale(path) for path in catalogues):
        return
    (CHECKOUT / "var").mkdir(exist_ok=True)
    with Lock(CHECKOUT / "var" / "catalogues.lock"):
        if any(_is_stale(path) for path in catalogues):
            with step("catalogues"):
                run([sys.executable, "-P", "-m", "tantam.catalogues", "compile"], environment)
            for path in catalogues:
                path.with_suffix(".mo").touch()


def _is_stale(words: Path) -> bool:
    compiled = words.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < words.stat().st_mtime


def collect_static(installation: Installation, environment: dict[str, str]) -> None:
    """Gather the static files under names with their digests, where the web server serves them from."""
    with static_files_meanwhile(installation, environment):
        pass


@contextmanager
def static_files_meanwhile(installation: Installation, environment: dict[str, str]) -> Iterator[None]:
    """Gather the static files while the block does something else: they need no database."""
    sources = [
        *sorted(CODE.glob("tantam/*/static")),
        CODE / "tantam" / "ui" / "finders.py",
        CODE / "tantam" / "ui" / "storage.py",
        CODE / "config" / "settings.py",
        CHECKOUT / "requirements.txt",
        *parts.FILES,
    ]
    wanted = digest([path for path in sources if path.exists()], contents=False)
    stamp = Stamp(installation.run / "static")
    if stamp.says(wanted) and installation.static.is_dir():
        yield
        return
    command = django_command("collectstatic", "--noinput", "--verbosity=0")
    with answer_of(command, environment) as collecting:
        try:
            yield
        except BaseException:
            collecting.kill()
            raise
        began = time.monotonic()
        _, said = collecting.communicate()
    if collecting.returncode:
        raise Trouble(f"`collectstatic` failed.\n{said.strip()}")
    _open_to_all(installation.static)
    stamp.write(wanted)
    say(f"  static files … {time.monotonic() - began:.1f} s more")


def _open_to_all(folder: Path) -> None:
    """Let the server in front, which may run as somebody else, read what is public anyway."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def migrate(installation: Installation, environment: dict[str, str], found: Database) -> None:
    """Bring the tables to what the code expects, as their owner, and give the product its rights on them."""
    stamp = Stamp(installation.run / "migrations")
    code = _migrations_digest()
    if stamp.says(_migrated(code, found)):
        return
    with step("tables"):
        owners = environment | {"DATABASE_URL": found.owner_url}
        run(django_command("migrate", "--noinput", "--verbosity=0"), owners)
        grant(found)
    stamp.write(_migrated(code, found))


def grant(found: Database) -> None:
    """Give the product's role its rights, where it is not the owner itself."""
    if found.has_two_roles:
        grants.apply(found.owner_url, found.user)


def _migrations_digest() -> str:
    rights = Path(grants.__file__)
    return digest([*sorted(CODE.glob("tantam/*/migrations")), CHECKOUT / "requirements.txt", rights])


def _migrated(code: str, found: Database) -> str:
    state = database.fingerprint(found.owner_url)
    return hashlib.sha256(f"{code}:{found.user}:{state}".encode()).hexdigest() if state else ""


# --- the demonstration -------------------------------------------------------------------------------------------


def _demo_stamps(installation: Installation) -> tuple[Stamp, Stamp]:
    return Stamp(installation.data / "demo.begun"), Stamp(installation.data / "demo.loaded")


def renew_half_loaded_demo(installation: Installation, cluster: Cluster | None) -> None:
    """Start over with an empty database when an earlier start was ended while it loaded the demonstration."""
    begun, loaded = _demo_stamps(installation)
    if cluster is not None and begun.path.exists() and not loaded.path.exists():
        say("  the demonstration was only half loaded; starting it over")
        database.renew_embedded(cluster)


def load_demo(installation: Installation, environment: dict[str, str]) -> None:
    """Load the demonstration hospital, once."""
    begun, loaded = _demo_stamps(installation)
    if loaded.path.exists() or not has_command("demo_data"):
        return
    begun.write("begun\n")
    say("  demonstration hospital …")
    run(django_command("demo_data"), environment, show=True)
    loaded.write("loaded\n")
    begun.remove()


def run(command: list[str], environment: dict[str, str], *, show: bool = False) -> None:
    """Run a preparing command to its end. Refuses with Trouble, carrying what it said, when it fails."""
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=None if show else subprocess.PIPE,
        stderr=None if show else subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        name = " ".join(command[command.index("-m") + 1 :])
        said = "" if show else "\n" + (done.stdout or "").strip()
        raise Trouble(f"`{name}` failed.{said}")


def answer_of(command: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start a command whose answer is read later."""
    return subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=dies_with_parent(),
    )
