"""The few rows of a large hospital: sites, doctors, members who sign in, one care rule, one consent text."""

from __future__ import annotations

from hashlib import sha256
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from bench.rows import AGENTS, DOCTORS, PASSWORD, RULE_DAYS, SITES, Hospital, agent
from tantam.accounts.models import Member, Practitioner, RoleGrant
from tantam.accounts.permissions import Role
from tantam.care.models import CareRule
from tantam.demo.names import full_name
from tantam.demo.places import SPECIALITIES
from tantam.facility.models import Organisation, Site, Speciality
from tantam.knowledge.operations import ensure_starter_guides
from tantam.lib.names import fold
from tantam.privacy.models import ConsentText


@transaction.atomic
def make_few(hospital: Hospital) -> None:
    chance = Random("few")
    Organisation.objects.create(pk=1, name="Hệ thống Y tế Đo lường")
    sites = Site.objects.bulk_create(
        [Site(pk=number, code=f"site{number}", name=f"Cơ sở {number}") for number in range(1, SITES + 1)]
    )
    Speciality.objects.bulk_create(
        [
            Speciality(pk=number, code=code, name=names[0], name_en=names[1], name_zh=names[2])
            for number, (code, names) in enumerate(list(SPECIALITIES.items())[:8], 1)
        ]
    )
    names = [full_name(chance, chance.choice(("male", "female")), 40) for _doctor in range(DOCTORS + AGENTS)]
    password = make_password(PASSWORD)
    agents = Member.objects.bulk_create(
        [
            Member(
                pk=number, username=agent(number), full_name=name, name_key=fold(name), password=password,
                current_site=sites[0],
            )
            for number, name in enumerate(names[:AGENTS], 1)
        ]
    )  # fmt: skip
    RoleGrant.objects.bulk_create(
        [RoleGrant(member=member, role=Role.CARE_AGENT, site=site) for member in agents for site in sites]
    )
    Practitioner.objects.bulk_create(
        [
            Practitioner(
                pk=number, full_name=name, name_key=fold(name), title="BS.", speciality_id=1 + number % 8,
                site_id=1 + (number - 1) // (DOCTORS // SITES),
            )
            for number, name in enumerate(names[AGENTS:], 1)
        ]
    )  # fmt: skip
    CareRule.objects.create(
        pk=1, name="Gọi trước tái khám 3 ngày", occasion="before_reexamination", days=RULE_DAYS
    )
    text = "Đồng ý nhận cuộc gọi chăm sóc."
    ConsentText.objects.create(
        pk=1, purpose="care_contact", version=1, text=text, sha256=sha256(text.encode()).hexdigest()
    )
    ensure_starter_guides()
    with connection.cursor() as cursor:
        for model in (Site, Speciality, Member, Practitioner, CareRule, ConsentText):
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )
