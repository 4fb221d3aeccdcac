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
NOT_ABOUT_A_PATIENT = _("This %(type)s is about a %(about)s, not about a patient.")
NOT_A_RESOURCE = _("This is JSON, but not a FHIR resource.")
LINE_BROKEN = _("Line %(line)s is not whole JSON.")
EMPTY = _("The file is empty.")
NOT_READABLE = _("We cannot read this kind of file. Give FHIR (JSON, NDJSON), CSV, Excel or ZIP.")
NOT_UTF8 = _("The file is not in UTF-8 or UTF-16 (line %(line)s).")
SAME_ID_DIFFERENT_PEOPLE = _("Two different people in these files have this id.")
SEVERAL_MATCH = _("Several patients here may be meant: %(codes)s.")
QUESTION_AROSE = _(
    "It may be the patient %(code)s, and something contradicts. That was not so when the files were checked: check them"
    " again, then answer."
)
OTHER_NOT_HERE = _("Whom it was said to be is not here; that row was left out.")
LEFT_OUT = _("It was left out, as somebody here answered.")
NOT_ANSWERED = _("Nobody answered whether it is somebody we know, so it was left out.")
NUMBER_HELD = _(
    "This identity number stays with %(code)s; it was left out here, because you said it is another person."
)
CODE_HELD = _("This code stays with %(code)s; it was left out here, because you said it is another person.")
BELONGS_TO_ANOTHER = _("It is in the record of another patient already; it stays there.")
DESTROYED_HERE = _("This patient's data was destroyed here on request; it is not taken in again.")
KEPT_HERE = _("Changed here since the last import; kept as it is.")
KEPT_FROM_BEFORE = _("It was known here before this source said it; kept as it is.")
KEPT_FROM_SOURCE = _("Another source says it (%(source)s); kept as it is.")
KEPT_FROM_FILES = _("Another entry of these files says it; kept as it is.")
NOT_STORED = _("The database did not take it: %(reason)s.")
FILE_GONE = _("The file could not be opened. It was moved, or may not be read.")
