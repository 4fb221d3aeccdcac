from __future__ import annotations

from django.urls import path

from tantam.care.views import calls

urlpatterns = [
    path("care/calls/<int:task_id>/", calls.call, name="call"),
    path("care/calls/<int:task_id>/completion", calls.completion, name="completion"),
    path("care/calls/<int:task_id>/attempts", calls.attempts, name="attempts"),
    path("care/calls/<int:task_id>/new-date-preview", calls.new_date_preview, name="new-date-preview"),
    path("care/calls/<int:task_id>/record/<slug:kind>/", calls.act, name="call-act"),
    path(
        "care/calls/<int:task_id>/allergies/<int:allergy_id>/refute/",
        calls.refute_allergy,
        name="refute-allergy",
    ),
    path("care/questions/<int:question_id>/answer/", calls.answer, name="answer"),
]
