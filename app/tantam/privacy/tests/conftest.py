from __future__ import annotations

import pytest

from tests.factories.patients import PatientFactory


@pytest.fixture
def patient(site):
    return PatientFactory(full_name="Trần Thị Bưởi", birth_year=1985)
