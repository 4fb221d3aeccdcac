"""What the bell says, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.journal.models import BellItem
from tantam.journal.registries.bell import words_for
from tantam.patients.models import Patient

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


def _in_words(rows: Sequence[BellItem], member: Member) -> list[ShownItem]:
    """The items in words; patients by name for those who may find patients, in one query."""
    ids = {row.patient_id for row in rows if row.patient_id is not None}
    patients: dict[int, Patient] = {}
    if ids and member.may(Permission.PATIENT_FIND):
        patients = Patient.objects.only("full_name", "code").in_bulk(ids)
    shown = []
    for row in rows:
        words = words_for(row.kind)
        context = {"item": row, "details": row.details, "patient": patients.get(row.patient_id or 0)}
        shown.append(ShownItem(row, mark_safe(render_to_string(words.template, context).strip()), words.icon))
    return shown


@dataclass(frozen=True, slots=True)
class BellPage:
    """Some of a member's items, newest first. `before` begins the next page, None on the last one."""

    items: Sequence[ShownItem]
    any_unread: bool
    before: int | None

    @property
    def newest(self) -> int | None:
        return self.items[0].item.pk if self.items else None

    @property
    def patient_ids(self) -> list[int]:
        """The patients whom the items name."""
        return [each.item.patient_id for each in self.items if each.item.patient_id is not None]


def bell_page(member: Member, *, limit: int, before: int | None = None) -> BellPage:
    """The items older than `before`, at most `limit`."""
    mine = BellItem.objects.filter(member=member)
    any_unread = mine.filter(read_at__isnull=True).exists()
    if before is not None:
        mine = mine.filter(pk__lt=before)
    rows = list(mine.order_by("-pk")[: limit + 1])
    shown = rows[:limit]
    return BellPage(_in_words(shown, member), any_unread, shown[-1].pk if len(rows) > limit else None)


def unread_in_words(member: Member) -> str:
    """How many are unread, as the bell shows it: empty text for none, 99+ for more than 99."""
    mine = BellItem.objects.filter(member=member, read_at__isnull=True)
    unread = mine[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if unread > MOST_COUNTED else str(unread or "")
