from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from tantam.knowledge.models import Guide, GuideVersion, Occasion


class GuideFactory(DjangoModelFactory[Guide]):
    """A general guide before a re-examination, without a version."""

    class Meta:
        model = Guide

    title = factory.Sequence(lambda n: f"Hướng dẫn {n}")
    occasion = Occasion.BEFORE_REEXAMINATION


class GuideVersionFactory(DjangoModelFactory[GuideVersion]):
    class Meta:
        model = GuideVersion

    guide = factory.SubFactory(GuideFactory)
    number = 1
    goals = ["Biết {xưng hô} thấy thế nào"]
    questions = ["Hôm nay {xưng hô} thấy thế nào ạ?", "{xưng hô} đến được ngày {ngày tái khám} không?"]
    facts = ["medicines", "last_encounter"]
    cautions = ["Đau ngực: gọi 115"]
