from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountEvent(models.TextChoices):
    MEMBER_INVITED = "accounts.member:invited", _("Colleague invited")
    INVITATION_WITHDRAWN = "accounts.invitation:withdrawn", _("Invitation withdrawn")
    MEMBER_JOINED = "accounts.member:joined", _("Colleague joined")
    ROLES_CHANGED = "accounts.member:roles-changed", _("Roles changed")
    MEMBER_CORRECTED = "accounts.member:corrected", _("Colleague's details corrected")
    MEMBER_DEACTIVATED = "accounts.member:deactivated", _("Access ended")
    MEMBER_REACTIVATED = "accounts.member:reactivated", _("Access given again")
    PREFERENCES_SET = "accounts.member:preferences-set", _("Preferences changed")
    SESSIONS_ENDED = "accounts.member:sessions-ended", _("Signed out everywhere")
    SESSION_ENDED = "accounts.member:session-ended", _("Signed out on one device")
    ORGANISATION_SET_UP = "accounts.organisation:set-up", _("Organisation set up")
    SETUP_LINK_MADE = "accounts.organisation:set-up-link-made", _("Set-up link made")
    ROLE_COMPOSED = "accounts.role:composed", _("Role composed")
    ROLE_CHANGED = "accounts.role:changed", _("Role changed")
    IDLING_SET = "accounts.role:idling-set", _("Time until unused sessions end changed")
    ROLE_RETIRED = "accounts.role:retired", _("Role retired")
    SIGNED_IN = "accounts.member:signed-in", _("Signed in")
    SIGNED_OUT = "accounts.member:signed-out", _("Signed out")
    SIGN_IN_FAILED = "accounts.member:sign-in-failed", _("Sign-in failed")
    PASSWORD_CHANGED = "accounts.member:password-changed", _("Password changed")
    PASSWORD_RESET_ASKED = "accounts.member:password-reset-asked", _("New password asked for")
    FACTOR_ADDED = "accounts.member:factor-added", _("Second step added")
    FACTOR_REMOVED = "accounts.member:factor-removed", _("Second step removed")
    REQUEST_REFUSED = "accounts.member:request-refused", _("Request refused")
    PRACTITIONER_SAVED = "accounts.practitioner:saved", _("Practitioner saved")
