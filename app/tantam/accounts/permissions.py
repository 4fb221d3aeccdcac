"""What can be allowed, and which role allows it: the one list that pages, acts and documents read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """Each value is one thing a member may do at a site where they hold a role that has it."""

    PATIENT_FIND = "patient.find", _("Find patients and see who they are and how to reach them")
    PATIENT_REGISTER = "patient.register", _("Register patients")
    PATIENT_EDIT = "patient.edit", _("Correct a patient's details and contact points")
    PATIENT_IDENTITY = "patient.identity", _("See identity and insurance numbers")
    RECORD_SEE = "record.see", _("See visits, diagnoses, prescriptions, allergies and re-examination dates")
    RECORD_NOTES = "record.notes", _("Read clinical notes")
    RECORD_WRITE = "record.write", _("Write visits, diagnoses and prescriptions")
    REEXAMINATION_PLAN = (
        "reexamination.plan",
        _("Plan, confirm, move and cancel re-examination dates, and change the doctor for them"),
    )
    ALLERGY_WRITE = "allergy.write", _("Record allergies")
    BEFORE_ENCOUNTER = "encounter.before", _("See one's own patients of the day and what care has learnt")
    CARE_SEE = "care.see", _("See the care work list and care history")
    CARE_CALL = "care.call", _("Make care calls and record what was said")
    CARE_SUPERVISE = "care.supervise", _("Assign, take over and close the care calls of others")
    CARE_RULES = "care.rules", _("Change care rules")
    CARE_REPORT = "care.report", _("See the care dashboard")
    GUIDE_EDIT = "guide.edit", _("Edit conversation guides")
    CONSENT_RECORD = "consent.record", _("Record consent and its withdrawal")
    CONSENT_TEXTS = "consent.texts", _("Edit consent texts")
    LOOKS_SEE = "privacy.looks", _("See who looked at a record")
    PRIVACY_EXPORT = "privacy.export", _("Give a patient a copy of everything kept about them")
    PRIVACY_SHRED = "privacy.shred", _("Destroy a patient's personal data")
    IMPORT_RUN = "import.run", _("Take in data from the hospital's own database")
    MEMBERS_SEE = "members.see", _("See the list of members")
    MEMBERS_MANAGE = "members.manage", _("Invite members, change roles, end access")
    ROLES_COMPOSE = "roles.compose", _("Compose roles, and give the roles that need a second step")
    FACILITY_MANAGE = "facility.manage", _("Change sites, departments, rooms, hours and holidays")
    JOURNAL_READ = "journal.read", _("Read the journal")


class Role(models.TextChoices):
    """The roles the product ships. An organisation composes others of its own: `accounts.models.OwnRole`."""

    ADMINISTRATOR = "administrator", _("Administrator")
    MANAGER = "manager", _("Manager")
    RECEPTIONIST = "receptionist", _("Receptionist")
    CONSULTANT = "consultant", _("Consultant")
    CARE_AGENT = "care_agent", _("Care agent")
    DOCTOR = "doctor", _("Doctor")
    ASSISTANT = "assistant", _("Assistant")
    NURSE = "nurse", _("Nurse")
    TECHNICIAN = "technician", _("Technician (laboratory, imaging)")
    CASHIER = "cashier", _("Cashier")
    MARKETING = "marketing", _("Marketing")
    COMPLAINT_OFFICER = "complaint_officer", _("Complaint officer")
    TRAINER = "trainer", _("Trainer")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")
    AUDITOR = "auditor", _("Auditor")

    @property
    def permissions(self) -> frozenset[str]:
        return _ROLE_PERMISSIONS[self]

    @property
    def key(self) -> str:
        """How a form names the role; a role of the organisation's own is named by `own-` and its id."""
        return self.value

    @property
    def needs_second_factor(self) -> bool:
        """Administrators and privacy officers sign in with a second factor or a passkey, always."""
        return self in _GUARDED_ROLES

    @property
    def idle_minutes(self) -> int:
        """A session nobody has used for so long ends: sooner where it opens more."""
        return 30 if self.needs_second_factor else 120


_GUARDED_ROLES = (Role.ADMINISTRATOR, Role.PRIVACY_OFFICER)


_P = Permission
_ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    role: frozenset(str(permission) for permission in permissions)
    for role, permissions in {
        Role.ADMINISTRATOR: {
            _P.IMPORT_RUN,
            _P.MEMBERS_SEE,
            _P.MEMBERS_MANAGE,
            _P.ROLES_COMPOSE,
            _P.FACILITY_MANAGE,
            _P.JOURNAL_READ,
            _P.CONSENT_TEXTS,
        },
        Role.MANAGER: {
            _P.PATIENT_FIND,
            _P.PATIENT_REGISTER,
            _P.PATIENT_EDIT,
            _P.RECORD_SEE,
            _P.REEXAMINATION_PLAN,
            _P.CARE_SEE,
            _P.CARE_CALL,
            _P.CARE_SUPERVISE,
            _P.CARE_RULES,
            _P.CARE_REPORT,
            _P.GUIDE_EDIT,
            _P.CONSENT_RECORD,
            _P.IMPORT_RUN,
            _P.MEMBERS_SEE,
            _P.FACILITY_MANAGE,
            _P.ALLERGY_WRITE,
        },
        Role.RECEPTIONIST: {
            _P.PATIENT_FIND,
            _P.PATIENT_REGISTER,
            _P.PATIENT_EDIT,
            _P.PATIENT_IDENTITY,
            _P.CONSENT_RECORD,
            _P.RECORD_SEE,
            _P.REEXAMINATION_PLAN,
            _P.ALLERGY_WRITE,
        },
        Role.CONSULTANT: {
            _P.PATIENT_FIND,
            _P.PATIENT_REGISTER,
            _P.PATIENT_EDIT,
            _P.RECORD_SEE,
            _P.REEXAMINATION_PLAN,
            _P.CONSENT_RECORD,
            _P.CARE_SEE,
            _P.ALLERGY_WRITE,
        },
        Role.CARE_AGENT: {
            _P.PATIENT_FIND,
            _P.PATIENT_EDIT,
            _P.RECORD_SEE,
            _P.REEXAMINATION_PLAN,
            _P.CARE_SEE,
            _P.CARE_CALL,
            _P.ALLERGY_WRITE,
            _P.CONSENT_RECORD,
        },
        Role.DOCTOR: {
            _P.PATIENT_FIND,
            _P.PATIENT_REGISTER,
            _P.PATIENT_EDIT,
            _P.RECORD_SEE,
            _P.REEXAMINATION_PLAN,
            _P.RECORD_NOTES,
            _P.RECORD_WRITE,
            _P.ALLERGY_WRITE,
            _P.BEFORE_ENCOUNTER,
            _P.CARE_SEE,
        },
        Role.ASSISTANT: {
            _P.PATIENT_FIND,
            _P.PATIENT_EDIT,
            _P.RECORD_SEE,
            _P.RECORD_NOTES,
            _P.ALLERGY_WRITE,
            _P.BEFORE_ENCOUNTER,
        },
        Role.NURSE: {
            _P.PATIENT_FIND,
            _P.PATIENT_EDIT,
            _P.RECORD_SEE,
            _P.RECORD_NOTES,
            _P.REEXAMINATION_PLAN,
            _P.ALLERGY_WRITE,
            _P.CARE_SEE,
            _P.CONSENT_RECORD,
        },
        # Whoever takes blood or a picture asks who it is, what was ordered and what the patient must not have.
        Role.TECHNICIAN: {_P.PATIENT_FIND, _P.RECORD_SEE, _P.ALLERGY_WRITE},
        Role.CASHIER: {_P.PATIENT_FIND},
        Role.MARKETING: {_P.CARE_REPORT},
        Role.COMPLAINT_OFFICER: {_P.PATIENT_FIND, _P.RECORD_SEE, _P.CARE_SEE},
        Role.TRAINER: {_P.GUIDE_EDIT, _P.MEMBERS_SEE},
        Role.PRIVACY_OFFICER: {
            _P.PATIENT_FIND,
            _P.PATIENT_IDENTITY,
            _P.LOOKS_SEE,
            _P.PRIVACY_EXPORT,
            _P.PRIVACY_SHRED,
            _P.CONSENT_RECORD,
            _P.CONSENT_TEXTS,
            _P.JOURNAL_READ,
            _P.MEMBERS_SEE,
        },
        Role.AUDITOR: {_P.JOURNAL_READ, _P.LOOKS_SEE, _P.MEMBERS_SEE, _P.CARE_REPORT},
    }.items()
}

# What needs a second step whoever holds it: what no role without one was ever trusted with.
GUARDED: frozenset[str] = frozenset().union(
    *(_ROLE_PERMISSIONS[role] for role in Role if role.needs_second_factor)
) - frozenset().union(*(_ROLE_PERMISSIONS[role] for role in Role if not role.needs_second_factor))
