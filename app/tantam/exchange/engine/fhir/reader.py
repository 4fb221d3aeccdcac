"""Read a FHIR file: bundles of any type, single resources, NDJSON; UTF-8 with or without mark, UTF-16."""

from __future__ import annotations

import codecs
import io
import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

import orjson

from tantam.exchange.engine.drafts import Counted, Draft, Found, UnreadableDraft
from tantam.exchange.engine.fhir import encounters, findings, medicines, people
from tantam.exchange.engine.fhir.shapes import Json, NotAboutAPatient, Where, an_object, objects, word
from tantam.exchange.engine.fhir.splitter import PIECE_LIMIT, TOO_LARGE, Piece, Splitter, broken
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.readers import FileRefused, ReadingContext
from tantam.exchange.engine.reasons import (
    EMPTY,
    LINE_BROKEN,
    NOT_A_RESOURCE,
    NOT_ABOUT_A_PATIENT,
    NOT_UNDERSTOOD,
    NOT_UTF8,
)

Mapper = Callable[[Json, Where], Iterator[Draft]]

# What we keep. Every other type is counted under its name.
MAPPERS: dict[str, Mapper] = {
    "Patient": people.patient,
    "RelatedPerson": people.related_person,
    "Practitioner": people.practitioner,
    "PractitionerRole": people.practitioner_role,
    "Encounter": encounters.encounter,
    "Condition": findings.condition,
    "AllergyIntolerance": findings.allergy,
    "Medication": medicines.medication,
    "MedicationRequest": medicines.medication_request,
    "Observation": findings.observation,
    "Appointment": encounters.appointment,
    "CarePlan": encounters.care_plan,
}
BUNDLES_IN_BUNDLES = 4
_PEEK = 64 * 1024


def read_fhir(stream: BinaryIO, context: ReadingContext) -> Iterator[Found]:
    """Everything a FHIR file holds, as drafts and counts (B5). Refuses with FileRefused."""
    plain, head = _as_utf8(stream)
    found_any = False
    pieces = _lines(plain) if _is_ndjson(head) else Splitter(plain).pieces()
    for piece in pieces:
        found_any = True
        if piece.content is None:
            yield _too_large(piece, context)
            continue
        try:
            value = _parse(piece.content)
        except ValueError as error:
            if not piece.is_entry and _is_ndjson(head):
                yield _broken_line(piece, context)
                continue
            raise broken(piece.line + _line_in(error), piece.byte) from None
        yield from _of_piece(value, piece, context)
    if not found_any:
        raise FileRefused(Problem.of("file_empty", EMPTY, refuses=True))


def _parse(content: bytes) -> Any:
    """Strictly and fast; what only the standard library accepts (lone surrogates, NaN) is accepted too."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        try:
            return json.loads(content)
        except RecursionError:
            raise error from None


def _line_in(error: ValueError) -> int:
    return getattr(error, "lineno", 1) - 1


def _of_piece(value: Any, piece: Piece, context: ReadingContext) -> Iterator[Found]:
    where = Where(context.file, piece.number if piece.is_entry else piece.line, context.zone, context.today)
    if not isinstance(value, dict):
        yield from _not_a_resource(where)
    elif piece.is_entry:
        yield from _of_entry(value, where, 0)
    else:
        yield from _of_resource(value, where, 0)


def _of_entry(entry: Json, where: Where, depth: int) -> Iterator[Found]:
    """The resource of one entry; entries that only report or delete hold none."""
    resource = entry.get("resource")
    request = an_object(entry.get("request"))
    if not isinstance(resource, dict):
        return
    where.full_url = word(entry.get("fullUrl"))
    where.is_posted = word(request.get("method")) == "POST"
    yield from _of_resource(resource, where, depth)


def _of_resource(resource: Json, where: Where, depth: int) -> Iterator[Found]:
    kind = word(resource.get("resourceType"))
    if kind == "Bundle" and depth < BUNDLES_IN_BUNDLES:
        entries = objects(resource.get("entry"))
        if not entries:
            yield Counted("Bundle")
        for number, entry in enumerate(entries, 1):
            row = number if depth == 0 and where.row == 1 else where.row
            yield from _of_entry(entry, Where(where.file, row, where.zone, where.today), depth + 1)
        return
    if not kind or len(kind) > 60 or not kind.isascii() or not kind.isalnum():
        yield from _not_a_resource(where)
        return
    yield Counted(kind)
    mapper = MAPPERS.get(kind)
    if mapper is None:
        return
    contained = resource.get("contained")
    if contained:
        where.contained = {word(inner.get("id")): inner for inner in objects(contained)}
    try:
        drafts = list(mapper(resource, where))
    except NotAboutAPatient as other:
        draft = _unreadable(where)
        about = other.about if other.about.isalnum() else "?"
        problem = Problem.of(
            "not_about_a_patient", NOT_ABOUT_A_PATIENT, refuses=True, type=kind, about=about[:60]
        )
        draft.problems.append(problem)
        yield draft
        return
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError, ArithmeticError):
        draft = _unreadable(where)
        draft.problems.append(Problem.of("not_understood", NOT_UNDERSTOOD, refuses=True, type=kind))
        yield draft
        return
    yield from drafts


def _unreadable(where: Where) -> UnreadableDraft:
    return UnreadableDraft(external_id=f"{where.row}", file=where.file, row=where.row)


def _not_a_resource(where: Where) -> Iterator[Found]:
    draft = _unreadable(where)
    draft.problems.append(Problem.of("not_a_resource", NOT_A_RESOURCE, refuses=True))
    yield draft


def _too_large(piece: Piece, context: ReadingContext) -> UnreadableDraft:
    row = piece.number if piece.is_entry else piece.line
    problem = Problem.of(
        "too_large", TOO_LARGE, refuses=True, line=piece.line, limit=PIECE_LIMIT // 1_000_000
    )
    return UnreadableDraft(external_id=f"{row}", file=context.file, row=row, problems=[problem])


def _broken_line(piece: Piece, context: ReadingContext) -> UnreadableDraft:
    problem = Problem.of("line_broken", LINE_BROKEN, refuses=True, line=piece.line)
    return UnreadableDraft(external_id=f"{piece.line}", file=context.file, row=piece.line, problems=[problem])


def _is_ndjson(head: bytes) -> bool:
    """One whole JSON object on the first line and another beginning on the second."""
    lines = head.lstrip(b" \t\r\n").split(b"\n", 2)
    if len(lines) < 2 or not lines[0].startswith(b"{"):
        return False
    after = lines[1].strip() or (lines[2].lstrip()[:1] if len(lines) > 2 else b"")
    try:
        orjson.loads(lines[0])
    except orjson.JSONDecodeError:
        return False
    return after.startswith(b"{")


def _lines(stream: BinaryIO) -> Iterator[Piece]:
    byte = 0
    for number in itertools.count(1):
        line = stream.readline(PIECE_LIMIT + 1)
        if not line:
            return
        start = byte
        byte += len(line)
        if len(line) > PIECE_LIMIT and not line.endswith(b"\n"):
            while rest := stream.readline(1 << 20):
                byte += len(rest)
                if rest.endswith(b"\n"):
                    break
            yield Piece(None, number, number, start, False)
        elif line.strip(b" \t\r\n\x1e\x00"):
            yield Piece(line.strip(b" \t\r\n\x1e\x00"), number, number, start, False)


def _as_utf8(stream: BinaryIO) -> tuple[BinaryIO, bytes]:
    """The stream as UTF-8 without a mark, and its beginning."""
    buffered = io.BufferedReader(cast(io.RawIOBase, stream), _PEEK) if not hasattr(stream, "peek") else stream
    head = cast(io.BufferedReader, buffered).peek(_PEEK)[:_PEEK]
    if head.startswith(codecs.BOM_UTF8):
        buffered.read(3)
        return buffered, head[3:]
    encoding = ""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif head[:1] in (b"{", b"[") and head[1:2] == b"\x00":
        encoding = "utf-16-le"
    elif head[:1] == b"\x00" and head[1:2] in (b"{", b"["):
        encoding = "utf-16-be"
    if not encoding:
        return buffered, head
    recoded = io.BufferedReader(_Recoded(buffered, encoding), _PEEK)
    return recoded, recoded.peek(_PEEK)


class _Recoded(io.RawIOBase):
    """A stream in another encoding, read as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = b""
        self._lines = 1
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        wanted = memoryview(buffer)
        while not self._ready and not self._ended:
            block = self._stream.read(_PEEK)
            self._ended = not block
            try:
                self._ready = self._decoder.decode(block, final=not block).encode()
            except UnicodeError:
                raise FileRefused(Problem.of("not_utf8", NOT_UTF8, refuses=True, line=self._lines)) from None
            self._lines += self._ready.count(b"\n")
        given = self._ready[: len(wanted)]
        wanted[: len(given)] = given
        self._ready = self._ready[len(given) :]
        return len(given)
