"""The shop's pages; django_prometheus adds /metrics."""

from django.urls import include, path

urlpatterns = [
    path("", include("django_prometheus.urls")),
    path("", include("catalog.urls")),
]
