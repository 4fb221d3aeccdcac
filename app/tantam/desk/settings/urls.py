from __future__ import annotations

from django.urls import path

from tantam.desk.settings.views import holidays, journal, organisation, places

app_name = "facility"

urlpatterns = [
    path("settings/organisation/", organisation.organisation, name="organisation"),
    path("settings/sites/", places.sites, name="sites"),
    path("settings/sites/new/", places.site_new, name="site-new"),
    path("settings/sites/<int:site_id>/", places.site, name="site"),
    path("settings/sites/<int:site_id>/hours/", places.hours, name="hours"),
    path("settings/sites/<int:site_id>/departments/", places.department_new, name="department-new"),
    path("settings/sites/<int:site_id>/rooms/", places.room_new, name="room-new"),
    path("settings/departments/<int:department_id>/", places.department, name="department"),
    path("settings/rooms/<int:room_id>/", places.room, name="room"),
    path("settings/holidays/", holidays.holidays, name="holidays"),
    path("settings/holidays/<int:holiday_id>/removal/", holidays.holiday_removal, name="holiday-removal"),
    path("journal/", journal.entries, name="journal"),
    path("journal/export/", journal.export, name="journal-export"),
]
