"""The words of the interface in Vietnamese and Chinese, kept without GNU gettext.

``python -m tantam.catalogues`` with one of:

- ``extract``: bring the catalogues into line with the sources; entries no source uses go.
- ``merge FILE…``: take translations from JSON, ``{"msgid": {"vi": "…", "zh_Hans": "…"}}`` with
  ``"plural"`` and ``"context"`` where they apply. Adds what the sources use, removes nothing, so
  people working at the same time do not undo each other.
- ``check``: exit 1 when anything is untranslated or a translation lost a placeholder.
- ``compile``: write the binary catalogues that are older than their text.

Catalogues carry no line numbers, file names or dates: two branches that add words merge.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import fcntl
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

CHECKOUT: Final = Path(__file__).resolve().parents[2]
LANGUAGES: Final = {"vi": "Vietnamese", "zh_Hans": "Simplified Chinese"}
EXTRA: Final = "extra_msgids.txt"
_PASSED_OVER: Final = frozenset({"tests", "migrations", "node_modules", "static", "__pycache__"})
_KEYWORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_HEADER: Final = """\
# {name} words of Tận Tâm.
msgid ""
msgstr ""
"Project-Id-Version: Tận Tâm\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
# Component attributes such as :label="_('Name')" lie outside the tags templatize reads.
_BARE_CALL = re.compile(r"""\b_\(\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')\s*\)""")
_WITH_CONTEXT = re.compile(r"\[([^\]]+)\] (.+)", re.DOTALL)


class Key(NamedTuple):
    context: str | None
    msgid: str


class CatalogueError(Exception):
    """A source or a file of translations that cannot be read; the sentence names it."""


@dataclass(slots=True)
class Entry:
    """One sentence of one language: what the sources call it and how it is said."""

    plural: str | None = None
    said: str = ""
    fuzzy: bool = False
    comments: list[str] = field(default_factory=list)


Words = dict[Key, Entry]


def words_in_sources(root: Path = CHECKOUT) -> dict[Key, str | None]:
    """Every sentence the sources translate, each with its plural or None."""
    found: dict[Key, str | None] = {}
    for path in _sources(root / "app"):
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            continue  # renamed by somebody while we walked
        try:
            pairs = list(_in_python(text) if path.suffix == ".py" else _in_template(text, path))
        except Exception as error:
            raise CatalogueError(f"{path.relative_to(root)} cannot be read: {error}") from error
        for key, plural in pairs:
            found[key] = found.get(key) or plural
    for key, plural in _extra(root / "locale" / EXTRA):
        found[key] = found.get(key) or plural
    return found


def _sources(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _PASSED_OVER)
        in_templates = "templates" in Path(place).relative_to(folder).parts
        for name in sorted(files):
            if name.endswith(".py") or (in_templates and name.endswith((".html", ".txt"))):
                yield Path(place, name)


def _in_python(source: str) -> Iterator[tuple[Key, str | None]]:
    if not re.search(r"gettext|\b_\(", source):
        return
    compile(source, "source", "exec", ast.PyCF_ONLY_AST)  # a half-saved file must not lose its words
    yield from _calls(source)


def _in_template(source: str, path: Path) -> Iterator[tuple[Key, str | None]]:
    # templatize leaves "X" for what is not translated; the indentation left over is no Python.
    calls = templatize(source, origin=str(path))
    yield from _calls("\n".join(line.strip() for line in calls.splitlines()))
    for match in _BARE_CALL.finditer(source):
        yield Key(None, str(ast.literal_eval(match[1]))), None


def _calls(source: str) -> Iterator[tuple[Key, str | None]]:
    options = {"encoding": "utf-8"}
    found = babel_extract("python", BytesIO(source.encode()), _KEYWORDS, (), options)
    for _line, message, _comments, context in found:
        msgid, plural = message if isinstance(message, tuple) else (message, None)
        if msgid:
            yield Key(context, msgid), plural


def _extra(path: Path) -> Iterator[tuple[Key, str | None]]:
    """Sentences of libraries whose own catalogues lack them: ``[context] msgid<tab>plural``, one a line."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            msgid, _tab, plural = line.replace("\\n", "\n").partition("\t")
            match = _WITH_CONTEXT.fullmatch(msgid)
            yield Key(match[1], match[2]) if match else Key(None, msgid), plural or None


def catalogue_path(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def read_words(path: Path, language: str) -> Words:
    """The entries of a text catalogue; empty when there is none yet."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, ignore_obsolete=True, abort_invalid=True)
    words: Words = {}
    for message in catalogue:
        if not message.id:
            continue
        msgid, plural = message.id if isinstance(message.id, (tuple, list)) else (message.id, None)
        said = message.string if isinstance(message.string, str) else "".join((message.string or ())[:1])
        words[Key(message.context, msgid)] = Entry(plural, said, message.fuzzy, list(message.user_comments))
    return words


def write_words(path: Path, language: str, words: Words) -> bool:
    """Write a text catalogue, sorted; False when the file already said the same."""
    catalogue = _catalogue(language, words)
    body = BytesIO()
    write_po(body, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    header = _HEADER.format(name=LANGUAGES[language], language=language)
    content = header.encode() + body.getvalue().strip() + b"\n"
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, content)
    return True


def _catalogue(language: str, words: Words) -> Catalog:
    catalogue = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for key in sorted(words, key=lambda key: (key.msgid, key.context or "")):
        entry = words[key]
        message = catalogue.add(
            (key.msgid, entry.plural) if entry.plural else key.msgid,
            (entry.said,) if entry.plural else entry.said,
            context=key.context,
            user_comments=entry.comments,
        )
        if entry.fuzzy and message is not None:
            message.flags.add("fuzzy")
    return catalogue


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One writer of the catalogues at a time; the folder itself is the lock."""
    (root / "locale").mkdir(exist_ok=True)
    handle = os.open(root / "locale", os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def extract(root: Path = CHECKOUT) -> dict[str, int]:
    """Bring the catalogues into line with the sources; returns what is untranslated by language."""
    with _alone(root):
        return {
            language: sum(not entry.said for entry in words.values())
            for language, words in _update(root, {}, keep_unused=False).items()
        }


def merge(files: Iterable[Path], root: Path = CHECKOUT) -> list[str]:
    """Take translations from JSON files; returns the sentences no source uses (yet)."""
    given: dict[Key, dict[str, str]] = {}
    for path in files:
        given.update(_read_translations(path))
    with _alone(root):
        known = words_in_sources(root)
        _update(root, given, keep_unused=True, known=known)
    return [key.msgid for key in given if key not in known]


def _update(
    root: Path,
    given: dict[Key, dict[str, str]],
    *,
    keep_unused: bool,
    known: dict[Key, str | None] | None = None,
) -> dict[str, Words]:
    known = words_in_sources(root) if known is None else known
    updated = {}
    for language in LANGUAGES:
        path = catalogue_path(root, language)
        before = read_words(path, language)
        words = {key: before.get(key, Entry()) for key in known}
        if keep_unused:
            words |= {key: entry for key, entry in before.items() if key not in known}
        for key, plural in known.items():
            words[key].plural = plural
        for key, sayings in given.items():
            entry = words.setdefault(key, Entry(plural=sayings.get("plural")))
            if said := sayings.get(language):
                entry.said, entry.fuzzy = said, False
        write_words(path, language, words)
        updated[language] = words
    return updated


def _read_translations(path: Path) -> Iterator[tuple[Key, dict[str, str]]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{path} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise CatalogueError(f"{path} must hold one object: msgid to translations.")
    for msgid, value in content.items():
        for sayings in value if isinstance(value, list) else [value]:
            if not isinstance(sayings, dict) or not set(sayings) <= {*LANGUAGES, "plural", "context"}:
                raise CatalogueError(f"{path}: {msgid!r} must give vi, zh_Hans, plural or context.")
            yield Key(sayings.get("context"), msgid), sayings


_PLACE = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|%[sdifrx]|%%|\{(\w*)(?:[!:][^{}]*)?\}")


def _places(text: str) -> tuple[frozenset[str], Counter[str], str]:
    """The named placeholders, the unnamed ones counted, and the text without any."""
    named: set[str] = set()
    unnamed: Counter[str] = Counter()
    for match in _PLACE.finditer(text):
        if match[1]:
            named.add(match[0])
        elif match[2]:
            named.add("{" + match[2] + "}")
        elif match[0] != "%%":
            unnamed[match[0]] += 1
    return frozenset(named), unnamed, _PLACE.sub("", text)


def fault(key: Key, entry: Entry) -> str | None:
    """What is wrong with one translation, or None."""
    if entry.fuzzy:
        return "fuzzy"
    if not entry.said.strip():
        return "not translated"
    original = entry.plural or key.msgid
    named, unnamed, rest = _places(original)
    said_named, said_unnamed, said_rest = _places(entry.said)
    if entry.plural and not unnamed:
        # The one form of these languages serves "one %(name)s" and "%(count)s %(name)ss" alike.
        named |= _places(key.msgid)[0]
    if named != said_named or unnamed != said_unnamed:
        return "placeholders differ"
    formatted = bool(named or unnamed or "%%" in original)
    if formatted and "%" in said_rest and "%" not in rest:
        return "a lone % that must be %%"
    if ("%%" in original) != ("%%" in entry.said):
        return "%% differs"
    if key.msgid.endswith("\n") != entry.said.endswith("\n"):
        return "line end differs"
    return None


def check(root: Path = CHECKOUT) -> list[str]:
    """One line for each sentence that is missing or wrong, in any language."""
    known = words_in_sources(root)
    faults = []
    for language in LANGUAGES:
        words = read_words(catalogue_path(root, language), language)
        for key, plural in sorted(known.items(), key=lambda pair: (pair[0].msgid, pair[0].context or "")):
            entry = words.get(key)
            said = "missing" if entry is None else fault(key, entry)
            if entry is not None and said is None and entry.plural != plural:
                said = "plural differs from the source"
            if said:
                faults.append(
                    f"{language}: {said}: {key.msgid!r}" + (f" ({key.context})" if key.context else "")
                )
    return faults


def compile_all(root: Path = CHECKOUT) -> list[Path]:
    """Write the binary catalogues that are missing or older than their text; returns them."""
    written = []
    for language in LANGUAGES:
        text = catalogue_path(root, language)
        binary = text.with_suffix(".mo")
        if not text.exists() or (binary.exists() and binary.stat().st_mtime_ns > text.stat().st_mtime_ns):
            continue
        said = {key: entry for key, entry in read_words(text, language).items() if fault(key, entry) is None}
        content = BytesIO()
        write_mo(content, _catalogue(language, said))
        _replace(binary, content.getvalue())
        written.append(binary)
    return written


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tantam.catalogues", description=__doc__.split("\n", 1)[0]
    )
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("extract", help="bring the catalogues into line with the sources")
    merging = acts.add_parser("merge", help="take translations from JSON files")
    merging.add_argument("files", nargs="+", type=Path)
    acts.add_parser("check", help="list what is missing or wrong")
    acts.add_parser("compile", help="write the binary catalogues that are out of date")
    chosen = parser.parse_args(arguments)
    try:
        return _run(chosen)
    except CatalogueError as error:
        print(error, file=sys.stderr)
        return 2


def _run(chosen: argparse.Namespace) -> int:
    match chosen.act:
        case "extract":
            for language, missing in extract().items():
                print(f"{language}: {missing} to translate")
        case "merge":
            for msgid in merge(chosen.files):
                print(f"No source uses {msgid!r}; kept until the next extract.", file=sys.stderr)
        case "compile":
            for path in compile_all():
                print(f"wrote {path.relative_to(CHECKOUT)}")
        case "check":
            faults = check()
            print(*faults, sep="\n", end="\n" if faults else "")
            return 1 if faults else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
