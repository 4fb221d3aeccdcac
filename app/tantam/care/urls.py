from __future__ import annotations

from django.urls import path

from tantam.care.views import calls, dashboard, messages, rules, work_list

app_name = "care"
urlpatterns = [
    path("care/", work_list.work_list, name="work-list"),
    path("care/next", work_list.next_call, name="next-call"),
    path("care/tasks/<int:task_id>/", work_list.task, name="task"),
    path("care/tasks/<int:task_id>/claim", work_list.claim, name="claim"),
    path("care/tasks/<int:task_id>/release", work_list.release, name="release"),
    path("care/tasks/<int:task_id>/assignment", work_list.assignment, name="assignment"),
    path("care/tasks/<int:task_id>/closing", work_list.closing, name="closing"),
    path("care/messages/<int:task_id>/", messages.message, name="message"),
    path("care/rules/", rules.rules, name="rules"),
    path("care/rules/drafts", rules.drafts, name="rule-drafts"),
    path("care/rules/new", rules.rule_new, name="rule-new"),
    path("care/rules/preview", rules.rule_preview, name="rule-preview"),
    path("care/rules/<int:rule_id>/", rules.rule, name="rule"),
    path("care/rules/<int:rule_id>/use", rules.rule_use, name="rule-use"),
    path("care/dashboard/", dashboard.dashboard, name="dashboard"),
    path("care/dashboard/print", dashboard.dashboard_print, name="dashboard-print"),
    path("care/dashboard/said/<slug:what>/", dashboard.said, name="said"),
    path("care/calls/<int:task_id>/", calls.call, name="call"),
    path("care/calls/<int:task_id>/claim", calls.claim, name="call-claim"),
    path("care/calls/<int:task_id>/completion", calls.completion, name="completion"),
    path("care/calls/<int:task_id>/attempts", calls.attempts, name="attempts"),
    path("care/attempts/<int:attempt_id>/undo", calls.attempt_undo, name="attempt-undo"),
    path("care/calls/<int:task_id>/new-date-preview", calls.new_date_preview, name="new-date-preview"),
    path("care/calls/<int:task_id>/record/<slug:kind>/", calls.act, name="call-act"),
    path(
        "care/calls/<int:task_id>/allergies/<int:allergy_id>/refute/",
        calls.refute_allergy,
        name="refute-allergy",
    ),
    path("care/questions/<int:question_id>/answer/", calls.answer, name="answer"),
]
