from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tantam.lib.errors import Refusal


class EncounterInFuture(Refusal):
    message = _("The visit cannot begin in the future. Plan a re-examination instead.")


class EncounterEndsBeforeStart(Refusal):
    message = _("The visit cannot end before it begins.")


class EncounterEmpty(Refusal):
    message = _("Write at least the reason, the symptoms or a diagnosis.")


class EncounterAlreadyCancelled(Refusal):
    message = _("This visit was cancelled; it can no longer be changed.")


class EncounterChangedMeanwhile(Refusal):
    message = _(
        "Someone corrected this visit after you opened it. Nothing of yours is lost: open the visit "
        "in a new tab, compare, and save again."
    )


class AllergyKnown(Refusal):
    message = _("%(agent)s is noted as an allergy. Refute it first when it is none.")


class ReasonNeeded(Refusal):
    message = _("Write the reason in a few words.")


class DoctorNotActive(Refusal):
    message = _("%(doctor)s no longer works here. Choose another doctor.")


class DoctorAlreadyResponsible(Refusal):
    message = _("%(doctor)s is already the responsible doctor.")


class ReexaminationClosed(Refusal):
    message = _("This re-examination is closed: the patient has come, or it was cancelled.")


class ReexaminationMovedMeanwhile(Refusal):
    status = 409
    message = _(
        "Someone moved this re-examination to %(day)s after you opened this form. See whether your date still "
        "fits, and save again."
    )


class ReexaminationInPast(Refusal):
    message = _("%(day)s has passed. Choose a day from today on.")


class SiteClosedThen(Refusal):
    """A date on a closed day, or an hour after closing, is taken only when someone means it."""

    message = _(
        "%(site)s is closed then: %(when)s. Choose an open time, or tick “Still book it” and write why."
    )


class ReexaminationTooFar(Refusal):
    message = _("%(day)s is more than three years away. Choose an earlier day.")


class ReexaminationBeforeEncounter(Refusal):
    message = _("The re-examination must be after the visit.")


class ReexaminationAlreadyPlanned(Refusal):
    message = _("A re-examination is already planned for %(day)s.")


class PatientNotContactable(Refusal):
    message = _("This patient is no longer in our care, so no re-examination can be planned.")


class AgentNeeded(Refusal):
    message = _("Write what the patient is allergic to.")


class AllergyAlreadyNoted(Refusal):
    message = _("An allergy to %(agent)s is already noted for this patient.")


class AllergyAlreadyRefuted(Refusal):
    message = _("This allergy is already marked as refuted.")


class TextNeeded(Refusal):
    message = _("Write what the patient says.")


class DiagnosisAlreadyResolved(Refusal):
    message = _("This diagnosis is already resolved.")


class PrescriptionAlreadyStopped(Refusal):
    message = _("This medicine is no longer in use.")


class AllergyMet(Refusal):
    """A prescription meets a known allergy and says no reason. A reason lets it pass: a warning, not a wall."""

    message = _(
        "%(drug)s: the patient may be allergic (%(agent)s). Change the medicine, or write why it is given."
    )
