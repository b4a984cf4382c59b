"""Addresses of the public check of signed documents."""

from django.urls import path

from praja.foundation.signing import verify_views

urlpatterns = [
    path("v/", verify_views.verify_upload, name="verify-upload"),
    path("v/<str:code>/", verify_views.verify, name="verify"),
    path("v/<str:code>/dokumen/", verify_views.verify_document, name="verify-document"),
]
