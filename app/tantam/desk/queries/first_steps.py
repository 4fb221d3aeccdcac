"""The first steps of a new hospital, each with what is done and what is left, computed from the data."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from tantam.accounts.models import Invitation, Member, Practitioner
from tantam.accounts.permissions import Permission
from tantam.care.models import CareRule, Conversation
from tantam.exchange.models import ImportRun
from tantam.facility.models import Site
from tantam.facility.queries import organisation
from tantam.patients.models import Patient
from tantam.privacy.models import ConsentText


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is, how it stands in words, whether it is done, and where it is taken (empty: by others)."""

    key: str
    title: str
    state: str
    is_done: bool
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class FirstSteps:
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def is_finished(self) -> bool:
        return self.done == self.total


def are_put_away() -> bool:
    company = organisation()
    return company is not None and company.first_steps_put_away


def first_steps(member: Member) -> FirstSteps:
    """How far the hospital is. Seven statements; asked only while the list is neither finished nor put away."""
    sites = Site.objects.filter(is_active=True).aggregate(
        all=Count("pk", distinct=True),
        with_hours=Count("pk", distinct=True, filter=Q(opening_intervals__isnull=False)),
        departments=Count("departments", distinct=True),
    )
    doctors = Practitioner.objects.filter(is_active=True).count()
    members, invited = Member.objects.active().count(), Invitation.objects.open().count()
    texts = ConsentText.objects.values("purpose").distinct().count()
    rules = CareRule.objects.aggregate(all=Count("pk"), used=Count("pk", filter=Q(is_active=True)))
    imported, patients = ImportRun.objects.exists(), Patient.objects.exists()
    called = Conversation.objects.exists()

    def at(name: str, permission: Permission) -> str:
        return reverse(name) if member.may(permission) else ""

    facts = {
        **sites,
        "doctors": doctors,
        "members": members,
        "invited": invited,
        "used": rules["used"],
        "drafts": rules["all"] - rules["used"],
    }
    return FirstSteps(
        (
            Step(
                "hours",
                _("Opening hours of every site"),
                _("%(with_hours)s of %(all)s sites have their hours") % facts,
                sites["all"] > 0 and sites["with_hours"] == sites["all"],
                at("facility:sites", Permission.FACILITY_MANAGE),
                "clock",
            ),
            Step(
                "departments",
                _("Departments and doctors"),
                _("%(departments)s departments, %(doctors)s doctors") % facts,
                sites["departments"] > 0 and doctors > 0,
                at("facility:sites", Permission.FACILITY_MANAGE),
                "stethoscope",
            ),
            Step(
                "members",
                _("Colleagues with their roles"),
                _("%(members)s members, %(invited)s invitations waiting") % facts,
                members > 1,
                at("accounts:invitation-new", Permission.MEMBERS_MANAGE),
                "users",
            ),
            Step(
                "texts",
                _("Consent texts read and approved"),
                _("Published") if texts else _("Our drafts wait to be read"),
                texts > 0,
                at("privacy:texts", Permission.CONSENT_TEXTS),
                "file-check",
            ),
            Step(
                "rules",
                _("Care rules switched on"),
                _("%(used)s in use, %(drafts)s drafts") % facts,
                rules["used"] > 0,
                at("care:rules", Permission.CARE_RULES),
                "list-checks",
            ),
            Step(
                "import",
                _("Patients taken in or registered"),
                _("There are patients") if patients else _("Nothing yet"),
                patients or imported,
                at("exchange:new", Permission.IMPORT_RUN),
                "database",
            ),
            Step(
                "call",
                _("The first care call"),
                _("Made") if called else _("A care agent makes it from the work list"),
                called,
                at("care:work-list", Permission.CARE_CALL),
                "phone-call",
            ),
        )
    )
