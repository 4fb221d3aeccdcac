from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from django.db import IntegrityError, models, transaction

from tantam.facility.errors import HoursOverlap, NotEverywhere, PlaceAlreadyThere
from tantam.facility.events import FacilityEvent
from tantam.facility.models import (
    Department,
    HolidayOverride,
    OpeningInterval,
    Organisation,
    Room,
    Site,
    Speciality,
    Weekday,
)
from tantam.facility.queries import forget_cached
from tantam.journal.operations import nothing_changed, operation, record

if TYPE_CHECKING:
    from tantam.accounts.models import Member

Place = TypeVar("Place", Organisation, Site, Department, Room, HolidayOverride, Speciality)

_EVENT_OF: dict[type[models.Model], FacilityEvent] = {
    Organisation: FacilityEvent.ORGANISATION_CORRECTED,
    Site: FacilityEvent.SITE_SAVED,
    Department: FacilityEvent.DEPARTMENT_SAVED,
    Room: FacilityEvent.ROOM_SAVED,
    HolidayOverride: FacilityEvent.HOLIDAY_SAVED,
    Speciality: FacilityEvent.SPECIALITY_SAVED,
}


MANAGE = "facility.manage"


def _is_shared(place: models.Model) -> bool:
    return isinstance(place, Organisation) or (isinstance(place, HolidayOverride) and place.site_id is None)


def _sent_before(place: Place) -> Place | None:
    submission = getattr(place, "submission", None)
    if place.pk is not None or submission is None:
        return None
    found: Place | None = type(place)._default_manager.filter(submission=submission).first()
    return found


@operation
def save_place(place: Place, *, fields: Sequence[str], actor: Member) -> Place:
    """Create a place, or correct `fields` of one: organisation, site, department, room, holiday, speciality.

    A new place with the `submission` of one that is there already was sent twice: the first is answered.
    Refuses with PlaceAlreadyThere when another has its name (or code, or day) already, and with NotEverywhere when
    the actor changes what all sites share (the organisation, a holiday of every site) without managing every site.
    """
    if _is_shared(place):
        Organisation.objects.held()
        if not actor.may_everywhere(MANAGE):
            raise NotEverywhere
    sent = _sent_before(place)
    if sent is not None:
        nothing_changed()
        return sent
    try:
        with transaction.atomic():
            if place.pk is None:
                place.save(force_insert=True)
            else:
                place.save(update_fields=list(fields))
    except IntegrityError:
        raise PlaceAlreadyThere from None
    forget_cached()
    record(_EVENT_OF[type(place)], place, actor=actor, fields=sorted(fields))
    return place


@operation
def set_opening_hours(site: Site, *, hours: Sequence[tuple[int, time, time]], actor: Member) -> None:
    """Replace the site's week of opening hours: (weekday from Monday 0, opens, closes), several a day allowed.

    Refuses with HoursOverlap when two stretches of one day overlap.
    """
    for weekday in Weekday:
        stretches = sorted((opens, closes) for day, opens, closes in hours if day == weekday)
        if any(later[0] < earlier[1] for earlier, later in pairwise(stretches)):
            raise HoursOverlap(weekday=weekday.label)
    # Two weeks saved at once: the second replaces the first, it does not stand beside it.
    Site.objects.select_for_update(of=("self",), no_key=True).get(pk=site.pk)
    OpeningInterval.objects.filter(site=site).delete()
    OpeningInterval.objects.bulk_create(
        [OpeningInterval(site=site, weekday=day, opens=opens, closes=closes) for day, opens, closes in hours]
    )
    record(FacilityEvent.HOURS_SET, site, actor=actor, stretches=len(hours))


@operation
def remove_holiday(override: HolidayOverride, *, actor: Member) -> None:
    """Take an entry of the organisation's own calendar back; the public calendar counts again for that date.

    Refuses with NotEverywhere when it counts at every site and the actor does not manage every one.
    """
    if _is_shared(override) and not actor.may_everywhere(MANAGE):
        raise NotEverywhere
    record(FacilityEvent.HOLIDAY_REMOVED, override, actor=actor, day=override.day, site=override.site_id)
    override.delete()


@operation
def put_first_steps_away(away: bool, *, actor: Member) -> None:
    """Put the list of first steps away, or bring it back. It shows itself again nowhere until then."""
    company = Organisation.objects.held()
    if company is None or company.first_steps_put_away == away:
        nothing_changed()
        return
    company.first_steps_put_away = away
    company.save(update_fields=["first_steps_put_away"])
    forget_cached()
    record(FacilityEvent.FIRST_STEPS_PUT_AWAY, company, actor=actor, away=away)
