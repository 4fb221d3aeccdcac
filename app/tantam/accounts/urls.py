from __future__ import annotations

from django.urls import path

from tantam.accounts import views, views_sessions

app_name = "accounts"

urlpatterns = [
    path("setup/<str:token>/", views.set_up, name="set-up"),
    path("join/<str:token>/", views.join, name="join"),
    path("preferences/", views.preferences, name="preferences"),
    path("language/", views.language, name="language"),
    path("me/", views.profile, name="profile"),
    path("me/sessions/", views_sessions.sessions, name="sessions"),
    path("me/sessions/<int:session_id>/ending/", views_sessions.session_ending, name="session-ending"),
    path("me/sessions/others/ending/", views_sessions.other_sessions_ending, name="other-sessions-ending"),
    path("members/", views.members, name="members"),
    path("members/roles/", views.roles, name="roles"),
    path("members/invitations/new/", views.invitation_new, name="invitation-new"),
    path(
        "members/invitations/<int:invitation_id>/withdrawal/",
        views.invitation_withdrawal,
        name="invitation-withdrawal",
    ),
    path("members/<int:member_id>/", views.member, name="member"),
    path("members/<int:member_id>/access/", views.member_access, name="member-access"),
    path(
        "members/<int:member_id>/sessions/<int:session_id>/ending/",
        views_sessions.member_session_ending,
        name="member-session-ending",
    ),
]
