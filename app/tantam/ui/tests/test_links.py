import pytest

from tantam.ui import links
from tantam.ui.tests.pages import Places, rendered


@pytest.fixture(autouse=True)
def own_registry(settings, monkeypatch):
    settings.ROOT_URLCONF = Places
    monkeypatch.setattr(links, "_url_names", {})
    links.register(call="call", step="call-step", calls="calls")
    yield
    links._pattern.cache_clear()


def test_a_page_is_found_by_what_it_shows():
    assert links.url("calls") == "/calls/"
    assert links.url("call", 7) == "/calls/7/"
    assert links.url("step", 12, 3) == "/calls/12/steps/3/"
    assert links.url("call", 987_654_322) == "/calls/987654322/"


def test_a_template_asks_for_a_page_by_what_it_shows():
    assert rendered('<a href="{% link "call" 7 %}">') == '<a href="/calls/7/">'


def test_what_nobody_registered_is_a_mistake_and_no_empty_address():
    with pytest.raises(links.UnknownLink, match="bill"):
        links.url("bill", 7)


def test_registering_again_replaces_the_page():
    assert links.url("calls") == "/calls/"
    links.register(calls="patients")
    assert links.url("calls") == "/patients/"
