from __future__ import annotations

from django.urls import path

from tantam.exchange.views import columns, questions, runs, upload

app_name = "exchange"

urlpatterns = [
    path("import/", runs.runs, name="runs"),
    path("import/new/", upload.new, name="new"),
    path("import/<int:run_id>/", runs.run, name="run"),
    path("import/<int:run_id>/columns/", columns.columns, name="columns"),
    path("import/<int:run_id>/questions/", questions.questions, name="questions"),
    path("import/<int:run_id>/questions/<int:question_id>/", questions.answer, name="answer"),
    path("import/<int:run_id>/step/", runs.step, name="step"),
    path("import/<int:run_id>/refusals/", runs.refusals, name="refusals"),
]
