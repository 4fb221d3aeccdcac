"""What `./tantam import --help` says, in the language of whoever asks, and what the command ends with."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

# The same files under another source's name would be taken in twice, so the name must not vary by itself.
DEFAULT_SOURCE: Final = "Dữ liệu bệnh viện"
ALL_TAKEN, SOME_REFUSED, NOT_DONE = 0, 3, 2


def language_of(arguments: Sequence[str]) -> str:
    """What the command speaks: `--language`, else the language of the terminal, else the product's."""
    for place, word in enumerate(arguments):
        name, _equals, value = word.partition("=")
        if name == "--language":
            value = value or next(iter(arguments[place + 1 :]), "")
            if value in dict(settings.LANGUAGES):
                return value
    return language_of_terminal()


def language_of_terminal() -> str:
    said = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "") or ""
    short = said.lower()[:2]
    return next(
        (code for code, _name in settings.LANGUAGES if code.startswith(short or "?")), settings.LANGUAGE_CODE
    )


def help_text() -> str:
    """What `./tantam import --help` prints, in the active language."""
    parts: list[tuple[str, str]] = [
        ("PATH …", _("files, folders or archives: FHIR (JSON, NDJSON), CSV, Excel, ZIP, GZ")),
        (
            "--source NAME",
            _(
                "what the data comes from (“%(source)s” when you say nothing). Use the same name every time: by it a"
                " patient of that system is known again"
            )
            % {"source": DEFAULT_SOURCE},
        ),
        ("--site CODE", _("the site its visits belong to; needed when there are several")),
        ("--dry-run", _("only read and check, and show what would change; nothing is written to any record")),
        ("--as USERNAME", _("who takes the data in")),
        ("--refusals FILE.csv", _("write everything that was refused or remarked on to this file")),
        (
            "--same-codes",
            _(
                "the patient codes of a new source are our own codes; otherwise they are a code space of their own"
            ),
        ),
        (
            "--questions FILE.csv",
            _("write the rows that may mean somebody we know, side by side, and take nothing in"),
        ),
        (
            "--answers FILE.csv",
            _(
                "answer them from this file: same, another or leave_out in its second column. The rest is left out"
            ),
        ),
        (
            "--confirm-shifted",
            _("take in a sheet that looks shifted, in the name of the member given with --as"),
        ),
        ("--undo RUN", _("take back the import of this number, as far as nothing was built on it")),
        ("--language vi|en|zh-hans", _("the language of what is printed")),
    ]
    lines = [
        "./tantam import [--source NAME] [--site CODE] [--dry-run] [--as USERNAME]",
        "                [--same-codes] [--questions FILE.csv | --answers FILE.csv] [--confirm-shifted]",
        "                [--refusals FILE.csv] [--language vi|en|zh-hans] PATH …",
        "./tantam import --undo RUN [--as USERNAME]",
        "",
        *_wrapped(
            _(
                "Takes in what the hospital already has: patients, visits, diagnoses, prescriptions, allergies, vital"
                " signs and re-examination dates. First everything is read and checked, then what is new or changed"
                " is written. The same files again change nothing; a corrected file updates what it corrects. If it is"
                " interrupted, give the same command again: it goes on from there."
            ),
            indent=0,
        ),
        "",
    ]
    for name, meaning in parts:
        lines += [f"  {name}", *_wrapped(meaning, indent=6)]
    lines += ["", *_wrapped(
        _(
            "It ends with 0 when everything was taken in, %(refused)s when something was refused, %(undone)s when it"
            " could not be done."
        )
        % {"refused": SOME_REFUSED, "undone": NOT_DONE},
        indent=0,
    )]  # fmt: skip
    return "\n".join(lines) + "\n"


def _wrapped(text: str, *, indent: int) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) + 1 > 88 - indent:
            lines.append(" " * indent + line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, " " * indent + line]
