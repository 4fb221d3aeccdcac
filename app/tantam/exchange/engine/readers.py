"""Which reader takes which file, and what a reader is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo
from typing import Any, BinaryIO, Protocol

from django.utils import timezone

from tantam.exchange.engine.drafts import Found
from tantam.exchange.engine.naming import Naming
from tantam.exchange.engine.problems import Problem
from tantam.exchange.models import Source


class FileRefused(Exception):
    """The file cannot be read as a whole; nothing of it is taken. `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = replace(problem, refuses=True)


@dataclass(slots=True)
class ReadingContext:
    """What a reader may need to know.

    `file` is the name to put on each draft (inside an archive: `archive.zip/inner.csv`). `zone` and `today`
    are the site's. `columns` is the source's memory of matched headers, for the sheets reader; `naming` is the
    run's memory of whom its rows have named.
    """

    file: str
    zone: tzinfo
    today: date
    columns: Mapping[str, Any] = field(default_factory=dict)
    speciality: str = ""
    naming: Naming = field(default_factory=Naming)

    @classmethod
    def of(cls, source: Source, *, file: str, naming: Naming) -> ReadingContext:
        zone = source.site.zone
        today = timezone.localdate(timezone=zone)
        return cls(file=file, zone=zone, today=today, columns=source.columns, naming=naming)


class Reader(Protocol):
    """Reads a file from its beginning to its end and yields what it finds, in any order.

    A reader keeps no more than one resource or row in memory, never writes, and never raises for what one
    row or resource holds: it yields a refused draft. It raises FileRefused when the file as a whole cannot
    be trusted, and then nothing of the file is kept.
    """

    def __call__(self, stream: BinaryIO, context: ReadingContext) -> Iterator[Found]: ...
