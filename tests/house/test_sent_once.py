"""What a form creates it creates once: sent again, or by two servers at the same moment."""

from __future__ import annotations

import io
import uuid

import pytest
from django.db import models

from tantam.care.models import CareRule
from tantam.care.operations.rules import create_rule
from tantam.care.rules.contents import content_of
from tantam.exchange.engine.vault import Upload
from tantam.exchange.models import ImportRun, Source
from tantam.exchange.models.sources import NewSource
from tantam.exchange.operations.runs import receive_upload
from tantam.knowledge.models import Guide
from tantam.knowledge.operations import create_guide
from tantam.knowledge.rules.content import GuideContent, GuideScope
from tests.factories.care import CareRuleFactory
from tests.threads import at_once


def _rule(site, by, key):
    content = content_of(CareRuleFactory.build(site=site, name="Gọi trước ba ngày", days=3))
    return create_rule(content, submission=key, actor=by)


def _guide(site, by, key):
    scope = GuideScope("before_reexamination", None, "", "")
    return create_guide(
        title="Nhắc tái khám",
        scope=scope,
        content=GuideContent(["Nhắc"], ["Anh chị khỏe không?"], [], []),
        submission=key,
        actor=by,
    ).guide


def _import(site, by, key):
    return receive_upload(
        NewSource("Sổ giấy", site), uploads=[Upload("a.csv", io.BytesIO(b"a;b"))], submission=key, actor=by
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("model", "send"),
    [
        pytest.param(CareRule, _rule, id="care-rule"),
        pytest.param(Guide, _guide, id="conversation-guide"),
        pytest.param(ImportRun, _import, id="import"),
    ],
)
def test_three_equal_sendings_at_once_make_one_row(
    model: type[models.Model], send, site, manager, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    key = uuid.uuid4()
    answers = at_once(*(lambda: send(site, manager, key) for _ in range(3)))

    assert {getattr(answer, "pk", answer) for answer in answers} == {answers[0].pk}
    assert model._default_manager.filter(submission=key).count() == 1
    if model is ImportRun:
        assert Source.objects.filter(name="Sổ giấy").count() == 1
        assert len(list((tmp_path / "imports").iterdir())) == 1
