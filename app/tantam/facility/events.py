from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FacilityEvent(models.TextChoices):
    FIRST_STEPS_PUT_AWAY = "facility.organisation:first-steps", _("First steps put away or brought back")
    ORGANISATION_CORRECTED = "facility.organisation:corrected", _("Organisation's details corrected")
    SITE_SAVED = "facility.site:saved", _("Site saved")
    DEPARTMENT_SAVED = "facility.department:saved", _("Department saved")
    ROOM_SAVED = "facility.room:saved", _("Room saved")
    HOURS_SET = "facility.site:hours-set", _("Opening hours set")
    HOLIDAY_SAVED = "facility.holiday:saved", _("Holiday saved")
    HOLIDAY_REMOVED = "facility.holiday:removed", _("Holiday entry removed")
    SPECIALITY_SAVED = "facility.speciality:saved", _("Speciality saved")
