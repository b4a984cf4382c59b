"""Addresses of workbooks, in the order people meet them."""

from django.urls import path

from praja.across.workbooks import views

urlpatterns = [
    path("<plan:slug>/buku-kerja/", views.workbook_list, name="workbook-list"),
    path("<plan:slug>/buku-kerja/unduh/", views.workbook_get, name="workbook-get"),
    path("buku-kerja/<int:pk>/", views.workbook_return, name="workbook-return"),
    path("buku-kerja/<int:pk>/ketikan/", views.workbook_draft, name="workbook-draft"),
    path("buku-kerja/<int:pk>/perbaikan/", views.workbook_wrong_rows, name="workbook-wrong-rows"),
]
