from __future__ import annotations

from django.urls import path

from tantam.desk.settings import journal, views

app_name = "facility"

urlpatterns = [
    path("settings/organisation/", views.organisation, name="organisation"),
    path("settings/sites/", views.sites, name="sites"),
    path("settings/sites/new/", views.site_new, name="site-new"),
    path("settings/sites/<int:site_id>/", views.site, name="site"),
    path("settings/sites/<int:site_id>/hours/", views.hours, name="hours"),
    path("settings/sites/<int:site_id>/departments/", views.department_new, name="department-new"),
    path("settings/sites/<int:site_id>/rooms/", views.room_new, name="room-new"),
    path("settings/departments/<int:department_id>/", views.department, name="department"),
    path("settings/rooms/<int:room_id>/", views.room, name="room"),
    path("settings/holidays/", views.holidays, name="holidays"),
    path("settings/holidays/<int:holiday_id>/removal/", views.holiday_removal, name="holiday-removal"),
    path("journal/", journal.entries, name="journal"),
    path("journal/export/", journal.export, name="journal-export"),
]
