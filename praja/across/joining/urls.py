"""Addresses of joining and changing hands, in the order people meet them."""

from django.urls import path

from praja.across.joining import similar_views, transfer_views

urlpatterns = [
    path("<plan:slug>/serupa/", similar_views.similar_list, name="similar-list"),
    path("<plan:slug>/serupa/saat-mengetik/", similar_views.similar_typing, name="similar-typing"),
    path("<plan:slug>/serupa/<str:kind>/<int:first>/<int:second>/", similar_views.similar_pair, name="similar-pair"),
    path(
        "<plan:slug>/serupa/<str:kind>/<int:first>/<int:second>/tetap-dua/",
        similar_views.similar_keep,
        name="similar-keep",
    ),
    path(
        "<plan:slug>/serupa/<str:kind>/<int:first>/<int:second>/gabung/",
        similar_views.similar_join,
        name="similar-join",
    ),
    path("<plan:slug>/pindah-tangan/", transfer_views.transfer_list, name="transfer-list"),
    path("<plan:slug>/pindah-tangan/<str:kind>/<int:row>/", transfer_views.transfer_new, name="transfer-new"),
    path("pindah-tangan/<int:pk>/", transfer_views.transfer_detail, name="transfer-detail"),
    path("pindah-tangan/<int:pk>/jawaban/", transfer_views.transfer_answer, name="transfer-answer"),
    path("pindah-tangan/<int:pk>/persetujuan/", transfer_views.transfer_record, name="transfer-record"),
    path("pindah-tangan/<int:pk>/penarikan/", transfer_views.transfer_take_back, name="transfer-take-back"),
    path("pindah-tangan/<int:pk>/pembatalan/", transfer_views.transfer_undo, name="transfer-undo"),
]
