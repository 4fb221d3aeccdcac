from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tantam.lib.errors import Refusal


class NothingReceived(Refusal):
    message = _("Choose at least one file.")


class RunIsWorking(Refusal):
    message = _("This import is running. Stop it first.")


class RunNotChecked(Refusal):
    message = _("These files have not been checked yet. Check them first, then take them in.")


class RunIsOver(Refusal):
    message = _("This import is finished. Upload the files again to start another.")


class RunNotWorking(Refusal):
    message = _("This import is not running.")


class SourceNameTaken(Refusal):
    message = _("There is already a source called “%(name)s”. Choose it from the list, or use another name.")


class FilesGone(Refusal):
    message = _("The files of this import are no longer there. Upload them again.")


class SheetLooksShifted(Refusal):
    message = _(
        "%(count)s patients we know would get another name or identity number. The sheet looks shifted: a column may"
        " have been sorted apart from the others. Look at it; only somebody who puts their name to it can take it in."
    )


class RunNotShifted(Refusal):
    message = _("There is nothing to confirm here.")


class RunNotUndoable(Refusal):
    message = _(
        "Nothing of this import can be taken back: nothing of it was written, or it was taken back already."
    )


class AnswersNotUnderstood(Refusal):
    message = _(
        "Row %(row)s of the file of answers: “%(value)s” is no answer. Write same, another or leave_out."
    )
