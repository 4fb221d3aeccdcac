"""What people see of imports: the list, and one import with what the check found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, pgettext

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.exchange.engine.drafts import Kind
from tantam.exchange.models import ImportFile, ImportRun, StagedItem, Verdict
from tantam.exchange.models.staged import StagedItemQuerySet
from tantam.exchange.queries.questions import (
    likely_count,
    likely_of,
    open_questions,
    question_count,
    staying_patients,
)
from tantam.patients.models import Patient

RUNS_SHOWN = 50
FILES_SHOWN = 200
REFUSALS_SHOWN = 50
REMARKS_SHOWN = 10
_VERDICTS = (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.REFUSED)
_VERDICTS_IN_LISTS = (Verdict.NEW, Verdict.CHANGED, Verdict.REFUSED)


def newest_runs(member: Member) -> list[tuple[ImportRun, list[int]]]:
    """The imports of the member's sites, newest first, at most fifty, with how many are new, changed, refused."""
    sites = member.sites_where(Permission.IMPORT_RUN)
    rows = ImportRun.objects.filter(source__site__in=sites).select_related("source__site", "member")
    return [
        (run, [run.verdict_count(verdict) for verdict in _VERDICTS_IN_LISTS])
        for run in rows.order_by("-pk")[:RUNS_SHOWN]
    ]


@dataclass(frozen=True, slots=True)
class RunPage:
    """One import: its files, counts by kind (new, changed, unchanged, refused) and in all, the first refusals,
    questions, who of the new looks like somebody, and whom an undo left."""

    files: Sequence[ImportFile]
    verdicts: Sequence[tuple[str, list[int]]]
    totals: Sequence[int]
    refused: Sequence[tuple[StagedItem, str]]
    has_more_refused: bool
    remarked: Sequence[tuple[StagedItem, str]]
    remark_count: int
    resources: Sequence[tuple[str, int]]
    question_count: int
    open_questions: int
    likely: Sequence[tuple[Patient, Patient]]
    likely_count: int
    staying: Sequence[Patient]

    @property
    def patient_ids(self) -> list[int]:
        """Whom the page names."""
        return [one.pk for pair in self.likely for one in pair] + [one.pk for one in self.staying]


def run_page(run: ImportRun) -> RunPage:
    refused = refused_items(run, limit=REFUSALS_SHOWN + 1)
    return RunPage(
        files=list(run.files.all()[:FILES_SHOWN]),
        verdicts=[
            (str(Kind(kind).label), [by_verdict.get(verdict, 0) for verdict in _VERDICTS])
            for kind, by_verdict in sorted(run.counts["verdicts"].items())
        ],
        totals=[run.verdict_count(verdict) for verdict in _VERDICTS],
        refused=[(item, str(Kind(item.kind).label)) for item in refused[:REFUSALS_SHOWN]],
        has_more_refused=len(refused) > REFUSALS_SHOWN,
        remarked=[(item, str(Kind(item.kind).label)) for item in remarked_items(run, limit=REMARKS_SHOWN)],
        remark_count=remark_count(run),
        resources=resources_of(run),
        question_count=question_count(run),
        open_questions=open_questions(run),
        likely=likely_of(run),
        likely_count=likely_count(run),
        staying=staying_patients(run),
    )


def refused_items(run: ImportRun, *, limit: int) -> list[StagedItem]:
    """The first so many things that were refused."""
    return list(StagedItem.objects.filter(run=run, verdict=Verdict.REFUSED).order_by("rank", "seq")[:limit])


def remarked_items(run: ImportRun, *, limit: int) -> list[StagedItem]:
    """The first so many things of which something is to be said though they were not refused."""
    return list(_remarked(run).order_by("seq")[:limit])


def remark_count(run: ImportRun) -> int:
    """How many things were taken with a remark, or passed over with one."""
    return _remarked(run).count()


def _remarked(run: ImportRun) -> StagedItemQuerySet:
    return StagedItem.objects.filter(run=run).remarked()


def resources_of(run: ImportRun) -> list[tuple[str, int]]:
    """What the files hold, in words, with how many; what there is most of first."""
    counted = Counter(run.counts["resources"])
    return [(resource_label(name), count) for name, count in counted.most_common()]


def resource_label(name: str) -> str:
    """What is counted while reading, in the reader's language. Types of FHIR that we do not keep have no other name."""
    if name == "row":
        return pgettext("import", "Rows")
    if name == "passed_over":
        return gettext("Lines that are no patients")
    kind = _KINDS.get(name)
    return str(kind.label) if kind else name


_KINDS = {
    "Patient": Kind.PATIENT,
    "RelatedPerson": Kind.RELATIVE,
    "Practitioner": Kind.PRACTITIONER,
    "PractitionerRole": Kind.ROLE,
    "Encounter": Kind.ENCOUNTER,
    "Condition": Kind.DIAGNOSIS,
    "AllergyIntolerance": Kind.ALLERGY,
    "Medication": Kind.MEDICATION,
    "MedicationRequest": Kind.PRESCRIPTION,
    "Appointment": Kind.REEXAMINATION,
    "CarePlan": Kind.CARE_PLAN,
}
