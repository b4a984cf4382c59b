"""Addresses of handing a role over."""

from django.urls import path

from praja.across.handover import views

urlpatterns = [
    path("serah-terima/", views.handover_list, name="handover-list"),
    path("serah-terima/peran/<int:pk>/", views.handover_new, name="handover-new"),
    path("serah-terima/<int:pk>/", views.handover_detail, name="handover-detail"),
    path("serah-terima/<int:pk>/lembar.pdf", views.handover_paper, name="handover-paper"),
    path("serah-terima/<int:pk>/terima/", views.handover_accept, name="handover-accept"),
    path("serah-terima/<int:pk>/batalkan/", views.handover_call_off, name="handover-call-off"),
]
