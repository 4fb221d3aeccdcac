import pytest

from tantam.ui import menu
from tantam.ui.menu import Command, Group, MenuItem, QuickAdd, Search, menu_for, register, search_for
from tantam.ui.tests.pages import Places


@pytest.fixture(autouse=True)
def own_registry(settings, monkeypatch):
    settings.ROOT_URLCONF = Places
    monkeypatch.setattr(menu, "_entries", {})
    menu.forget()
    yield
    menu.forget()


def labels(places):
    return [str(place.label) for place in places]


def test_a_member_sees_only_what_they_may_open():
    register(
        MenuItem(Group.PATIENTS, "Bệnh nhân", "patients", "users", permission="patient.find"),
        MenuItem(Group.CARE, "Cuộc gọi", "calls", "phone", permission="care.see"),
    )

    assert labels(menu_for(frozenset({"care.see"})).places) == ["Cuộc gọi"]
    assert labels(menu_for(frozenset({"care.see", "patient.find"})).places) == ["Bệnh nhân", "Cuộc gọi"]
    assert menu_for(frozenset()).sections == ()


def test_a_place_without_a_permission_is_for_everyone_signed_in():
    register(QuickAdd("Góp ý", "calls", "message-square-warning"))

    assert labels(menu_for(frozenset()).quick_add) == ["Góp ý"]


def test_a_page_that_does_not_exist_is_left_out():
    register(
        MenuItem(Group.CARE, "Cuộc gọi", "calls", "phone"),
        MenuItem(Group.QUOTES, "Báo giá", "billing:quotes", "receipt"),
        Command("Nhập", "exchange:upload", "upload"),
    )

    found = menu_for(frozenset())

    assert labels(found.places) == ["Cuộc gọi"]
    assert found.commands == ()


def test_groups_come_in_the_order_of_a_day_and_places_in_theirs():
    register(
        MenuItem(Group.CARE, "Sau", "calls", "phone", order=20),
        MenuItem(Group.CARE, "Trước", "patient-new", "phone", order=10),
        MenuItem(Group.PATIENTS, "Bệnh nhân", "patients", "users"),
    )

    assert [section.group for section in menu_for(frozenset()).sections] == [Group.PATIENTS, Group.CARE]
    assert labels(menu_for(frozenset()).places) == ["Bệnh nhân", "Trước", "Sau"]


def test_the_longest_prefix_is_the_current_place():
    register(
        MenuItem(Group.PATIENTS, "Bệnh nhân", "patients", "users"),
        MenuItem(Group.FRONT_DESK, "Mới", "patient-new", "user-plus"),
    )
    found = menu_for(frozenset())

    assert str(found.current("/patients/17/").label) == "Bệnh nhân"
    assert str(found.current("/patients/new/").label) == "Mới"
    assert found.current("/elsewhere/") is None


def test_a_phone_shows_four_places_at_most():
    register(*(MenuItem(group, group.value, "calls", "phone", phone=True) for group in list(Group)[:6]))
    assert len(menu_for(frozenset()).phone_places) == 4


def test_registering_again_replaces_and_is_seen_at_once():
    register(MenuItem(Group.CARE, "Cũ", "calls", "phone"))
    assert labels(menu_for(frozenset()).places) == ["Cũ"]

    register(MenuItem(Group.CARE, "Mới", "calls", "phone"))
    assert labels(menu_for(frozenset()).places) == ["Mới"]


def test_the_search_is_there_only_for_who_may_find_patients(monkeypatch):
    monkeypatch.setattr(menu, "_search", [Search("desk:search")])
    assert search_for(frozenset()) == "desk:search"

    register(Search("patients", permission="patient.find"))
    assert search_for(frozenset({"patient.find"})) == "patients"
    assert search_for(frozenset()) == ""
