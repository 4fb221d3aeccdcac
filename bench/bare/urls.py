from __future__ import annotations

from django.urls import path

from bench.bare import views

urlpatterns = [path("rows/<int:first>/", views.rows), path("health/ready", views.health)]
