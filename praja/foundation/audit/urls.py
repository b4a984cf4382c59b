"""Addresses of the public log."""

from django.urls import path

from praja.foundation.audit import views

urlpatterns = [
    path("catatan/", views.public_log, name="public-log"),
    path("catatan/akar.txt", views.public_roots, name="public-log-roots"),
]
