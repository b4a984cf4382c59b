"""Addresses of joining and changing hands, in the order people meet them."""

from django.urls import path

from praja.across.joining import views

urlpatterns = [
    path("<plan:slug>/serupa/", views.similar_list, name="similar-list"),
    path("<plan:slug>/serupa/saat-mengetik/", views.similar_typing, name="similar-typing"),
    path("<plan:slug>/serupa/<str:kind>/<int:first>/<int:second>/", views.similar_pair, name="similar-pair"),
    path("<plan:slug>/serupa/<str:kind>/<int:first>/<int:second>/tetap-dua/", views.similar_keep, name="similar-keep"),
    path("<plan:slug>/serupa/<str:kind>/<int:first>/<int:second>/gabung/", views.similar_join, name="similar-join"),
    path("<plan:slug>/pindah-tangan/", views.transfer_list, name="transfer-list"),
    path("<plan:slug>/pindah-tangan/<str:kind>/<int:row>/", views.transfer_new, name="transfer-new"),
    path("pindah-tangan/<int:pk>/", views.transfer_detail, name="transfer-detail"),
    path("pindah-tangan/<int:pk>/jawaban/", views.transfer_answer, name="transfer-answer"),
    path("pindah-tangan/<int:pk>/persetujuan/", views.transfer_record, name="transfer-record"),
    path("pindah-tangan/<int:pk>/penarikan/", views.transfer_take_back, name="transfer-take-back"),
    path("pindah-tangan/<int:pk>/pembatalan/", views.transfer_undo, name="transfer-undo"),
]
