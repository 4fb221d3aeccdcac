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
    PRACTITIONER_SAVED = "accounts.practitioner:saved", _("Practitioner saved")
