"""Addresses of what leaves Praja: evidence and archive."""

from django.urls import path

from praja.foundation.signing import paper_views

urlpatterns = [
    path("<plan:slug>/penandatanganan/arsip/", paper_views.signing_export, name="signing-export"),
    path("<plan:slug>/penandatanganan/<int:pk>/bukti/", paper_views.signing_evidence, name="signing-evidence"),
]
