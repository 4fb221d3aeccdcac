from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tantam.lib.errors import Refusal


class HoursOverlap(Refusal):
    code = "facility.hours-overlap"
    message = _("%(weekday)s: the hours overlap. Give each stretch of the day its own times.")


class NotEverywhere(Refusal):
    code = "facility.not-everywhere"
    message = _("This counts at every site. Only whoever manages every site may change it.")


class PlaceAlreadyThere(Refusal):
    code = "facility.place-already-there"
    message = _("There is one of this name, code or date already. Change that one instead.")
