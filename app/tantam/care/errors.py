from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tantam.lib.errors import Refusal


class TaskHeldByAnother(Refusal):
    """Somebody else is calling this patient right now."""

    message = _("%(member)s is making this call. Take the next one; nothing you typed here is lost.")
    status = 409


class TaskNotOpen(Refusal):
    """The task was done, closed or found unreachable before."""

    message = _("This call is no longer on the list: it was done or closed in the meantime.")
    status = 409


class CallAlreadyCompleted(Refusal):
    """A conversation is recorded once (B6)."""

    message = _(
        "This call was already recorded by %(member)s at %(time)s. What you typed here is still in the form "
        "but is not saved: add what is missing with “Record at once”."
    )
    status = 409


class OutcomeNeeded(Refusal):
    """Nothing was asked and nothing noted: there is no conversation to record."""

    message = _("Choose at least one answer, or write a note. If nobody answered, use “Not reached”.")


class NoteNeeded(Refusal):
    """A worrying answer comes with what the patient said, for whoever takes the next step."""

    message = _("The patient is worse or not satisfied. Write what they said, so that the doctor can act.")


class CallBackTimeNeeded(Refusal):
    message = _("Choose when the patient wants to be called.")


class CallBackTimePassed(Refusal):
    message = _("That time has passed. Choose a later one.")


class CallBackTooFar(Refusal):
    message = _("Choose a time within the next 60 days.")


class NotTheirContact(Refusal):
    """The number belongs to another patient, or was taken away meanwhile."""

    message = _("This number is no longer one of the patient's. Choose another one.")


class NoReexamination(Refusal):
    message = _("No re-examination is planned for this patient, so there is no date to move.")


class NeedNotSaid(Refusal):
    message = _("Write what the patient needs.")


class ExplanationNeeded(Refusal):
    """A need we cannot meet is always explained to the patient (B8)."""

    message = _("Write what you explained to the patient.")


class QuestionNotSaid(Refusal):
    message = _("Write the patient's question.")


class AnswerNeeded(Refusal):
    message = _("Write the answer.")


class QuestionAlreadyAnswered(Refusal):
    message = _("%(member)s has already answered this question.")
    status = 409


class NothingToCall(Refusal):
    """The list of calls that may be made now is empty, or everyone on it is being called."""

    message = _("Nobody is left to call right now. New calls appear here as they fall due.")


class NotYourClaim(Refusal):
    """Only who holds a call, or a supervisor, can give it back."""

    message = _("You are not holding this call.")
    status = 409


class MayNotCallThere(Refusal):
    """The colleague holds no role that makes calls at the site."""

    message = _("%(member)s may not make care calls at this site.")


class ReasonToCloseNeeded(Refusal):
    message = _("Choose why this contact is closed.")


class RuleChangedMeanwhile(Refusal):
    """Two people, or two tabs, changed the same rule."""

    message = _("Someone changed this rule after you opened it. Look at it again, then make your change.")
    status = 409


class RuleAlreadyThere(Refusal):
    """Two rules would plan the very same contacts."""

    message = _("“%(name)s” already plans the same contact for the same patients.")


class GuideForAnotherOccasion(Refusal):
    message = _("This guide is for another occasion. Choose one that fits the rule.")


class AttemptStands(Refusal):
    """A try is taken back by its author, at once, and while nothing else has happened to the contact."""

    message = _("This try can no longer be taken back: time has passed, or the contact went on since.")
    status = 409


class AttemptAlreadyLogged(Refusal):
    """The form was sent twice, or from two tabs."""

    message = _("This try was already logged.")
    status = 409
