"""What waits for each role: the work of the day as far as it stands, in few statements a part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tantam.accounts.events import AccountEvent
from tantam.accounts.models import Invitation, Member
from tantam.accounts.permissions import Permission
from tantam.accounts.queries.members import open_invitations
from tantam.care.models import CareTask
from tantam.care.queries.figures import Figures, care_report
from tantam.care.queries.holding import calling_now
from tantam.care.queries.said import Said, said_counts
from tantam.care.queries.work_list import Asked, Row, Tab, rows
from tantam.desk.queries.sentences import in_sentences
from tantam.facility.models import Site
from tantam.journal.models import Entry
from tantam.knowledge.queries.guides import GuideRow, guide_rows
from tantam.patients.events import PatientsEvent
from tantam.privacy.events import PrivacyEvent

NEXT_CALLS = 6
MOST_SHOWN = 12
WEEK = 7


@dataclass(frozen=True, slots=True)
class Calling:
    """The care desk's part: the call one holds now, one's own, and the next of the list."""

    now: CareTask | None
    next: list[Row]

    @property
    def patient_ids(self) -> list[int]:
        """Whom it names."""
        return [*([self.now.patient_id] if self.now else []), *(row.patient_id for row in self.next)]


def calling(member: Member, site: Site) -> Calling:
    """Two statements."""
    now = calling_now(member)
    found = rows(Asked(member_id=member.pk, sites=[site.pk], tab=Tab.OVERDUE))[:NEXT_CALLS]
    if len(found) < NEXT_CALLS:
        found += rows(Asked(member_id=member.pk, sites=[site.pk], tab=Tab.DUE))[: NEXT_CALLS - len(found)]
    return Calling(now, found)


@dataclass(frozen=True, slots=True)
class Week:
    """The last seven days at the sites whose figures a member sees: what was due, and what patients said."""

    figures: Figures
    said: dict[Said, int]


def week(member: Member) -> Week:
    """Four statements."""
    sites = member.sites_where(Permission.CARE_REPORT)
    today = timezone.localdate()
    first = today - timedelta(days=WEEK - 1)
    return Week(care_report(sites, first, today).total, said_counts(sites, first, today))


@dataclass(frozen=True, slots=True)
class Staffing:
    """For who manages members: invitations waiting, and who still has to set up their second step."""

    invitations: list[Invitation]
    without_factor: list[Member]


def staffing(member: Member) -> Staffing:
    """Three statements."""
    factor = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    active = Member.objects.active().with_grants().filter(~Exists(factor)).order_by("name_key")
    without = [one for one in active[:500] if one.needs_second_factor]
    return Staffing(open_invitations(member)[:MOST_SHOWN], without[:MOST_SHOWN])


@dataclass(frozen=True, slots=True)
class Watch:
    """For who guards personal data: copies and destructions; since yesterday, what was refused, and looks."""

    dealt: list[tuple[Entry, str]]
    alarms: int
    looks: int


def watch(member: Member) -> Watch:
    """Three statements."""
    since = timezone.now() - timedelta(days=1)
    sites = member.sites_where(Permission.JOURNAL_READ) + member.sites_where(Permission.LOOKS_SEE)
    dealt = Entry.objects.filter(
        event__in=[PrivacyEvent.EXPORTED, PrivacyEvent.SHREDDED, PrivacyEvent.LOOKS_EXPORTED]
    )
    alarms = Entry.objects.filter(
        event__in=[AccountEvent.SIGN_IN_FAILED, AccountEvent.REQUEST_REFUSED], at__gte=since
    )
    looks = Entry.objects.filter(event=PatientsEvent.VIEWED, at__gte=since, site_id__in=sites)
    given = list(dealt.select_related("actor").order_by("-pk")[:MOST_SHOWN])
    return Watch(
        list(zip(given, in_sentences(given, member), strict=True)),
        alarms[:1000].count(),
        looks[:10_000].count(),
    )


def guides() -> list[GuideRow]:
    """For who edits them: the guides in use."""
    return guide_rows()[:MOST_SHOWN]
