"""What every change has to pass, in order. The steps are the list below."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tantam.launch.places import CHECKOUT, CODE, django_command
from tantam.launch.voice import say


def tool(module: str, *arguments: str) -> list[str]:
    """The command line of a tool in the virtual environment, run as a module."""
    return [sys.executable, "-P", "-m", module, *arguments]


@dataclass(frozen=True)
class Step:
    """One thing that is looked at, and the command that looks."""

    name: str
    command: list[str]
    environment: tuple[tuple[str, str], ...] = ()
    needs: Path = CODE
    """What has to exist for the step to have something to look at."""


LINES_SHOWN = 80

OUR_CODE = [name for name in ("app", "bench") if (CHECKOUT / name).is_dir()]
_IMPORT_LINTER = (
    "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
)

STEPS = [
    Step("no mistakes, one style", tool("ruff", "check", "--quiet", ".")),
    Step("one formatting", tool("ruff", "format", "--check", "--quiet", ".")),
    Step("the staircase of rooms", [sys.executable, "-c", _IMPORT_LINTER, "--no-cache"]),
    Step("templates", tool("djlint", "--lint", "--quiet", "app")),
    Step(
        "catalogues are complete", tool("tantam.catalogues", "check"), needs=CODE / "tantam" / "catalogues.py"
    ),
    Step("tables match the models", django_command("makemigrations", "--check", "--dry-run")),
    Step(
        "fit to be deployed",
        django_command("check", "--deploy", "--fail-level=WARNING"),
        environment=(("TANTAM_HTTPS", "1"), ("TANTAM_DEBUG", "0")),
    ),
    Step(
        "nothing known to be unsafe",
        tool("bandit", "--quiet", "--recursive", "--configfile", "pyproject.toml", *OUR_CODE),
    ),
    Step("types", tool("mypy", *OUR_CODE)),
]


def run_step(step: Step, environment: dict[str, str]) -> bool:
    """Run one step, print its time and, when it found something, what it said."""
    began = time.monotonic()
    done = subprocess.run(
        step.command,
        cwd=CHECKOUT,
        env=environment | dict(step.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    passed = done.returncode == 0
    say(f"{'ok  ' if passed else 'FAIL'} {step.name:<28} {time.monotonic() - began:6.1f} s")
    if not passed:
        say("\n".join(f"     {line}" for line in shortened(done.stdout.strip().splitlines())))
    return passed


def shortened(lines: list[str]) -> list[str]:
    """The beginning and the end of what a step said; the middle of a thousand lines tells nobody anything."""
    kept = LINES_SHOWN // 2
    if len(lines) <= LINES_SHOWN:
        return lines
    return [*lines[:kept], f"… {len(lines) - LINES_SHOWN} more lines …", *lines[-kept:]]


def pass_through(environment: dict[str, str]) -> list[str]:
    """Run every step, whatever the one before said; returns the names of those that found something."""
    return [step.name for step in STEPS if step.needs.exists() and not run_step(step, environment)]
