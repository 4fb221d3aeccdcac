"""What all writers share: finding what a draft points at, deciding field by field, remembering what was said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from django.db import models

from tantam.accounts.models import Practitioner
from tantam.exchange.engine.drafts import Draft, Kind
from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.reasons import BELONGS_TO_ANOTHER, PATIENT_REFUSED
from tantam.exchange.engine.waiting import Waiting
from tantam.exchange.engine.writers.marks import NOTHING, mark
from tantam.exchange.engine.writers.trace import Trace
from tantam.exchange.models import ImportedIdentity, ImportRun
from tantam.facility.models import Department, Site, Speciality
from tantam.lib.bulk import all_at_once, insert_rows, update_rows
from tantam.lib.names import fold
from tantam.lib.text import shorten

CREATED, UPDATED, UNCHANGED, REFUSED = "created", "updated", "unchanged", "refused"
_NO_FACTS: Mapping[str, Any] = MappingProxyType({})

DraftT = TypeVar("DraftT", bound=Draft)


class Left(NamedTuple):
    """A field that stays as it is here. `was_said`: this source had said something of it before."""

    column: str
    value: object
    was_said: bool


@dataclass(slots=True)
class Entry:
    """One staged item on its way: what it says, what we know of it, and what became of it.

    `takes_over`: people said that it is the same person, though facts contradict; what it says is written.
    """

    item: Waiting
    draft: Draft
    identity: ImportedIdentity | None = None
    object_id: int | None = None
    outcome: str = ""
    marks: dict[str, int] = field(default_factory=dict)
    facts: dict[str, Any] | None = None
    noted: list[Problem] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    takes_over: bool = False
    before: Mapping[str, int] = field(default_factory=dict)

    def refuse(self, problem: Problem) -> None:
        self.outcome = REFUSED
        self.noted.append(problem)

    @property
    def marks_before(self) -> Mapping[str, int]:
        """What this source said of it before; where it calls it anew, what it said under another name (`before`)."""
        return self.identity.marks if self.identity else self.before

    @property
    def kept(self) -> int:
        """How many fields were left as they are here, though this source says otherwise."""
        return len(self.left)

    def keep(self, column: str, value: object) -> None:
        """What is here stays; whoever imports is told, and why (`explain_kept`)."""
        self.left.append(Left(column, value, column in self.marks_before))


class Ref(NamedTuple):
    """What an external id stands for."""

    id: int | None
    facts: Mapping[str, Any]


class Places:
    """Specialities and departments by what sources call them. Loaded once for a run."""

    def __init__(self, site: Site) -> None:
        self.specialities: dict[str, int] = {}
        for speciality in Speciality.objects.all():
            for name in (speciality.name, speciality.name_en, speciality.name_zh, speciality.code):
                if name:
                    self.specialities.setdefault(fold(name), speciality.pk)
        self.departments = {
            fold(name): pk for pk, name in Department.objects.filter(site=site).values_list("pk", "name")
        }

    def speciality(self, said: str | None) -> int | None:
        key = fold(said) if said else ""
        return self.specialities.get(key) or self.specialities.get(key.removeprefix("khoa ").strip())

    def department(self, said: str | None) -> int | None:
        return self.departments.get(fold(said)) if said else None


class Batch:
    """A number of entries of one kind, written in one transaction."""

    def __init__(self, run: ImportRun, entries: Sequence[Entry], places: Places) -> None:
        self.run = run
        self.source = run.source
        self.site = run.source.site
        self.entries = entries
        self.places = places
        self.trace = Trace()
        self._files: dict[str, str] = {}

    def drafts(self, kind: type[DraftT]) -> list[tuple[Entry, DraftT]]:
        """Entries that are still to be written, with their drafts."""
        return [
            (entry, entry.draft)
            for entry in self.entries
            if isinstance(entry.draft, kind) and not entry.outcome
        ]

    def known(self, kinds: Iterable[str], refs: Iterable[str | None]) -> dict[str, Ref]:
        """What this source's external ids stand for; those never heard of are absent."""
        rows = self._identities(kinds, refs).values_list("external_id", "object_id", "facts")
        return {ref: Ref(object_id, facts or _NO_FACTS) for ref, object_id, facts in rows}

    def ids(self, kinds: Iterable[str], refs: Iterable[str | None]) -> dict[str, int]:
        """Of `known` those that have a row of their own, by its id."""
        rows = self._identities(kinds, refs).filter(object_id__isnull=False)
        return dict(all_at_once(rows.values_list("external_id", "object_id")))

    def _identities(
        self, kinds: Iterable[str], refs: Iterable[str | None]
    ) -> models.QuerySet[ImportedIdentity]:
        return ImportedIdentity.objects.filter(
            source=self.source,
            kind__among=[str(kind) for kind in kinds],
            external_id__among={ref for ref in refs if ref},
        )

    def patients(self) -> dict[str, int]:
        """Ids of the patients the entries belong to. Entries whose patient is not here are refused."""
        ids = self.ids([Kind.PATIENT], (entry.item.patient_ref for entry in self.entries))
        for entry in self.entries:
            if not entry.outcome and entry.item.patient_ref not in ids:
                entry.refuse(Problem.of("patient_refused", PATIENT_REFUSED, refuses=True))
        return ids

    def encounters(self, refs: Iterable[str | None]) -> dict[str, int]:
        return self.ids([Kind.ENCOUNTER], refs)

    def practitioners(self, refs: Iterable[str | None]) -> dict[str, int]:
        return self.ids([Kind.PRACTITIONER, Kind.ROLE], refs)

    def specialities_of(self, practitioner_ids: Iterable[int]) -> dict[int, int | None]:
        wanted = set(practitioner_ids)
        if not wanted:
            return {}
        return dict(Practitioner.objects.filter(pk__among=wanted).values_list("pk", "speciality_id"))

    def came_from(self, entry: Entry) -> str:
        """Source, file and external id, in at most 120 characters; the exact trace is ImportedIdentity."""
        name = entry.draft.external_id
        return f"{self._came_from(entry.draft.file)} · {name if len(name) <= 36 else shorten(name, 36)}"

    def _came_from(self, file: str) -> str:
        if file not in self._files:
            self._files[file] = f"{shorten(self.source.name, 36)} · {shorten(file.rsplit('/', 1)[-1], 40)}"
        return self._files[file]


def settle(entry: Entry, column: str, now: Any, said: Any, *, is_empty: bool | None = None) -> bool:
    """Whether to write what the source says over what is here now; remembers what it said.

    What was never touched here follows the source. What somebody here changed since the last import stays,
    and so does what was entered by hand before the source first said anything; when the source says
    something new about such a field, that is reported as kept.
    """
    before = entry.marks_before.get(column)
    said_mark = mark(column, said)
    entry.marks[column] = said_mark
    if now == said:
        return False
    empty = now in NOTHING if is_empty is None else is_empty
    if before is None:
        if empty:
            return True
        entry.keep(column, now)
        return False
    if mark(column, now) == before:
        return True
    if said_mark != before:
        entry.keep(column, now)
    return False


Columns = Callable[[Entry], dict[str, Any] | None]


def write_rows(
    batch: Batch,
    model: type[models.Model],
    columns: Columns,
    *,
    at_creation: Callable[[Entry, dict[str, Any]], dict[str, Any]] | None = None,
    compared_as: Mapping[str, Callable[[Any], Any]] | None = None,
    guarded: Mapping[str, Sequence[str]] | None = None,
    hand_made_stays: bool = True,
) -> None:
    """Create what is new and bring what is known up to date.

    `columns` gives what a draft says as columns of `model` (None for an entry it refused); absent ones are
    never touched. `at_creation` adds what a new row needs besides. Neither may ask the database. `compared_as`
    says which values of a column mean the same to the source; `guarded` names columns that stay when another was
    changed here. Without `hand_made_stays` the source always wins: for what nobody edits here.
    """
    waiting = [entry for entry in batch.entries if not entry.outcome]
    unheard_of = [entry for entry in waiting if entry.object_id is None]
    created: list[Entry] = []

    def rows() -> Iterator[dict[str, Any]]:
        for entry in unheard_of:
            said = columns(entry)
            if said is None:
                continue
            if hand_made_stays:
                entry.marks = {column: mark(column, value) for column, value in said.items()}
            entry.outcome = CREATED
            created.append(entry)
            more = at_creation(entry, said) if at_creation else {}
            yield {**said, **more, "came_from": batch.came_from(entry)}

    ids = insert_rows(model, rows(), at_most=len(unheard_of))
    batch.trace.makes(model, ids)
    for entry, pk in zip(created, ids, strict=True):
        entry.object_id = pk
    known = [entry for entry in waiting if not entry.outcome]
    sayings = ((entry, columns(entry)) for entry in known)
    _update(
        batch,
        model,
        [(entry, said) for entry, said in sayings if said is not None],
        compared_as or {},
        guarded or {},
        hand_made_stays,
    )


def _update(
    batch: Batch,
    model: type[models.Model],
    known: list[tuple[Entry, dict[str, Any]]],
    compared_as: Mapping[str, Callable[[Any], Any]],
    guarded: Mapping[str, Sequence[str]],
    hand_made_stays: bool,
) -> None:
    if not known:
        return
    ids = sorted({entry.object_id for entry, _said in known if entry.object_id is not None})
    rows = {
        row.pk: row
        for row in model._default_manager.select_for_update(of=("self",)).filter(pk__among=ids).order_by("pk")
    }
    changed: dict[int, models.Model] = {}
    touched: set[str] = set()
    for entry, said in known:
        row = rows.get(entry.object_id or 0)
        if row is None:  # somebody here removed it; an import does not bring it back
            entry.outcome = UNCHANGED
            continue
        owner = getattr(row, "patient_id", None)
        if owner is not None and said.get("patient_id", owner) != owner:
            # What is known of one patient never becomes another's because a source says so.
            entry.refuse(Problem.of("belongs_to_another", BELONGS_TO_ANOTHER, field="patient", refuses=True))
            continue
        written = (
            _settle_row(batch, entry, row, said, compared_as, guarded)
            if hand_made_stays
            else _overwrite_row(batch, row, said)
        )
        entry.outcome = UPDATED if written else UNCHANGED
        if written:
            changed[row.pk] = row
            touched |= written
    if changed:
        update_rows(model, changed.values(), sorted(touched))


def _settle_row(
    batch: Batch,
    entry: Entry,
    row: models.Model,
    said: dict[str, Any],
    compared_as: Mapping[str, Callable[[Any], Any]],
    guarded: Mapping[str, Sequence[str]],
) -> set[str]:
    written: set[str] = set()
    stay = {
        column
        for first, others in guarded.items()
        if first in said and _was_changed_here(entry, first, getattr(row, first))
        for column in others
    }
    for column, value in said.items():
        now = getattr(row, column)
        same = compared_as.get(column)
        if column in stay and now != value:
            if mark(column, value) != (entry.identity.marks if entry.identity else {}).get(column):
                entry.keep(column, now)
            entry.marks[column] = mark(column, value)
        elif settle(entry, column, same(now) if same else now, value):
            batch.trace.changes(row, column, now, value)
            setattr(row, column, value)
            written.add(column)
    return written


def _overwrite_row(batch: Batch, row: models.Model, said: dict[str, Any]) -> set[str]:
    written = {column for column, value in said.items() if getattr(row, column) != value}
    for column in written:
        batch.trace.changes(row, column, getattr(row, column), said[column])
        setattr(row, column, said[column])
    return written


def _was_changed_here(entry: Entry, column: str, now: Any) -> bool:
    before = (entry.identity.marks if entry.identity else {}).get(column)
    return before is not None and mark(column, now) != before
