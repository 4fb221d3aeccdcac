from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tantam.care.models import CallAttempt, CareRule, CareTask
from tantam.knowledge.models import Occasion
from tests.factories.facility import SiteFactory
from tests.factories.patients import PatientFactory


class CareRuleFactory(DjangoModelFactory[CareRule]):
    """A rule that calls two days before a re-examination, at every site."""

    class Meta:
        model = CareRule

    name = factory.Sequence(lambda n: f"Gọi trước tái khám {n}")
    occasion = Occasion.BEFORE_REEXAMINATION
    days = 2


class CareTaskFactory(DjangoModelFactory[CareTask]):
    """An open call due today; `due_in=` days moves it."""

    class Meta:
        model = CareTask

    class Params:
        due_in = 0

    rule = factory.SubFactory(CareRuleFactory)
    source_kind = "reexamination"
    source_id = factory.Sequence(lambda n: 1_000_000 + n)
    patient = factory.SubFactory(PatientFactory)
    site = factory.SubFactory(SiteFactory)
    occasion = Occasion.BEFORE_REEXAMINATION
    due_on = factory.LazyAttribute(lambda task: timezone.localdate() + timedelta(days=task.due_in))
    anchor_on = factory.LazyAttribute(lambda task: task.due_on + timedelta(days=2))


class CallAttemptFactory(DjangoModelFactory[CallAttempt]):
    class Meta:
        model = CallAttempt

    task = factory.SubFactory(CareTaskFactory)
    patient = factory.LazyAttribute(lambda attempt: attempt.task.patient)
    site = factory.LazyAttribute(lambda attempt: attempt.task.site)
    result = "no_answer"
