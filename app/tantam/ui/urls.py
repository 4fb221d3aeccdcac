"""The gallery; part of the site only while developing."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from tantam.ui import views

GALLERY: list[URLPattern] = [
    path("ui/", views.gallery, name="ui_gallery"),
    path("ui/rows/", views.gallery_rows, name="ui_gallery_rows"),
    path("ui/frame/<str:name>/", views.gallery_frame, name="ui_gallery_frame"),
]

urlpatterns: list[URLPattern] = GALLERY if settings.DEBUG else []
