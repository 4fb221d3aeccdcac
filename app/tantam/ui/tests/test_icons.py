import pytest
from django.template import TemplateSyntaxError

from tantam.ui.icons import UnknownIcon, svg
from tantam.ui.tests.pages import rendered


def test_an_icon_beside_text_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in rendered('{% icon "phone" %}')
    assert "<path" in rendered('{% icon "phone" %}')


def test_an_icon_alone_has_a_name_which_is_escaped():
    drawn = rendered('{% icon "phone" label=name %}', name='Gọi "cô" Hạnh')

    assert 'role="img"' in drawn
    assert 'aria-label="Gọi &quot;cô&quot; Hạnh"' in drawn


def test_a_name_from_the_context_is_drawn_like_a_written_one():
    assert rendered("{% icon name %}", name="phone") == rendered('{% icon "phone" %}')


def test_a_written_name_that_does_not_exist_stops_the_template():
    with pytest.raises(TemplateSyntaxError, match="no-such-icon"):
        rendered('{% icon "no-such-icon" %}')


def test_a_missing_drawing_takes_no_page_down_in_production(settings):
    settings.DEBUG = False
    assert svg("no-such-icon") == ""
    assert svg("../../etc/passwd") == ""

    settings.DEBUG = True
    with pytest.raises(UnknownIcon):
        svg("no-such-icon")
