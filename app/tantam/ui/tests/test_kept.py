from __future__ import annotations

import pytest
from django.template import engines
from django.utils.safestring import mark_safe

from tantam.ui import kept
from tantam.ui.kept import fill_rows, render_kept


@pytest.fixture
def parts(monkeypatch):
    """Templates by name, and how often each was rendered."""
    written: dict[str, str] = {}
    rendered: list[str] = []

    def render_to_string(name, context):
        rendered.append(name)
        return engines["django"].from_string(written[name]).render(context)

    monkeypatch.setattr(kept, "render_to_string", render_to_string)
    kept.forget()
    yield written, rendered
    kept.forget()


def test_a_part_is_rendered_once_for_each_set_of_values(parts):
    written, rendered = parts
    written["part"] = "{{ site }}"

    assert [render_kept("part", site=site) for site in ("A", "B", "A")] == ["A", "B", "A"]
    assert rendered == ["part", "part"]


def test_holes_are_filled_anew_escaped_and_never_looked_at_again(parts):
    written, rendered = parts
    written["part"] = "<a title='{{ hole.one }}'>{{ hole.two }}</a>{{ hole.one }}"

    first = render_kept("part", holes={"one": "a&b", "two": mark_safe("<b>x</b>")})
    second = render_kept("part", holes={"one": "two", "two": "one"})

    assert first == "<a title='a&amp;b'><b>x</b></a>a&amp;b"
    assert second == "<a title='two'>one</a>two"
    assert rendered == ["part"]


def test_what_is_costly_is_asked_for_only_when_the_part_is_made(parts):
    written, _rendered = parts
    written["part"] = "{{ menu }}"
    asked = []

    def costly():
        asked.append(1)
        return {"menu": "M"}

    assert [render_kept("part", costly, key="x") for _ in range(3)] == ["M", "M", "M"]
    assert asked == [1]


@pytest.mark.parametrize("odd", ["\ue000name\ue000", "%%name%%", "{{ row.name }}", "name"])
def test_no_text_in_a_row_or_beside_it_is_taken_for_a_place(parts, odd):
    written, _rendered = parts
    written["row"] = "<li>{{ prefix }}{% if row.late %}!{% endif %}{{ row.name }}</li>"

    rows = fill_rows(
        "row", [{"name": odd, "late": "1"}, {"name": "B", "late": ""}], flags=("late",), prefix=odd
    )

    assert rows == f"<li>{odd}!{odd}</li><li>{odd}B</li>"


def test_the_kept_parts_have_a_bound(parts, monkeypatch):
    written, _rendered = parts
    written["part"] = "{{ site }}"
    monkeypatch.setattr(kept, "MOST_KEPT", 3)

    for site in range(10):
        render_kept("part", site=site)

    assert len(kept._parts) <= 3
