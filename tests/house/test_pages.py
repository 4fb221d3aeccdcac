"""Views ask no tables, say their methods and their door; no address is named from below."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import get_resolver, path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tantam.accounts.door import door_of, public
from tantam.ui import links
from tests.house import pages
from tests.house.tree import HOUSE


def test_views_ask_no_tables():
    assert pages.tables_in_views(HOUSE) == []


def test_a_query_in_a_view_is_found(plant):
    text = """
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
def page(request, form, rows, chosen):
    row = CareTask.objects.get(pk=1)
    rows.filter(site=1).count()
    chosen.get(pk=3)
    row.contact_points.all()
    row.save(update_fields=["a"])
    row.delete()
"""
    fine = """
from django.db import IntegrityError
from django.shortcuts import redirect, render
def page(request, form, names):
    form.save()
    names.count("a"), request.GET.get("q", ""), request.session.get("x"), names.update(a=1)
    row = access.call_for(request.member, 3)
"""
    house = plant({"care/views/calls.py": text, "privacy/views.py": fine, "care/queries/calls.py": text})
    assert pages.tables_in_views(house) == [
        "care/views/calls.py:2 imports django.db.models",
        "care/views/calls.py:3 imports get_object_or_404",
        "care/views/calls.py:5 .get(…=…)",
        "care/views/calls.py:5 .objects",
        "care/views/calls.py:6 .count()",
        "care/views/calls.py:6 .filter()",
        "care/views/calls.py:7 .get(…=…)",
        "care/views/calls.py:8 .all()",
        "care/views/calls.py:9 .save()",
        "care/views/calls.py:10 .delete()",
    ]


def test_no_address_is_named_from_below():
    assert pages.addresses_above(HOUSE) == []


def test_an_address_named_from_below_is_found(plant):
    house = plant(
        {
            "desk/urls.py": 'app_name = "desk"\n',
            "care/urls/__init__.py": 'app_name = "care"\n',
            "care/views.py": 'a = reverse("care:call", args=[1])\nb = redirect("desk:patient", 3)\n',
            "care/events.py": 'A = "care.call:completed"\nB = "member:7:notices"\n',
            "desk/views.py": 'c = reverse("care:call", args=[1])\n',
            "records/templates/records/slip.html": "<p>\n<a href=\"{% url 'desk:patient' 3 %}\">",
            "records/queries.py": 'd = dict(url_name="care:call")\n',
        }
    )
    assert pages.namespaces(house) == {"desk": "desk", "care": "care"}
    assert pages.addresses_above(house) == [
        "care/views.py:2 desk:patient",
        "records/queries.py:1 care:call",
        "records/templates/records/slip.html:2 desk:patient",
    ]


def test_every_page_asked_for_from_below_is_registered():
    asked = pages.links_asked(HOUSE)
    assert asked
    assert {name: place for name, place in asked.items() if name not in links.registered()} == {}


def test_a_page_nobody_registered_is_found(plant):
    house = plant({"care/a.py": 'links.url("bill", 3)\n', "care/templates/a.html": "{% link 'receipt' 3 %}"})
    assert set(pages.links_asked(house)) == {"bill", "receipt"}


def test_every_registered_page_is_there():
    there = {name for name, _view in pages.views(get_resolver().url_patterns)}
    assert {name: url for name, url in links.registered().items() if url not in there} == {}
    assert links.url("patient", 5) == reverse("desk:patient", args=[5])


def test_no_line_of_a_template_is_too_long():
    assert pages.long_lines(HOUSE) == []


def test_a_long_line_is_found(plant):
    house = plant({"care/templates/care/call.html": "x" * 159 + "\n" + "y" * 160})
    assert pages.long_lines(house) == ["care/templates/care/call.html:2"]


def test_every_view_has_a_door():
    open_to_nobody_knows = [
        name for name, view in pages.views(get_resolver().url_patterns) if door_of(view, name) is None
    ]
    assert open_to_nobody_knows == []


def test_every_view_says_its_methods():
    assert pages.views_for_any_method(get_resolver().url_patterns) == []


def test_a_view_for_any_method_is_found():
    def page(request):
        return HttpResponse()

    page.__module__ = "tantam.care.views.calls"
    patterns = [
        path("any/", public(page), name="any"),
        path("get/", public(require_GET(page)), name="get"),
        path("post/", require_POST(public(page)), name="post"),
        path("both/", public(require_http_methods(["GET", "POST"])(page)), name="both"),
    ]
    assert pages.views_for_any_method(patterns) == ["any"]
    assert pages.methods_of(patterns[1].callback) == {"GET"}
    assert pages.methods_of(patterns[3].callback) == {"GET", "POST"}
