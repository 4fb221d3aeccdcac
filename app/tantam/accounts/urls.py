from __future__ import annotations

from django.urls import path

from tantam.accounts.views import invitations, joining, members, preferences, profile, roles, sessions

app_name = "accounts"

urlpatterns = [
    path("setup/<str:token>/", joining.set_up, name="set-up"),
    path("join/<str:token>/", joining.join, name="join"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("language/", preferences.language, name="language"),
    path("me/", profile.profile, name="profile"),
    path("me/sessions/", sessions.sessions, name="sessions"),
    path("me/sessions/<int:session_id>/ending/", sessions.session_ending, name="session-ending"),
    path("me/sessions/others/ending/", sessions.other_sessions_ending, name="other-sessions-ending"),
    path("members/", members.members, name="members"),
    path("members/roles/", roles.roles, name="roles"),
    path("members/invitations/new/", invitations.invitation_new, name="invitation-new"),
    path(
        "members/invitations/<int:invitation_id>/withdrawal/",
        invitations.invitation_withdrawal,
        name="invitation-withdrawal",
    ),
    path("members/<int:member_id>/", members.member, name="member"),
    path("members/<int:member_id>/access/", members.member_access, name="member-access"),
    path(
        "members/<int:member_id>/sessions/<int:session_id>/ending/",
        sessions.member_session_ending,
        name="member-session-ending",
    ),
]
