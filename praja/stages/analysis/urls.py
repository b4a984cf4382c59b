"""Addresses of the analysis."""

from django.urls import path

from praja.stages.analysis import views

urlpatterns = [
    path("<plan:slug>/visi/", views.vision, name="vision"),
    path("<plan:slug>/visi/ubah/", views.vision_edit, name="vision-edit"),
    path("<plan:slug>/visi/ubah/draf/", views.vision_draft, name="vision-draft"),
]
