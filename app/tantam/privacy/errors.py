from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tantam.lib.errors import Refusal


class RepresentativeNeeded(Refusal):
    message = _("For a child, a legal representative agrees. Choose who decided and write their name.")


class BothNeeded(Refusal):
    message = _(
        "From the age of 7 the child agrees together with a representative. Choose “The patient and a representative”."
    )


class AdultDecidesAlone(Refusal):
    message = _(
        "An adult decides for themself. If somebody else decides for this patient, "
        "mark “Someone else decides for them” in the patient's details first."
    )


class RepresentativeNameNeeded(Refusal):
    message = _("Write the name of the representative.")


class EvidenceNeeded(Refusal):
    message = _(
        "Add a scan of the signed paper, or say where the proof is: the number of the paper or of the recording."
    )


class NothingToWithdraw(Refusal):
    message = _("There is no consent to withdraw.")


class DecidedInFuture(Refusal):
    message = _("The day of the decision lies in the future.")


class LaterDecisionKnown(Refusal):
    message = _("A later decision of %(day)s is recorded already; an earlier one cannot come after it.")


class TextUnchanged(Refusal):
    message = _("Nothing differs from the text in force.")


class TextNeeded(Refusal):
    message = _("Write the text in every language.")


class TextChangedMeanwhile(Refusal):
    message = _(
        "Version %(version)s was published while you were writing. "
        "Your words are still here; compare and publish again."
    )


class StillKept(Refusal):
    message = _("The law still requires this record to be kept until %(until)s. Restrict its use instead.")


class EvidenceKnown(Refusal):
    message = _("This very file is already kept with the decision.")


class TooMuchEvidence(Refusal):
    message = _("A decision keeps at most %(limit)s files. Put several pages into one PDF.")
