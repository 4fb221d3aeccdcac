"""Guides for a conversation, not scripts: written, versioned, compared, chosen, filled (C5)."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, transaction

from tantam.accounts.permissions import Role
from tantam.journal.models import Entry
from tantam.knowledge.errors import GuideChangedMeanwhile, GuideSaysNothing, GuideUnchanged
from tantam.knowledge.models import Guide, GuideVersion, Occasion
from tantam.knowledge.operations import (
    GuideContent,
    GuideScope,
    create_guide,
    ensure_starter_guides,
    publish_guide,
    restore_guide,
    retire_guide,
)
from tantam.knowledge.queries.guides import guide_for
from tantam.knowledge.rules.differences import differences
from tantam.knowledge.rules.filling import filled
from tests.factories.accounts import MemberFactory
from tests.factories.knowledge import GuideFactory, GuideVersionFactory

BEFORE = Occasion.BEFORE_REEXAMINATION
CONTENT = GuideContent(["Biết huyết áp"], ["Huyết áp bao nhiêu?"], ["medicines"], ["Trên 180: gọi 115"])


@pytest.fixture
def trainer(site):
    return MemberFactory(username="daotao", full_name="Võ Thị Giảng", roles=[(Role.TRAINER, site)])


@pytest.fixture
def version(trainer) -> GuideVersion:
    return create_guide(title="Tăng huyết áp", scope=GuideScope(BEFORE), content=CONTENT, actor=trainer)


class TestVersions:
    def test_publishing_makes_a_new_version_and_keeps_the_old_one(self, version, trainer):
        changed = GuideContent(["Biết huyết áp"], ["Đo lúc nào?"])

        second = publish_guide(
            version.guide,
            title="Tăng huyết áp",
            scope=GuideScope(BEFORE),
            content=changed,
            seen=1,
            actor=trainer,
        )

        assert (second.number, second.questions, second.published_by) == (2, ["Đo lúc nào?"], trainer)
        version.refresh_from_db()
        assert version.questions == ["Huyết áp bao nhiêu?"]
        assert Entry.objects.filter(event="knowledge.guide:published").count() == 2

    def test_a_version_can_never_be_changed(self, version):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            GuideVersion.objects.filter(pk=version.pk).update(goals=[])
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            version.delete()

    def test_a_newer_version_of_a_colleague_is_not_overwritten(self, version, trainer):
        publish = {"title": "Tăng huyết áp", "scope": GuideScope(BEFORE), "seen": 1, "actor": trainer}
        publish_guide(version.guide, content=GuideContent(["a"], ["b"]), **publish)

        with pytest.raises(GuideChangedMeanwhile):
            publish_guide(version.guide, content=GuideContent(["c"], ["d"]), **publish)

    def test_a_guide_says_something_new(self, version, trainer):
        publish = {"title": "Tăng huyết áp", "scope": GuideScope(BEFORE), "seen": 1, "actor": trainer}
        with pytest.raises(GuideUnchanged):
            publish_guide(version.guide, content=CONTENT, **publish)
        with pytest.raises(GuideSaysNothing):
            publish_guide(version.guide, content=GuideContent([], ["?"]), **publish)

    def test_a_new_title_alone_needs_no_new_version(self, version, trainer):
        kept = publish_guide(
            version.guide, title="Huyết áp", scope=GuideScope(BEFORE), content=CONTENT, seen=1, actor=trainer
        )

        assert kept.number == 1
        assert Guide.objects.get().title == "Huyết áp"

    def test_a_guide_out_of_use_can_come_back(self, version, trainer):
        retire_guide(version.guide, actor=trainer)
        assert guide_for(occasion=BEFORE, speciality_id=None, codes=[]) is None

        restore_guide(version.guide, actor=trainer)
        assert guide_for(occasion=BEFORE, speciality_id=None, codes=[]) == version


class TestWhichGuide:
    """The most specific one wins: diagnosis, mark, speciality, general."""

    @pytest.fixture
    def guides(self, cardiology):
        scopes = {
            "general": {},
            "heart": {"speciality": cardiology},
            "pregnant": {"mark": "pregnant", "diagnosis_prefixes": "O Z34"},
            "pressure": {"diagnosis_prefixes": "I10 I11"},
            "circulation": {"diagnosis_prefixes": "I"},
        }
        return {
            name: GuideVersionFactory(guide=GuideFactory(title=name, **scope))
            for name, scope in scopes.items()
        }

    @pytest.mark.parametrize(
        ("codes", "marks", "in_cardiology", "wins"),
        [
            ([], [], False, "general"),
            ([], [], True, "heart"),
            (["J45"], [], True, "heart"),
            (["I10"], [], True, "pressure"),
            (["I50"], [], True, "circulation"),
            (["J45", "I11.9"], [], False, "pressure"),
            ([], ["pregnant"], True, "pregnant"),
            (["O80"], [], False, "pregnant"),
            (["I10"], ["pregnant"], False, "pressure"),
        ],
    )
    def test_the_closest_wins(self, guides, cardiology, codes, marks, in_cardiology, wins):
        found = guide_for(
            occasion=BEFORE, speciality_id=cardiology.pk if in_cardiology else None, codes=codes, marks=marks
        )

        assert found == guides[wins]

    def test_another_occasion_has_other_guides(self, guides):
        assert guide_for(occasion=Occasion.AFTER_ENCOUNTER, speciality_id=None, codes=["I10"]) is None

    def test_the_latest_version_is_the_one(self, guides):
        newer = GuideVersionFactory(guide=guides["general"].guide, number=2)

        assert guide_for(occasion=BEFORE, speciality_id=None, codes=[]) == newer


def test_lines_are_filled_with_the_patient_s_own_words():
    guide = GuideVersionFactory.build(
        guide=GuideFactory.build(title="Chung"),
        questions=["{xưng hô} có khỏe không?", "Ngày {ngày tái khám} gặp {bác sĩ} nhé"],
        facts=["medicines", "allergies", "gone"],
    )

    shown = filled(
        guide,
        places={"{xưng hô}": "bác Năm", "{ngày tái khám}": "Thứ Hai 23/11/2026"},
        facts={"medicines": ["Amlodipin"], "allergies": []},
    )

    assert shown.questions == ["Bác Năm có khỏe không?", "Ngày Thứ Hai 23/11/2026 gặp bác sĩ nhé"]
    assert [lines for _label, lines in shown.facts] == [["Amlodipin"]]


def test_a_comparison_shows_what_went_and_what_came():
    lines = differences(["một", "hai", "ba"], ["một", "hai rưỡi", "ba", "bốn"])

    assert [(line.kind, line.text) for line in lines] == [
        ("same", "một"),
        ("removed", "hai"),
        ("added", "hai rưỡi"),
        ("same", "ba"),
        ("added", "bốn"),
    ]


class TestStarters:
    def test_they_come_once(self, db):
        first = ensure_starter_guides(actor=None)

        assert first >= 9
        assert ensure_starter_guides(actor=None) == 0
        assert Guide.objects.count() == first

    def test_an_edited_or_retired_one_stays_as_it_is(self, db, trainer):
        ensure_starter_guides(actor=None)
        guide = Guide.objects.get(starter_key="hypertension")
        retire_guide(guide, actor=trainer)

        ensure_starter_guides(actor=None)

        guide.refresh_from_db()
        assert not guide.is_active

    @pytest.mark.parametrize(
        ("occasion", "codes", "marks", "key"),
        [
            ("before_reexamination", [], [], "general-before"),
            ("before_reexamination", ["I10"], [], "hypertension"),
            ("before_reexamination", ["E11.9"], [], "diabetes"),
            ("before_reexamination", [], ["child"], "child"),
            ("before_reexamination", ["Z34.0"], [], "pregnancy"),
            ("after_encounter", [], [], "general-after"),
            ("after_encounter", ["K01.1"], [], "dental-extraction"),
            ("after_encounter", ["K08.1"], [], "dental-implant"),
            ("after_encounter", ["K05.3"], [], "dental-after"),
        ],
    )
    def test_each_meets_its_patients(self, db, occasion, codes, marks, key):
        ensure_starter_guides(actor=None)

        found = guide_for(occasion=occasion, speciality_id=None, codes=codes, marks=marks)

        assert found is not None
        assert found.guide.starter_key == key
        assert len(found.goals) >= 2
        assert len(found.questions) >= 5
        assert found.cautions
