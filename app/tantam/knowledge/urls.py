from __future__ import annotations

from django.urls import path

from tantam.knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("knowledge/guides/", views.guides, name="guides"),
    path("knowledge/guides/new/", views.new_guide, name="new-guide"),
    path("knowledge/guides/preview/", views.preview, name="preview"),
    path("knowledge/guides/<int:guide_id>/", views.guide, name="guide"),
    path("knowledge/guides/<int:guide_id>/edit/", views.edit_guide, name="edit-guide"),
    path("knowledge/guides/<int:guide_id>/use/", views.use, name="use"),
]
