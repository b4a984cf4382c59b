"""Addresses of the books."""

from django.urls import path

from praja.stages.masterplan import views

urlpatterns = [
    path("<plan:slug>/buku/", views.book, name="book"),
    path("<plan:slug>/buku/berkas/", views.book_build, name="book-build"),
    path("<plan:slug>/buku/berkas/<int:pk>/", views.book_file, name="book-file"),
]
