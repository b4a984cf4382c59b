"""Addresses of innovations, in the order people meet them."""

from django.urls import path

from praja.stages.innovations import views

urlpatterns = [
    path("<plan:slug>/inovasi/", views.innovation_list, name="innovation-list"),
    path("<plan:slug>/inovasi/baru/", views.innovation_new, name="innovation-new"),
    path("inovasi/<int:pk>/", views.innovation_detail, name="innovation-detail"),
    path("inovasi/<int:pk>/ubah/<str:section>/", views.innovation_edit, name="innovation-edit"),
    path("inovasi/<int:pk>/ubah/<str:section>/ketikan/", views.innovation_draft, name="innovation-draft"),
    path("inovasi/<int:pk>/langkah/", views.innovation_steps, name="innovation-steps"),
    path("inovasi/<int:pk>/penarikan/", views.innovation_withdraw, name="innovation-withdraw"),
    path("inovasi/<int:pk>/bukti/", views.evidence_new, name="innovation-evidence"),
    path(
        "inovasi/<int:pk>/bukti/<int:evidence_pk>/penarikan/",
        views.evidence_withdraw,
        name="innovation-evidence-withdraw",
    ),
    path("inovasi/<int:pk>/kolom/<int:unplaced_pk>/", views.unplaced_place, name="innovation-place"),
    path("<plan:slug>/belum-ada-pengampu/", views.tray, name="tray"),
    path("<plan:slug>/tidak-ada-usulan/", views.not_yet_new, name="not-yet-new"),
    path("tidak-ada-usulan/<int:pk>/langkah/", views.not_yet_steps, name="not-yet-steps"),
]
