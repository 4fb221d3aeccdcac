"""The cast of every story: Mai may, Dũng may only read, Hoa is at the other branch, Oscar is nobody."""

from __future__ import annotations

import pytest

from tantam.accounts.models import Member, Practitioner
from tantam.accounts.permissions import Role
from tantam.facility.models import Organisation, Site, Speciality
from tests.factories.accounts import MemberFactory, PractitionerFactory
from tests.factories.facility import OrganisationFactory, SiteFactory, SpecialityFactory


@pytest.fixture
def organisation(db: None) -> Organisation:
    return OrganisationFactory()


@pytest.fixture
def site(organisation: Organisation) -> Site:
    """The hospital where Mai and Dũng work."""
    return SiteFactory(code="trung-tam", name="Bệnh viện Tận Tâm Trung tâm")


@pytest.fixture
def other_site(organisation: Organisation) -> Site:
    """The other branch, where Hoa works."""
    return SiteFactory(code="phia-nam", name="Bệnh viện Tận Tâm Phía Nam")


@pytest.fixture
def cardiology(db: None) -> Speciality:
    return SpecialityFactory(code="tim-mach", name="Tim mạch", name_en="Cardiology")


@pytest.fixture
def mai(site: Site) -> Member:
    """A care agent who may call."""
    return MemberFactory(username="mai", full_name="Trần Thị Mai", roles=[(Role.CARE_AGENT, site)])


@pytest.fixture
def dung(site: Site) -> Member:
    """A complaint officer: may read records and care history, may change neither."""
    return MemberFactory(username="dung", full_name="Lê Quốc Dũng", roles=[(Role.COMPLAINT_OFFICER, site)])


@pytest.fixture
def hoa(other_site: Site) -> Member:
    """A care agent at the other branch."""
    return MemberFactory(username="hoa", full_name="Phạm Thị Hoa", roles=[(Role.CARE_AGENT, other_site)])


@pytest.fixture
def oscar(db: None) -> Member:
    """Signed in, but without any role."""
    return MemberFactory(username="oscar", full_name="Oscar Nguyễn", roles=[])


@pytest.fixture
def manager(site: Site) -> Member:
    return MemberFactory(username="quanly", full_name="Đỗ Minh Quân", roles=[(Role.MANAGER, site)])


@pytest.fixture
def receptionist(site: Site) -> Member:
    return MemberFactory(username="letan", full_name="Vũ Thị Lan", roles=[(Role.RECEPTIONIST, site)])


@pytest.fixture
def doctor(site: Site, cardiology: Speciality) -> Practitioner:
    """Doctor Sơn, who signs in and has patients."""
    member = MemberFactory(username="bsson", full_name="Nguyễn Hồng Sơn", roles=[(Role.DOCTOR, site)])
    return PractitionerFactory(
        member=member, full_name=member.full_name, title="BS.", site=site, speciality=cardiology
    )
