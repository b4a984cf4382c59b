"""Addresses of files."""

from django.urls import path

from praja.foundation.files import views

urlpatterns = [
    path("berkas/<int:pk>/", views.file_download, name="file-download"),
]
