"""Addresses of jobs."""

from django.urls import path

from praja.foundation.jobs import views

urlpatterns = [
    path("pekerjaan/<uuid:uid>/", views.detail, name="job-detail"),
    path("pekerjaan/<uuid:uid>/keadaan/", views.state, name="job-state"),
    path("pekerjaan/<uuid:uid>/ulang/", views.retry, name="job-retry"),
]
