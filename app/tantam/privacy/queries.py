from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tantam.facility.queries import sites_by_id
from tantam.journal.models import Entry
from tantam.lib.prepared import Prepared
from tantam.patients.events import PatientsEvent
from tantam.patients.models import Patient
from tantam.patients.registries.looks import look_label
from tantam.privacy.ages import deciders
from tantam.privacy.models import (
    Consent,
    ConsentActor,
    ConsentDecision,
    ConsentEvidence,
    ConsentText,
    Purpose,
)
from tantam.privacy.operations import ensure_consent_texts
from tantam.privacy.texts import TEXT_LANGUAGES

_NO: Final = (ConsentDecision.REFUSED, ConsentDecision.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class ConsentState:
    """Where a patient stands on one purpose.

    `is_given` is what counts. `ask_again` when they agreed as a child and have come of age, or the child now
    has a say; `is_outdated` when a newer text was published since.
    """

    purpose: Purpose
    consent: Consent | None = None
    is_given: bool = False
    ask_again: bool = False
    is_outdated: bool = False

    @property
    def is_refused(self) -> bool:
        return self.consent is not None and self.consent.decision in _NO

    @property
    def is_allowed(self) -> bool:
        """Whether the data may be used for this purpose: a yes, or for care no no."""
        return self.is_given or (self.purpose.rests_on_care and not self.is_refused)

    @property
    def label(self) -> str:
        if self.consent is None:
            return _("Not asked yet")
        if self.consent.decision == ConsentDecision.GIVEN and not self.is_given:
            return _("To be asked again")
        return str(ConsentDecision(self.consent.decision).label)

    @property
    def kind(self) -> str:
        """The badge: good, danger for a no, wait for a question still open."""
        if self.is_refused:
            return "danger"
        return "good" if self.is_given and not self.ask_again else "wait"


_latest_of = Prepared(
    lambda patient_id: (
        Consent.objects.filter(patient=patient_id)
        .select_related("text", "recorded_by")
        .order_by("purpose", "-id")
        .distinct("purpose")
    )
)


def effective_consent(patient: Patient, purpose: str, *, on: date | None = None) -> ConsentState:
    """What the patient's latest decision on a purpose means on a day (A10)."""
    latest = (
        Consent.objects.filter(patient=patient, purpose=purpose)
        .select_related("text")
        .order_by("-id")
        .first()
    )
    return _state(patient, Purpose(purpose), latest, {}, on or timezone.localdate())


def consents_of(
    patient: Patient, *, on: date | None = None, compare_texts: bool = True
) -> list[ConsentState]:
    """Where a patient stands on every purpose. Two statements; one without `compare_texts` (`is_outdated`)."""
    latest = {consent.purpose: consent for consent in _latest_of(patient.pk)}
    newest = ConsentText.objects.order_by("purpose", "-version").distinct("purpose")
    versions = dict(newest.values_list("purpose", "version")) if compare_texts else {}
    day = on or timezone.localdate()
    return [_state(patient, purpose, latest.get(purpose), versions, day) for purpose in Purpose]


def history_of(patient: Patient) -> list[Consent]:
    """Every decision of a patient, the newest first, with what proves it but for the scans' own bytes."""
    scans = ConsentEvidence.objects.defer("sealed").order_by("pk")
    return list(
        Consent.objects.filter(patient=patient)
        .select_related("text", "recorded_by")
        .prefetch_related(Prefetch("files", scans))
        .order_by("-id")[:200]
    )


def _state(
    patient: Patient, purpose: Purpose, consent: Consent | None, versions: dict[str, int], day: date
) -> ConsentState:
    if consent is None:
        return ConsentState(purpose)
    if consent.decision != ConsentDecision.GIVEN:
        return ConsentState(purpose, consent)
    grown = _has_outgrown(patient, purpose, consent, day)
    newest = versions.get(purpose)
    return ConsentState(
        purpose,
        consent,
        # Care goes on while somebody asks; for every other purpose the old yes no longer counts.
        is_given=purpose.rests_on_care or not grown,
        ask_again=grown,
        is_outdated=bool(newest and consent.text and consent.text.version < newest),
    )


def _has_outgrown(patient: Patient, purpose: Purpose, consent: Consent, day: date) -> bool:
    if consent.decided_by == ConsentActor.SELF:
        return False
    return consent.decided_by not in deciders(patient, purpose, on=day)


def may_use(patient: Patient, purpose: str) -> bool:
    """Whether the patient's data may be used for this purpose today."""
    return effective_consent(patient, purpose).is_allowed


def may_contact(patient: Patient) -> bool:
    """Whether care may call or write to the patient: alive, ours, and not having said no (B4, A10).

    Care contacts rest on the treatment itself until the patient refuses; see docs/decisions/0041-consent.md.
    """
    return patient.may_be_contacted and may_use(patient, Purpose.CARE_CONTACT)


def contact_refused(patient: str) -> str:
    """A condition for a statement over many patients: the latest word of `patient` on care contacts is a no.

    `patient` is the column with the patient's id, as written in the statement; never text from outside.
    """
    return f"""EXISTS (
        SELECT 1 FROM privacy_consent said
        WHERE said.patient_id = {patient} AND said.purpose = '{Purpose.CARE_CONTACT.value}'
          AND said.decision IN ({", ".join(f"'{no.value}'" for no in _NO)})
          AND NOT EXISTS (SELECT 1 FROM privacy_consent later
                          WHERE later.patient_id = said.patient_id AND later.purpose = said.purpose
                            AND later.id > said.id))"""


def text_in_force(purpose: str, language: str) -> ConsentText:
    """The words to show in a language; Vietnamese where there are none. Publishes the shipped ones at first use."""
    wanted = language if language in TEXT_LANGUAGES else "vi"
    texts = ConsentText.objects.filter(purpose=purpose, language=wanted).order_by("-version")
    found = texts.first()
    if found is None:
        ensure_consent_texts()
        found = texts.get()
    return found


def texts_in_force() -> dict[str, dict[str, ConsentText]]:
    """The newest words by purpose and language. Publishes the shipped ones at first use."""
    rows = _newest()
    if {row.purpose for row in rows} != set(Purpose.values):
        ensure_consent_texts()
        rows = _newest()
    found: dict[str, dict[str, ConsentText]] = {str(purpose): {} for purpose in Purpose}
    for row in rows:
        found[row.purpose][row.language] = row
    return found


def _newest() -> list[ConsentText]:
    return list(
        ConsentText.objects.select_related("created_by")
        .order_by("purpose", "language", "-version")
        .distinct("purpose", "language")
    )


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a patient's record: when, who, from which page, at which site."""

    id: int
    at: datetime
    who: str
    job_title: str
    page: str
    site: str


@dataclass(frozen=True, slots=True)
class LooksAsked:
    """Which looks to list; everything when nothing is set. Days are inclusive, in the current time zone."""

    member_id: int | None = None
    look: str = ""
    since: date | None = None
    until: date | None = None


def looks_at(
    patient: Patient, asked: LooksAsked, *, before: int | None = None, limit: int = 50
) -> list[Look]:
    """Who looked at the patient's record, newest first (D9). `before` is the last id of the page above."""
    entries = _looks(patient, asked)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    return list(_as_looks(entries[:limit]))


def every_look(patient: Patient, asked: LooksAsked) -> Iterator[Look]:
    """The same without end, for a file."""
    return _as_looks(_looks(patient, asked).iterator(chunk_size=1_000))


def onlookers(patient: Patient) -> list[tuple[int, str]]:
    """Who has ever looked at this patient: id and name, for the filter."""
    found = (
        Entry.objects.filter(patient_id=patient.pk, event=PatientsEvent.VIEWED, actor__isnull=False)
        .order_by("actor__full_name", "actor_id")
        .values_list("actor_id", "actor__full_name")
        .distinct()
    )
    return [(pk, name) for pk, name in found if pk is not None]


def _looks(patient: Patient, asked: LooksAsked) -> QuerySet[Entry]:
    wanted = Q(patient_id=patient.pk, event=PatientsEvent.VIEWED)
    if asked.member_id:
        wanted &= Q(actor_id=asked.member_id)
    if asked.look:
        wanted &= Q(details__look=asked.look)
    if asked.since:
        wanted &= Q(at__gte=_midnight(asked.since))
    if asked.until:
        wanted &= Q(at__lt=_midnight(asked.until + timedelta(days=1)))
    return Entry.objects.filter(wanted).select_related("actor").order_by("-id")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def _as_looks(entries: Iterable[Entry]) -> Iterator[Look]:
    sites = sites_by_id()
    for entry in entries:
        site = sites.get(entry.detail("site"))
        yield Look(
            id=entry.pk,
            at=entry.at,
            who=entry.actor.full_name if entry.actor else _("The system"),
            job_title=entry.actor.job_title if entry.actor else "",
            page=look_label(entry.detail("look") or ""),
            site=site.name if site else "",
        )
