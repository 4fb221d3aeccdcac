from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission
from tantam.journal.models import Entry
from tantam.lib.dates import parse_day
from tantam.lib.errors import Refusal
from tantam.lib.numbers import whole_number
from tantam.lib.text import drop_controls

PAGE = 50
MOST_MEMBERS = 500


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Fifty entries, and the number below which the next page begins (None: this is the last)."""

    entries: list[Entry]
    next_before: int | None


def journal_of(member: Member, asked: Mapping[str, str]) -> QuerySet[Entry]:
    """The entries an address asks for, newest first: of sites whose journal the member reads, and those of no site."""
    sites = member.sites_where(Permission.JOURNAL_READ)
    rows = Entry.objects.filter(Q(site_id__isnull=True) | Q(site_id__in=sites))
    rows = rows.select_related("actor").order_by("-pk")
    if asked.get("event"):
        rows = rows.filter(event=drop_controls(asked["event"])[:80])
    for name in ("actor", "patient"):
        if (number := whole_number(asked.get(name))) is not None:
            rows = rows.filter(**{f"{name}_id": number})
    if (first := _day(asked.get("from", ""))) is not None:
        rows = rows.filter(at__gte=_midnight(first))
    # The last day there is has no next one, and nothing comes after it.
    if (last := _day(asked.get("to", ""))) is not None and last < date.max - timedelta(days=1):
        rows = rows.filter(at__lt=_midnight(last + timedelta(days=1)))
    return rows


def entries_to_export(member: Member, asked: Mapping[str, str], *, limit: int) -> Iterator[Entry]:
    """The same entries one by one, `limit` at most, never all in memory."""
    return journal_of(member, asked)[:limit].iterator(chunk_size=1_000)


def journal_page(member: Member, asked: Mapping[str, str]) -> JournalPage:
    """The page of entries before the one numbered `before`, or the newest."""
    rows = journal_of(member, asked)
    if (before := whole_number(asked.get("before"))) is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    return JournalPage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def journal_size(member: Member, asked: Mapping[str, str], *, most: int) -> int:
    """How many entries an address asks for, counted up to `most`."""
    return journal_of(member, asked).select_related(None)[:most].count()


def members_by_name() -> list[tuple[int, str]]:
    """Whom the journal can be narrowed to; at most 500."""
    return list(Member.objects.order_by("name_key").values_list("pk", "full_name")[:MOST_MEMBERS])


def _midnight(day: date) -> datetime:
    # Zones are hours away from UTC: a day at either end of what dates can be has no moment there.
    day = min(max(day, date.min + timedelta(days=2)), date.max - timedelta(days=2))
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return parse_day(text, today=timezone.localdate())
    except (Refusal, OverflowError, ValueError):
        return None
