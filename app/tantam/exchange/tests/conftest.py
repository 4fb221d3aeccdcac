from __future__ import annotations

import pytest

from tantam.exchange.engine import running
from tantam.exchange.models import ImportRun, RunState, Source
from tantam.exchange.operations.runs import name_files, start_applying, start_reading
from tests.factories.exchange import SourceFactory


@pytest.fixture
def source(site) -> Source:
    """A source that numbers its patients as we do."""
    return SourceFactory(site=site, numbers_are_ours=True)


@pytest.fixture
def own_numbers(site) -> Source:
    """A source with patient codes of its own, as every new one is."""
    return SourceFactory(site=site)


@pytest.fixture
def check_files(source):
    """Read and check files; answers the checked run."""

    def _check(*paths, of=None, actor=None) -> ImportRun:
        run = name_files(of or source, paths=paths, actor=actor)
        run = start_reading(run, in_background=False, actor=actor)
        return running.read_and_check(run.pk)

    return _check


@pytest.fixture
def take_in(check_files):
    """Read, check and write files; answers the finished run."""

    def _take_in(*paths, of=None, actor=None) -> ImportRun:
        run = check_files(*paths, of=of, actor=actor)
        run = start_applying(run, in_background=False, actor=actor)
        run = running.apply(run.pk)
        assert run.state == RunState.DONE
        return run

    return _take_in
