"""Who may open what, written by hand: the oracle the product is held against. One row a URL name.

PUBLIC lets everyone in, SIGNED_IN every active member, CLOSED nobody; a set names the roles.
"""

from __future__ import annotations

from tantam.accounts.permissions import Role

PUBLIC, SIGNED_IN, CLOSED = "public", "signed in", "closed"

R = Role
FIND = {
    R.NURSE, R.TECHNICIAN, R.MANAGER, R.RECEPTIONIST, R.CONSULTANT, R.CARE_AGENT, R.DOCTOR, R.ASSISTANT, R.CASHIER,
    R.COMPLAINT_OFFICER, R.PRIVACY_OFFICER,
}  # fmt: skip
REGISTER = {R.MANAGER, R.RECEPTIONIST, R.CONSULTANT, R.DOCTOR}
EDIT = REGISTER | {R.CARE_AGENT, R.ASSISTANT, R.NURSE}
NUMBERS = {R.RECEPTIONIST, R.PRIVACY_OFFICER}
RECORD = {
    R.MANAGER, R.RECEPTIONIST, R.CONSULTANT, R.CARE_AGENT, R.DOCTOR, R.ASSISTANT, R.COMPLAINT_OFFICER,
    R.NURSE, R.TECHNICIAN,
}  # fmt: skip
ALLERGY = RECORD - {R.COMPLAINT_OFFICER}
WRITE = {R.DOCTOR}
DATES = {R.DOCTOR, R.MANAGER, R.CARE_AGENT, R.RECEPTIONIST, R.CONSULTANT, R.NURSE}
CALL = {R.MANAGER, R.CARE_AGENT}
CARE = {R.NURSE, R.MANAGER, R.CONSULTANT, R.CARE_AGENT, R.DOCTOR, R.COMPLAINT_OFFICER}
SUPERVISE = {R.MANAGER}
RULES = {R.MANAGER}
REPORT = {R.MANAGER, R.MARKETING, R.AUDITOR}
GUIDES = {R.MANAGER, R.TRAINER}
ENCOUNTERS = {R.DOCTOR, R.ASSISTANT}
CONSENT = {R.NURSE, R.MANAGER, R.RECEPTIONIST, R.CONSULTANT, R.CARE_AGENT, R.PRIVACY_OFFICER}
TEXTS = {R.ADMINISTRATOR, R.PRIVACY_OFFICER}
LOOKS = {R.PRIVACY_OFFICER, R.AUDITOR}
PERSONS = {R.PRIVACY_OFFICER}
IMPORT = {R.ADMINISTRATOR, R.MANAGER}
MEMBERS = {R.ADMINISTRATOR, R.MANAGER, R.TRAINER, R.PRIVACY_OFFICER, R.AUDITOR}
MANAGE = {R.ADMINISTRATOR}
FACILITY = {R.ADMINISTRATOR, R.MANAGER}
JOURNAL = {R.ADMINISTRATOR, R.PRIVACY_OFFICER, R.AUDITOR}

ROWS: dict[str, str | set[Role]] = {
    # sign-in
    **dict.fromkeys(
        (
            "account_login",
            "account_logout",
            "account_inactive",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key",
            "account_reset_password_from_key_done",
            "mfa_authenticate",
            "mfa_login_webauthn",
            "accounts:join",
            "accounts:language",
            "accounts:set-up",
        ),
        PUBLIC,
    ),
    **dict.fromkeys(
        (
            "account_change_password",
            "account_set_password",
            "account_reauthenticate",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_deactivate_totp",
            "mfa_download_recovery_codes",
            "mfa_edit_webauthn",
            "mfa_generate_recovery_codes",
            "mfa_index",
            "mfa_list_webauthn",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_remove_webauthn",
            "mfa_view_recovery_codes",
            "accounts:other-sessions-ending",
            "accounts:preferences",
            "accounts:profile",
            "accounts:session-ending",
            "accounts:sessions",
            "desk:home",
            "desk:bell",
            "desk:bell-read",
            "front_sender",
        ),
        SIGNED_IN,
    ),
    **dict.fromkeys(
        (
            "account_signup",
            "account_email",
            "account_email_verification_sent",
            "account_confirm_email",
            "account_confirm_login_code",
        ),
        CLOSED,
    ),
    # members, organisation, journal
    **dict.fromkeys(("accounts:members", "accounts:member", "accounts:roles"), MEMBERS),
    **dict.fromkeys(
        (
            "accounts:invitation-new",
            "accounts:invitation-withdrawal",
            "accounts:member-access",
            "accounts:member-session-ending",
            "accounts:idling",
            "accounts:role",
            "accounts:role-new",
            "accounts:role-retirement",
        ),
        MANAGE,
    ),
    **dict.fromkeys(
        (
            "facility:department",
            "facility:department-new",
            "facility:holiday-removal",
            "facility:holidays",
            "facility:hours",
            "facility:organisation",
            "desk:first-steps",
            "facility:room",
            "facility:room-new",
            "facility:site",
            "facility:site-new",
            "facility:sites",
        ),
        FACILITY,
    ),
    **dict.fromkeys(("facility:journal", "facility:journal-export"), JOURNAL),
    # patients and privacy
    **dict.fromkeys(
        (
            "desk:search",
            "desk:patient",
            "desk:patient-summary",
            "desk:timeline",
            "patients:find",
            "patients:details",
            "patients:history",
            "patients:communes",
            "privacy:consents",
            "privacy:printed-text",
        ),
        FIND,
    ),
    **dict.fromkeys(("patients:register", "patients:likely"), REGISTER),
    **dict.fromkeys(
        (
            "patients:person",
            "patients:status",
            "patients:contact-point",
            "patients:contact-point-state",
            "patients:contact-points",
            "patients:relative",
            "patients:relative-removal",
            "patients:relatives",
        ),
        EDIT,
    ),
    "patients:numbers": NUMBERS,
    **dict.fromkeys(
        ("privacy:decision", "privacy:evidence", "privacy:evidence-new", "privacy:withdrawal"), CONSENT
    ),
    **dict.fromkeys(("privacy:text", "privacy:texts"), TEXTS),
    **dict.fromkeys(("privacy:looks", "privacy:looks-file"), LOOKS),
    **dict.fromkeys(("privacy:person", "privacy:person-copy", "privacy:destruction"), PERSONS),
    # records
    **dict.fromkeys(("records:allergies", "records:encounter", "records:encounter-print"), RECORD),
    **dict.fromkeys(
        ("records:allergy", "records:allergy-new", "records:allergy-refutation", "records:allergies-none"),
        ALLERGY,
    ),
    **dict.fromkeys(
        (
            "records:allergy-check",
            "records:codes",
            "records:correction",
            "records:encounter-cancellation",
            "records:resolution",
            "records:slip",
            "records:stop",
        ),
        WRITE,
    ),
    **dict.fromkeys(
        (
            "records:reexamination-cancellation",
            "records:reexamination-confirmation",
            "records:reexamination-day",
            "records:reexamination-doctor",
            "records:reexamination-move",
            "records:reexamination-new",
        ),
        DATES,
    ),
    **dict.fromkeys(("desk:doctor-day", "desk:doctor-day-patient", "desk:doctor-day-seen"), ENCOUNTERS),
    # care
    "care:work-list": CARE,
    "care:message": CARE,
    "care:call": CARE,
    "care:answer": CALL | ENCOUNTERS,
    **dict.fromkeys(
        (
            "care:attempt-undo",
            "care:attempts",
            "care:call-act",
            "care:call-claim",
            "care:claim",
            "care:completion",
            "care:new-date-preview",
            "care:next-call",
            "care:refute-allergy",
            "care:release",
        ),
        CALL,
    ),
    **dict.fromkeys(("care:assignment", "care:closing", "care:task"), SUPERVISE),
    **dict.fromkeys(
        (
            "care:rule",
            "care:rule-new",
            "care:rule-preview",
            "care:rule-use",
            "care:rules",
            "care:rule-drafts",
        ),
        RULES,
    ),
    **dict.fromkeys(("care:dashboard", "care:dashboard-print", "care:said"), REPORT),
    # knowledge
    **dict.fromkeys(("knowledge:guides", "knowledge:guide"), GUIDES | CALL),
    **dict.fromkeys(
        ("knowledge:edit-guide", "knowledge:new-guide", "knowledge:preview", "knowledge:use"), GUIDES
    ),
    # exchange
    **dict.fromkeys(
        (
            "exchange:answer",
            "exchange:columns",
            "exchange:new",
            "exchange:questions",
            "exchange:refusals",
            "exchange:run",
            "exchange:runs",
            "exchange:step",
        ),
        IMPORT,
    ),
}
