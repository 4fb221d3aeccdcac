"""The patients: who they are, how they are reached, who speaks for them, what they agreed to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tantam.demo.addresses import address
from tantam.demo.catalogue import Illness, illnesses
from tantam.demo.names import family_name, full_name
from tantam.demo.places import PLACES, Place
from tantam.demo.tables import Row
from tantam.demo.world import Doctor, World
from tantam.lib.identity import BIRTH_PROVINCES
from tantam.lib.names import fold
from tantam.patients.rules.keys import contact_keys, person_keys

_MOBILE = ("32", "33", "34", "35", "36", "37", "38", "39", "70", "76", "77", "78", "79", "81", "82", "83", "84", "85",
           "86", "88", "90", "91", "93", "94", "96", "97", "98")  # fmt: skip
_PROVINCES = sorted(BIRTH_PROVINCES)
_BEST_TIMES = (
    "Gọi sau 17 giờ", "Gọi buổi sáng trước 9 giờ", "Giờ nghỉ trưa 11:30–13:00", "Tránh giờ ngủ trưa", "Gọi sau 19 giờ",
    "Nói to, bác nghe hơi kém", "Nhắn Zalo trước khi gọi", "Chỉ gọi ngày thường", "Cuối tuần gọi tiện hơn",
)  # fmt: skip
_NOTES = (
    "Cần xe lăn từ sảnh lên phòng khám.", "Ưu tiên khám sớm, nhà ở xa.", "Thích khám đúng bác sĩ phụ trách cũ.",
    "Hay lo lắng trước khi lấy máu, cần nằm khi lấy máu.", "Ăn chay trường.", "Con gái đưa đi khám và giữ thuốc.",
    "Đề nghị viết hướng dẫn uống thuốc chữ to.", "Nói giọng Huế, nghe chậm, cần nói rõ từng ý.",
)  # fmt: skip
_FOREIGNERS = (
    ("Lim Wei Ming", "male", "zh-hans"), ("Chen Yu Ting", "female", "zh-hans"), ("Sarah Thompson", "female", "en"),
    ("Daniel Fischer", "male", "en"), ("Kim Min Jun", "male", "other"), ("Tanaka Yuki", "female", "other"),
)  # fmt: skip


@dataclass(slots=True)
class Somebody:
    """A patient with what the rest of the demonstration needs to know of them."""

    patient: Row
    place: Place
    illness: Illness
    doctor: Doctor
    sex: str
    birth: date
    points: list[Row]
    speaker: str
    """Who answers the phone for them: empty when they do themselves."""
    choice: int
    """Picks among the wordings and prescriptions of the illness, the same for all visits."""
    encounters: list[Row] = field(default_factory=list)
    medicines: list[str] = field(default_factory=list)
    allergies: set[str] = field(default_factory=set)
    forbidden: set[str] = field(default_factory=set)
    """Parts of medicines' names their allergies forbid."""

    def age_on(self, day: date) -> int:
        return day.year - self.birth.year - ((day.month, day.day) < (self.birth.month, self.birth.day))


def choose_illness(world: World, doctor: Doctor, longer_than: int = 0) -> Illness | None:
    """Something people come to this doctor with, whose re-examination may lie so many days after the visit."""
    fitting = [
        one
        for one in illnesses()
        if doctor.person.speciality in one.specialities and max(one.again) > longer_than
    ]
    return world.chance.choices(fitting, [one.weight for one in fitting])[0] if fitting else None


@dataclass(frozen=True, slots=True)
class Household:
    """Families share phones and addresses: brothers and sisters are reached through the same parent."""

    family: str
    parent: str
    owner: str
    home: dict[str, str]
    phone: str


Households = dict[str, Household]


def make_person(world: World, doctor: Doctor, illness: Illness, households: Households) -> Somebody:
    """One invented patient of this doctor."""
    chance = world.chance
    place = next(place for place in PLACES if place.code == doctor.site["code"])
    youngest, oldest = illness.ages
    if doctor.person.speciality == "nhi":
        oldest = min(oldest, 15)
    age = int(chance.triangular(youngest, oldest + 1, youngest + 0.4 * (oldest - youngest)))
    sex = illness.sex or ("female" if chance.random() < 0.54 else "male")
    birth = world.days.ago(365 * age + age // 4 + chance.randrange(365))
    name = full_name(chance, sex, age)
    language = "vi"
    home = address(chance)
    phone = mobile(world)
    speaker, owner, owner_name = "", "self", ""
    if age < 16:
        family = _household(world, place, age, households, home, phone)
        name = full_name(chance, sex, age, family.family)
        home, phone, owner, owner_name = family.home, family.phone, family.owner, family.parent
        speaker = ("Mẹ" if owner == "mother" else "Bố") + (" bé" if age < 12 else "")
    elif age >= 68 and chance.random() < 0.4:
        owner, owner_name = (
            "child",
            full_name(chance, chance.choice(("male", "female")), age - 28, name.split()[0]),
        )
        speaker = "Con"
    elif 22 < age < 60 and chance.random() < 0.012:
        name, sex, language = chance.choice([one for one in _FOREIGNERS if illness.sex in ("", one[1])])
    keys = person_keys(
        full_name=name,
        identity_number=(
            identity := _identity(world, sex, birth) if age >= 14 and chance.random() < 0.66 else ""
        ),
        insurance_number=(
            insurance := _insurance(world, age) if language == "vi" and chance.random() < 0.5 else ""
        ),
    )
    only_year = age >= 60 and chance.random() < 0.22
    patient = world.patients.add(
        full_name=name,
        # Nine in ten were asked when they first came.
        allergies_asked_on=None if birth.day % 10 == 3 else world.days.ago(200 + birth.day),
        name_key=keys.name_key,
        name_key_reversed=keys.name_key_reversed,
        birth_year=birth.year,
        birth_date=None if only_year else birth,
        sex=sex,
        identity_number=identity,
        identity_index=keys.identity_index,
        insurance_number=insurance,
        insurance_index=keys.insurance_index,
        **home,
        language=language,
        salutation=_salutation(world, sex, age),
        vulnerability=_marks(world, illness, age, language),
        notes=chance.choice(_NOTES) if chance.random() < 0.04 else "",
        home_site=doctor.site,
    )
    somebody = Somebody(patient, place, illness, doctor, sex, birth, [], speaker, chance.randrange(1000))
    _reach(world, somebody, phone, owner, owner_name)
    return somebody


def mobile(world: World) -> str:
    return f"+84{world.chance.choice(_MOBILE)}{world.chance.randrange(10_000_000):07d}"


def _household(
    world: World, place: Place, age: int, households: Households, home: dict[str, str], phone: str
) -> Household:
    """A child's family; now and then that of the child before."""
    chance = world.chance
    if place.code not in households or chance.random() > 0.18:
        family = family_name(chance)
        owner = "mother" if chance.random() < 0.74 else "father"
        is_mother = owner == "mother"
        parent = full_name(chance, "female" if is_mother else "male", 25 + age, "" if is_mother else family)
        households[place.code] = Household(family, parent, owner, home, phone)
    return households[place.code]


def _reach(world: World, somebody: Somebody, phone: str, owner: str, owner_name: str) -> None:
    chance, patient = world.chance, somebody.patient
    note = chance.choice(_BEST_TIMES) if chance.random() < 0.13 else ""
    first = _point(
        world, patient, "phone", phone, owner=owner, owner_name=owner_name, is_preferred=True, note=note
    )
    somebody.points.append(first)
    if owner != "self":
        world.relatives.add(
            patient=patient,
            full_name=owner_name,
            relationship=owner,
            is_guardian=owner != "child" or "decides_with_help" in patient["vulnerability"],
            contact_point=first,
        )
    if chance.random() < 0.17:
        other = "self" if owner != "self" and somebody.birth.year < world.days.today.year - 30 else "spouse"
        if owner in ("mother", "father"):
            other = "father" if owner == "mother" else "mother"
        somebody.points.append(_point(world, patient, "phone", mobile(world), owner=other))
    if chance.random() < 0.32:
        _point(world, patient, "zalo", phone, owner=owner, owner_name=owner_name, is_preferred=True)
    if owner == "self" and chance.random() < 0.24:
        name = fold(patient["full_name"]).split()
        mail = f"{name[-1]}.{''.join(word[0] for word in name[:-1])}{chance.randrange(10, 9999)}@example.com"
        _point(world, patient, "email", mail, is_preferred=True)


def _point(world: World, patient: Row, kind: str, value: str, **more: Any) -> Row:
    keys = contact_keys(kind, value)
    return world.points.add(
        patient=patient,
        kind=kind,
        value=value,
        value_index=keys.value_index,
        tail_index=keys.tail_index,
        **more,
    )


def _identity(world: World, sex: str, birth: date) -> str:
    mark = 2 * (birth.year // 100 - 19) + (sex == "female")
    number = world.chance.randrange(1_000_000)
    return f"{world.chance.choice(_PROVINCES)}{mark}{birth.year % 100:02d}{number:06d}"


def _insurance(world: World, age: int) -> str:
    group = "TE1" if age < 6 else "HS4" if age < 18 else world.chance.choice(("DN4", "GD4", "HT2"))
    return f"{group}79{world.chance.randrange(10**10):010d}"


def _salutation(world: World, sex: str, age: int) -> str:
    """Most leave it to age and sex; some older ones wish it their own way."""
    if age < 55 or world.chance.random() < 0.8:
        return ""
    older = ("ông", "bác") if sex == "male" else ("bà", "bác")
    return older[0] if age >= 74 else older[1] if age >= 62 else ("chú" if sex == "male" else "cô")


def _marks(world: World, illness: Illness, age: int, language: str) -> list[str]:
    luck = world.chance.random
    marks = []
    if age >= 76 and luck() < 0.34:
        marks.append("frail")
    if luck() < (0.3 if illness.key == "mat-ngu" else 0.02):
        marks.append("anxious")
    if illness.pregnancy:
        marks.append("pregnant")
    if luck() < 0.012:
        marks.append("disabled")
    if age >= 70 and luck() < 0.16:
        marks.append("hearing")
    if age >= 70 and luck() < 0.07:
        marks.append("vision")
    if language != "vi":
        marks.append("language")
    if age < 16:
        marks.append("child")
    if age >= 82 and luck() < 0.2:
        marks.append("decides_with_help")
    return marks
