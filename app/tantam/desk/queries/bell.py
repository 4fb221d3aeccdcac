"""What the bell says, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.care.models import Finding, FindingKind
from tantam.journal.models import BellItem
from tantam.journal.registries.bell import words_for
from tantam.patients.access import note_looks
from tantam.patients.models import Patient
from tantam.records.models import Reexamination

MOST_COUNTED = 99


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item of the bell in words."""

    item: BellItem
    words: SafeString
    icon: str

    @property
    def is_unread(self) -> bool:
        return self.item.read_at is None

    @property
    def is_grave(self) -> bool:
        return bool(self.item.details.get("finding_kind") == FindingKind.ALLERGY)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told about one patient, or about none, together; an unread allergy makes it stand first, in red."""

    patient: Patient | None
    items: list[ShownItem]

    @property
    def is_unread(self) -> bool:
        return any(one.is_unread for one in self.items)

    @property
    def is_grave(self) -> bool:
        return any(one.is_unread and one.is_grave for one in self.items)


def _in_words(rows: Sequence[BellItem], member: Member) -> list[Told]:
    """The items in words, grouped by patient: what happened, as far as the member may see it. Four statements."""
    ids = {row.patient_id for row in rows if row.patient_id is not None}
    patients: dict[int, Patient] = {}
    if ids and member.may(Permission.PATIENT_FIND):
        patients = Patient.objects.only("full_name", "code").in_bulk(ids)
    said = _said(rows, member) if patients else {}
    coming = _coming_today([row.patient_id or 0 for row in rows if row.pk in said], member)
    groups: dict[int, Told] = {}
    for row in rows:
        words = words_for(row.kind)
        patient = patients.get(row.patient_id or 0)
        context = {
            "item": row,
            "details": row.details,
            "patient": patient,
            "said": said.get(row.pk, ""),
            "coming": coming.get(row.patient_id or 0) if row.read_at is None else None,
        }
        line = ShownItem(row, mark_safe(render_to_string(words.template, context).strip()), words.icon)
        groups.setdefault(row.patient_id or -row.pk, Told(patient, [])).items.append(line)
    note_looks([patients[row.patient_id or 0] for row in rows if row.pk in said], "bell", actor=member)
    # Sorting keeps the order of those that are alike: the newest first.
    return sorted(groups.values(), key=lambda told: not told.is_grave)


def _said(rows: Sequence[BellItem], member: Member) -> dict[int, str]:
    """What the findings the items tell of say, by item; only of sites whose records the member may see."""
    sites = member.sites_where(Permission.RECORD_SEE)
    by_finding = {row.details.get("finding"): row.pk for row in rows if row.details.get("finding")}
    if not (sites and by_finding):
        return {}
    found = Finding.objects.filter(pk__in=by_finding, site__in=sites).only("summary")
    return {by_finding[finding.pk]: finding.summary for finding in found}


def _coming_today(patient_ids: list[int], member: Member) -> dict[int, time]:
    """At what time those of them come today who are expected at a certain time."""
    if not patient_ids:
        return {}
    dates = Reexamination.objects.standing().filter(
        patient__in=set(patient_ids),
        site__in=member.sites_where(Permission.RECORD_SEE),
        due_on=timezone.localdate(),
        at_time__isnull=False,
    )
    return {
        patient_id: at_time for patient_id, at_time in dates.values_list("patient_id", "at_time") if at_time
    }


@dataclass(frozen=True, slots=True)
class BellPage:
    """Some of a member's items, newest first. `before` begins the next page, None on the last one."""

    told: Sequence[Told]
    newest: int | None
    any_unread: bool
    before: int | None

    @property
    def patient_ids(self) -> list[int]:
        """The patients whom the items name."""
        return [
            one.item.patient_id for told in self.told for one in told.items if one.item.patient_id is not None
        ]


def bell_page(member: Member, *, limit: int, before: int | None = None) -> BellPage:
    """The items older than `before`, at most `limit`."""
    mine = BellItem.objects.filter(member=member)
    any_unread = mine.filter(read_at__isnull=True).exists()
    if before is not None:
        mine = mine.filter(pk__lt=before)
    rows = list(mine.order_by("-pk")[: limit + 1])
    shown = rows[:limit]
    newest = shown[0].pk if shown else None
    return BellPage(_in_words(shown, member), newest, any_unread, shown[-1].pk if len(rows) > limit else None)


def unread_in_words(member: Member) -> str:
    """How many are unread, as the bell shows it: empty text for none, 99+ for more than 99."""
    mine = BellItem.objects.filter(member=member, read_at__isnull=True)
    unread = mine[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if unread > MOST_COUNTED else str(unread or "")
