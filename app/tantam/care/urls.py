from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

app_name = "care"
urlpatterns: list[URLPattern | URLResolver] = []
if find_spec("tantam.care.urls_calls"):
    urlpatterns.append(path("", include("tantam.care.urls_calls")))
