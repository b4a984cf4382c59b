"""The address of the search."""

from django.urls import path

from praja.foundation.search import views

urlpatterns = [
    path("cari/", views.search, name="search"),
]
