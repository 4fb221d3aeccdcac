"""Sentences that say why something was left out or changed on the way in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PATIENT_NOT_NAMED = _("It does not say which patient it is about.")
PATIENT_UNKNOWN = _("Its patient is neither in these files nor among those already taken in.")
PATIENT_REFUSED = _("Its patient was refused.")
WITHDRAWN = _("The source says this was entered in error.")
NO_DATE = _("There is no date.")
NO_TEXT = _("It says neither what it is nor a code for it.")
NO_VALUE = _("There is no value.")
ENDS_BEFORE_START = _("The end is before the start; the end was left out.")
IN_FUTURE = _("“%(value)s” is in the future.")
UNIT_UNKNOWN = _("We do not know the unit “%(unit)s”.")
VALUE_IMPOSSIBLE = _("%(value)s %(unit)s cannot be.")
NOT_UNDERSTOOD = _("This %(type)s is not shaped as FHIR R4 says; it was left out.")
NOT_A_RESOURCE = _("This is JSON, but not a FHIR resource.")
LINE_BROKEN = _("Line %(line)s is not whole JSON.")
EMPTY = _("The file is empty.")
NOT_READABLE = _("We cannot read this kind of file. Give FHIR (JSON, NDJSON), CSV, Excel or ZIP.")
NOT_UTF8 = _("The file is not in UTF-8 or UTF-16 (line %(line)s).")
SAME_IDENTITY_NUMBER = _("%(count)s different people in these files have this identity number.")
SAME_CODE = _("Two different people in these files have this patient code.")
SAME_ID_DIFFERENT_PEOPLE = _("Two different people in these files have this id.")
ANOTHER_PERSON_NOW = _(
    "This id was “%(code)s” here until now, with another name and another date of birth. Check which is right."
)
SEVERAL_MATCH = _("Several patients here may be meant: %(codes)s.")
CODE_OF_ANOTHER = _("The code %(code)s belongs to another patient here.")
IDENTITY_OF_ANOTHER = _(
    "This identity number belongs to the patient %(code)s here, who has another name and another date of birth."
)
DESTROYED_HERE = _("This patient's data was destroyed here on request; it is not taken in again.")
KEPT_HERE = _("Changed here since the last import; kept as it is.")
NOT_STORED = _("The database did not take it: %(reason)s.")
FILE_GONE = _("The file could not be opened. It was moved, or may not be read.")
