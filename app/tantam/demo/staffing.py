"""Places and staff as rows: the first things written."""

from __future__ import annotations

from datetime import datetime, timedelta

from tantam.accounts.events import AccountEvent
from tantam.accounts.permissions import Role
from tantam.demo.days import at
from tantam.demo.places import (
    OTHER_DEPARTMENTS,
    PLACES,
    SPECIALITIES,
    Place,
    department_name,
    room_names,
)
from tantam.demo.staff import STAFF, VISITING, Person
from tantam.demo.tables import Row
from tantam.demo.world import Doctor, World
from tantam.lib.names import fold


def furnish(world: World) -> None:
    """Sites with departments, rooms and hours."""
    for code, (name, name_en, name_zh) in SPECIALITIES.items():
        world.speciality_of[code] = world.specialities.add(
            code=code, name=name, name_en=name_en, name_zh=name_zh
        )
    for place in PLACES:
        site = world.sites.add(
            code=place.code, name=place.name, kind=place.kind, address=place.address, phone=place.phone
        )
        world.site_of[place.code] = site
        _departments(world, place, site)
        for weekday in range(7):
            for opens, closes in place.hours_on(weekday):
                world.hours.add(site=site, weekday=weekday, opens=opens, closes=closes)


def _departments(world: World, place: Place, site: Row) -> None:
    for speciality in place.specialities:
        world.department_of[place.code, speciality] = world.departments.add(
            site=site,
            speciality=world.speciality_of[speciality],
            name=department_name(speciality, place.kind),
        )
    for name in OTHER_DEPARTMENTS[place.kind]:
        world.departments.add(site=site, name=name)
    for name, floor, speciality, step_free in room_names(place):
        department = world.department_of[place.code, speciality] if speciality else None
        world.rooms.add(site=site, department=department, name=name, floor=floor, step_free=step_free)


def employ(world: World, password: str) -> None:
    """The members of staff with their roles; `password` is the one hash they share, since making one is slow."""
    joined = at(world.days.beginning - timedelta(days=30), 8 * 60)
    for number, person in enumerate(STAFF):
        member = _member(world, person, password, joined + timedelta(minutes=11 * number))
        for code in person.sites:
            world.grants.add(
                member=member,
                role=str(person.role),
                site=world.site_of[code],
                granted_at=member["created_at"],
            )
            world.colleagues.setdefault((person.role, code), []).append(member)
        if person.role == Role.DOCTOR:
            site = world.site_of[person.sites[0]]
            world.doctors.append(Doctor(_practitioner(world, person, member), member, site, person))
    for person in VISITING:
        _practitioner(world, person, None)


def _member(world: World, person: Person, password: str, joined: datetime) -> Row:
    member = world.members.add(
        username=person.username,
        email=f"{person.username}@example.com",
        full_name=person.full_name,
        name_key=fold(person.full_name),
        job_title=person.job_title,
        password=password,
        language="vi",
        current_site=world.site_of[person.sites[0]],
        created_at=joined,
    )
    world.member_of[person.username] = member
    world.tell(AccountEvent.MEMBER_JOINED, member, joined, member)
    return member


def _practitioner(world: World, person: Person, member: Row | None) -> Row:
    number = 1000 + len(world.practitioners.rows)
    return world.practitioners.add(
        member=member,
        full_name=person.full_name,
        name_key=fold(person.full_name),
        title=person.title,
        speciality=world.speciality_of[person.speciality],
        site=world.site_of[person.sites[0]],
        licence_number=f"00{number}/HCM-CCHN",
    )
