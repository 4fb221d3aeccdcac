from __future__ import annotations

from django.urls import path

from tantam.exchange import views

app_name = "exchange"

urlpatterns = [
    path("import/", views.runs, name="runs"),
    path("import/new/", views.new, name="new"),
    path("import/<int:run_id>/", views.run, name="run"),
    path("import/<int:run_id>/columns/", views.columns, name="columns"),
    path("import/<int:run_id>/step/", views.step, name="step"),
    path("import/<int:run_id>/refusals/", views.refusals, name="refusals"),
]
