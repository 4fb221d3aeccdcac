"""Which columns a sheet may have, and how hospitals head them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _

from tantam.lib.names import fold

IGNORED = "-"


class Column(models.TextChoices):
    """What a column of a sheet can mean. The order is the order of the choices on the screen."""

    PATIENT_CODE = "patient_code", _("Patient code")
    FULL_NAME = "full_name", _("Full name")
    BIRTH = "birth", _("Date or year of birth")
    AGE = "age", _("Age")
    SEX = "sex", _("Sex")
    PHONE = "phone", _("Phone")
    PHONE_OTHER = "phone_other", _("Another phone")
    ZALO = "zalo", _("Zalo")
    EMAIL = "email", _("Email")
    IDENTITY = "identity", _("Identity number")
    INSURANCE = "insurance", _("Health insurance number")
    ADDRESS = "address", _("Address")
    COMMUNE = "commune", _("Commune or ward")
    DISTRICT = "district", _("District (old addresses)")
    PROVINCE = "province", _("Province or city")
    LANGUAGE = "language", _("Preferred language")
    PATIENT_NOTES = "patient_notes", _("Notes about the patient")
    RELATIVE_NAME = "relative_name", _("Relative's name")
    RELATIVE_RELATION = "relative_relation", _("Relationship")
    RELATIVE_PHONE = "relative_phone", _("Relative's phone")
    ENCOUNTER_CODE = "encounter_code", _("Visit number")
    ENCOUNTER_DATE = "encounter_date", _("Visit date")
    ENCOUNTER_END = "encounter_end", _("Discharge date")
    ENCOUNTER_KIND = "encounter_kind", _("Kind of visit")
    DOCTOR = "doctor", _("Responsible doctor")
    SPECIALITY = "speciality", _("Speciality")
    DEPARTMENT = "department", _("Department")
    REASON = "reason", _("Reason for the visit")
    SYMPTOMS = "symptoms", _("Symptoms")
    DIAGNOSIS = "diagnosis", _("Diagnosis")
    DIAGNOSIS_CODE = "diagnosis_code", _("Diagnosis code (ICD-10)")
    DIAGNOSIS_OTHER = "diagnosis_other", _("Other diagnoses")
    ADVICE = "advice", _("Advice")
    CLINICAL_NOTES = "clinical_notes", _("Clinical notes")
    DRUG = "drug", _("Medicine")
    DRUG_AMOUNT = "drug_amount", _("Amount each time")
    DRUG_TIMES = "drug_times", _("Times a day")
    DRUG_DAYS = "drug_days", _("Days")
    DRUG_NOTE = "drug_note", _("How to take it")
    REEXAMINATION = "reexamination", _("Re-examination date")
    REEXAMINATION_TIME = "reexamination_time", _("Re-examination time")
    ALLERGY = "allergy", _("Allergies")
    ALLERGY_REACTION = "allergy_reaction", _("Allergic reaction")
    BLOOD_PRESSURE = "blood_pressure", _("Blood pressure")
    PULSE = "pulse", _("Heart rate")
    TEMPERATURE = "temperature", _("Temperature")
    WEIGHT = "weight", _("Weight")
    HEIGHT = "height", _("Height")


# Folded headers, from exports of Vietnamese hospital systems and their English siblings. The first match of a
# whole header wins; else the longest of these found at the beginning of a header.
_HEADED: Mapping[Column, str] = {
    Column.PATIENT_CODE: (
        "ma bn|ma benh nhan|ma nguoi benh|ma kh|ma khach hang|ma y te|ma ho so|ma hs|mabn|pid|mrn"
        "|patient code|patient id|patient no|patient number|medical record number|so ho so"
        "|ma the kham"
    ),
    Column.FULL_NAME: (
        "ho va ten|ho ten|ho va ten benh nhan|ho ten benh nhan|ten benh nhan|ten bn|benh nhan|hoten"
        "|ho ten nguoi benh|ten khach hang|ho ten bn|full name|fullname|name|patient name|patient|ten"
    ),
    Column.BIRTH: (
        "ngay sinh|nam sinh|ngay thang nam sinh|ngay/nam sinh|ns|sinh ngay|ngaysinh|namsinh|dob"
        "|date of birth|birth date|birthdate|year of birth|birth year|ngay thang sinh|sinh nam"
    ),
    Column.AGE: "tuoi|age",
    Column.SEX: "gioi tinh|gioi|phai|gt|sex|gender|nam/nu|gioitinh",
    Column.PHONE: (
        "sdt|so dien thoai|dien thoai|so dt|dt|dien thoai di dong|sdt benh nhan"
        "|so dien thoai benh nhan|di dong|dtdd|phone|phone number|mobile|tel|telephone|mobile phone"
        "|sodienthoai|dien thoai lien he|sdt lien he|lien he"
    ),
    Column.PHONE_OTHER: (
        "sdt 2|sdt khac|dien thoai 2|so dien thoai 2|dien thoai khac|dien thoai nha|phone 2"
        "|other phone|home phone"
    ),
    Column.ZALO: "zalo|so zalo|sdt zalo",
    Column.EMAIL: "email|e-mail|thu dien tu|dia chi email|mail",
    Column.IDENTITY: (
        "cccd|cmnd|so cccd|so cmnd|cccd/cmnd|cmnd/cccd|so dinh danh|ma dinh danh|so dinh danh ca nhan"
        "|can cuoc|so can cuoc|can cuoc cong dan|id number|national id|identity number|citizen id"
        "|so cccd/cmnd|cmt|so cmt"
    ),
    Column.INSURANCE: (
        "bhyt|so bhyt|the bhyt|so the bhyt|ma the bhyt|ma bhyt|insurance|insurance number"
        "|health insurance|health insurance number|so the bao hiem|the bao hiem y te"
    ),
    Column.ADDRESS: (
        "dia chi|dia chi lien he|dia chi thuong tru|noi o|address|so nha|so nha, duong|diachi|cho o"
        "|dia chi nha"
    ),
    Column.COMMUNE: "xa|phuong|phuong/xa|xa/phuong|phuong xa|xa phuong|phuong, xa|ward|commune",
    Column.DISTRICT: "quan|huyen|quan/huyen|huyen/quan|quan huyen|district",
    Column.PROVINCE: (
        "tinh|thanh pho|tinh/thanh pho|tinh/tp|tinh thanh|tinh thanh pho|tp/tinh|tinh, thanh pho"
        "|province|city"
    ),
    Column.LANGUAGE: "ngon ngu|language",
    Column.PATIENT_NOTES: "ghi chu|ghi chu benh nhan|luu y|notes|note|remarks|tien su|tien su benh",
    Column.RELATIVE_NAME: (
        "nguoi than|than nhan|ten nguoi than|ho ten nguoi than|nguoi nha|ho ten than nhan"
        "|nguoi giam ho|nguoi lien he|ho ten nguoi nha|relative|next of kin|guardian|contact person"
        "|ho ten bo me|ho ten me|ho ten cha"
    ),
    Column.RELATIVE_RELATION: "quan he|moi quan he|quan he voi benh nhan|relationship|relation",
    Column.RELATIVE_PHONE: (
        "sdt nguoi than|sdt than nhan|dien thoai nguoi than|so dien thoai nguoi than|sdt nguoi nha"
        "|dt nguoi than|dien thoai than nhan|relative phone|guardian phone|next of kin phone"
        "|sdt nguoi lien he"
    ),
    Column.ENCOUNTER_CODE: (
        "ma luot kham|ma kham|so phieu|so phieu kham|ma dot kham|ma dot dieu tri|ma lan kham"
        "|ma vao vien|so vao vien|ma dieu tri|visit id|visit number|encounter id|visit no|encounter"
    ),
    Column.ENCOUNTER_DATE: (
        "ngay kham|ngay den kham|ngay vao vien|ngay vao|ngay kham benh|thoi gian kham|ngay gio kham"
        "|ngay dieu tri|lan kham gan nhat|ngay kham gan nhat|visit date|date of visit|admission date"
        "|encounter date|exam date|last visit|ngay"
    ),
    Column.ENCOUNTER_END: "ngay ra vien|ngay ra|ngay xuat vien|discharge date",
    Column.ENCOUNTER_KIND: (
        "loai kham|hinh thuc kham|loai hinh|noi tru/ngoai tru|ngoai tru/noi tru|doi tuong kham"
        "|visit type|encounter type|visit kind"
    ),
    Column.DOCTOR: (
        "bac si|bs|bac sy|bac si dieu tri|bac si kham|bac si phu trach|bs dieu tri|bs kham"
        "|bs phu trach|bac sy dieu tri|ten bac si|nha si|doctor|physician|doctor name"
        "|attending doctor|dentist"
    ),
    Column.SPECIALITY: "chuyen khoa|speciality|specialty",
    Column.DEPARTMENT: (
        "khoa|phong kham|khoa phong|khoa/phong|khoa kham|khoa dieu tri|department|clinic|ward/department"
    ),
    Column.REASON: ("ly do kham|ly do|ly do den kham|ly do vao vien|reason|reason for visit|chief complaint"),
    Column.SYMPTOMS: "trieu chung|symptoms|trieu chung lam sang|dau hieu|trieu chung chinh",
    Column.DIAGNOSIS: (
        "chan doan|chan doan chinh|chan doan benh|ten benh|benh chinh|diagnosis|main diagnosis"
        "|chandoan|chan doan xac dinh|benh|chan doan ra vien"
    ),
    Column.DIAGNOSIS_CODE: (
        "ma icd|icd|icd10|icd-10|ma icd10|ma icd-10|ma benh|ma chan doan|icd code|diagnosis code|ma benh icd"
    ),
    Column.DIAGNOSIS_OTHER: (
        "chan doan phu|benh kem theo|chan doan kem theo|benh phu|secondary diagnosis|other diagnoses"
    ),
    Column.ADVICE: (
        "loi dan|loi dan bac si|loi dan cua bac si|loi khuyen|dan do|huong dieu tri|advice"
        "|instructions|huong xu tri"
    ),
    Column.CLINICAL_NOTES: (
        "kham lam sang|ghi chu bac si|ghi chu chuyen mon|dien bien|clinical notes|dien bien benh|benh su"
    ),
    Column.DRUG: (
        "thuoc|ten thuoc|don thuoc|toa thuoc|thuoc dieu tri|drug|medicine|medication|prescription"
        "|ten thuoc - ham luong"
    ),
    Column.DRUG_AMOUNT: "lieu|lieu dung|lieu luong|so luong moi lan|moi lan|dose|dosage|amount",
    Column.DRUG_TIMES: (
        "so lan|so lan/ngay|lan/ngay|ngay uong|so lan trong ngay|times a day|times per day|frequency"
    ),
    Column.DRUG_DAYS: "so ngay|so ngay dung|so ngay uong|days|duration|thoi gian dung",
    Column.DRUG_NOTE: "cach dung|huong dan su dung|cach uong|how to take|usage|instructions for use",
    Column.REEXAMINATION: (
        "ngay tai kham|tai kham|hen tai kham|ngay hen tai kham|ngay hen|lich tai kham"
        "|ngay hen kham lai|kham lai|re-examination date|reexamination date|follow-up date"
        "|follow up date|follow up|next visit|next appointment|return date|ngay kham lai|hen kham lai"
        "|lich hen"
    ),
    Column.REEXAMINATION_TIME: "gio tai kham|gio hen|gio hen tai kham|appointment time|re-examination time",
    Column.ALLERGY: "di ung|di ung thuoc|tien su di ung|thuoc di ung|allergy|allergies|drug allergy",
    Column.ALLERGY_REACTION: "bieu hien di ung|phan ung di ung|reaction|allergic reaction",
    Column.BLOOD_PRESSURE: "huyet ap|ha|blood pressure|bp",
    Column.PULSE: "mach|nhip tim|heart rate|pulse",
    Column.TEMPERATURE: "nhiet do|than nhiet|temperature|temp",
    Column.WEIGHT: "can nang|weight|cn (kg)",
    Column.HEIGHT: "chieu cao|height|cc (cm)",
}
_BY_HEADER: dict[str, Column] = {
    header: column for column, headers in _HEADED.items() for header in headers.split("|")
}
_NOISE = re.compile(r"[\s_]+|\(.*?\)|[*:#.]+")
# These must name a whole header: as the beginning of one they are too common to tell.
_ONLY_WHOLE = {
    "ngay",
    "ten",
    "name",
    "nam",
    "ns",
    "gt",
    "dt",
    "ha",
    "bs",
    "lien he",
    "mail",
    "benh",
    "note",
    "lieu",
    "patient",
}

# How a longer header begins or ends, and what it then means; the longest first.
_EDGES = [
    (f"{known} ", f" {known}", _BY_HEADER[known])
    for known in sorted(_BY_HEADER, key=len, reverse=True)
    if known not in _ONLY_WHOLE and len(known) >= 3
]


def plain_header(header: object) -> str:
    """A header as it is compared: folded, without brackets, stars, colons and underscores."""
    return " ".join(_NOISE.sub(" ", fold(str(header or ""))).split())


def column_of(header: object) -> Column | None:
    """The column a header most likely means, or None."""
    plain = plain_header(header)
    if not plain:
        return None
    whole = (
        _BY_HEADER.get(plain)
        or _BY_HEADER.get(plain.replace(" ", ""))
        or _BY_HEADER.get(fold(str(header).strip()))
    )
    if whole is not None:
        return whole
    if " " in plain:
        for beginning, end, column in _EDGES:
            if plain.startswith(beginning) or plain.endswith(end):
                return column
    return None


@dataclass(frozen=True)
class Heading:
    """The header row of a sheet: where it stands (from 1), what it says, and what each column means."""

    row: int
    headers: tuple[str, ...]
    columns: tuple[Column | None, ...]
    # How many columns the row has in all; `headers` holds no more than are read.
    width: int = 0

    @cached_property
    def used(self) -> list[tuple[int, Column, str]]:
        """The columns that mean something: their place, meaning and header."""
        pairs = zip(self.columns, self.headers, strict=True)
        return [(place, column, header) for place, (column, header) in enumerate(pairs) if column is not None]

    @property
    def signature(self) -> str:
        return signature(self.headers)

    def not_understood(self, remembered: Mapping[str, str]) -> list[str]:
        """The headers of which nobody has said what they mean, nor that they are to be left out."""
        pairs = zip(self.headers, self.columns, strict=True)
        return [header for header, column in pairs if column is None and header and header not in remembered]

    def matched(self, remembered: Mapping[str, str]) -> Heading:
        """The same with the meanings people gave to these headers before."""
        columns = tuple(
            _remembered(remembered[header]) if header in remembered else column
            for header, column in zip(self.headers, self.columns, strict=True)
        )
        return Heading(self.row, self.headers, columns, self.width)


def _remembered(meaning: str) -> Column | None:
    return Column(meaning) if meaning in Column.values else None


def signature(headers: Sequence[str]) -> str:
    """One short name for a set of headers, whatever their order, to remember how they were matched."""
    return hashlib.blake2b("|".join(sorted(map(plain_header, headers))).encode(), digest_size=8).hexdigest()


def heading_of(row: int, cells: Sequence[object]) -> Heading:
    """What a row would mean as a header; a meaning is given to the first header that claims it."""
    headers = tuple(" ".join(str(cell or "").split())[:120] for cell in cells)
    taken: set[Column] = set()
    columns: list[Column | None] = []
    for header in headers:
        column = column_of(header)
        if column is Column.PHONE and column in taken:
            column = Column.PHONE_OTHER
        if column in taken:
            column = None
        if column is not None:
            taken.add(column)
        columns.append(column)
    return Heading(row, headers, tuple(columns), len(cells))
