"""Addresses of lists as files."""

from django.urls import path

from praja.foundation.sheets import export_views

urlpatterns = [
    path("<slug:slug>/unduh/<str:what>/", export_views.export_new, name="export-new"),
    path("unduhan/<uuid:uid>/", export_views.export_download, name="export-download"),
]
