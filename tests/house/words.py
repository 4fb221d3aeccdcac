"""Words: the glossary in code, and messages of one word."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.house.tree import House

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
_IN_CODE = re.compile(r"([\w -]+?) \(in code\)")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_TAGS = re.compile(r"{{(.*?)}}|{%(.*?)%}")
_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
_SAID = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", re.DOTALL)


def avoided_in_code(glossary: str) -> list[tuple[str, ...]]:
    """The words of the glossary's last column that are marked “(in code)”, each as its parts."""
    found = []
    for line in glossary.splitlines():
        cells = line.strip().strip("|").split("|")
        if line.startswith("|") and len(cells) > 1:
            found += [tuple(match.lower().split()) for match in _IN_CODE.findall(cells[-1])]
    return found


def _holds(identifier: str, avoided: list[tuple[str, ...]]) -> str:
    """Which avoided word an identifier is made with: `next_visit`, `VisitRow`, `visits`."""
    parts = [part.lower() for part in _PARTS.findall(identifier)]
    for word in avoided:
        for place in range(len(parts) - len(word) + 1):
            here = parts[place : place + len(word)]
            if tuple(here) == word or (tuple(here[:-1]) == word[:-1] and here[-1] == f"{word[-1]}s"):
                return " ".join(word)
    return ""


def _identifiers(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Every name a module makes or uses. Strings and comments are free, and so is what a string is made of."""
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "asname", "module"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                yield name, node
        if isinstance(node, ast.Global | ast.Nonlocal):
            yield from ((name, node) for name in node.names)


def avoided_words(house: House, avoided: list[tuple[str, ...]]) -> list[str]:
    """Identifiers, and names of modules and folders, made with a word the glossary keeps out of code."""
    found = []
    for path in house.modules(tests=True):
        found += [
            f"{house.name_of(path)} is called {part}"
            for part in house.inside(path)
            if _holds(part.removesuffix(".py"), avoided)
        ]
        seen = set()
        for name, node in _identifiers(house.tree(path)):
            if _holds(name, avoided) and name not in seen:
                seen.add(name)
                found.append(f"{house.at(path, node)} {name}")
    return found


def avoided_words_in_templates(house: House, avoided: list[tuple[str, ...]]) -> list[str]:
    """The same for what templates name; what they say to people is free."""
    found = []
    for path in house.templates():
        text = _SAID.sub("", path.read_text())
        seen = set()
        for output, tag in _TAGS.findall(text):
            for name in re.findall(r"[A-Za-z_]\w*", _QUOTED.sub("", output or tag)):
                if _holds(name, avoided) and name not in seen:
                    seen.add(name)
                    found.append(f"{house.name_of(path)} {name}")
    return found


Messages = Callable[[Path], list[tuple[str | None, str]]]


def messages_of(path: Path) -> list[tuple[str | None, str]]:
    """The (context, message) pairs of one Python file or template."""
    from tantam import catalogues

    text = path.read_text()
    pairs = catalogues._in_python(text) if path.suffix == ".py" else catalogues._in_template(text, path)
    return [(key.context, key.msgid) for key, _plural in pairs]


def words_in_several_rooms(house: House, messages: Messages = messages_of) -> dict[str, list[str]]:
    """Messages of one word without a context that several rooms use, with the rooms.

    English verbs and nouns look alike ("Answer", "Open"), and Vietnamese and Chinese say them differently; where
    rooms share such a message, one of them says the wrong word.
    """
    rooms: dict[str, set[str]] = defaultdict(set)
    for path in (*house.modules(), *house.templates()):
        for context, message in messages(path):
            if context is None and re.fullmatch(r"[^\W\d_]+…?", message):
                rooms[message].add(house.room_of(path))
    return {word: sorted(where) for word, where in sorted(rooms.items()) if len(where) > 1}
