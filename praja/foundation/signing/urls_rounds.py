"""Addresses of signing rounds, in the order people meet them."""

from django.urls import path

from praja.foundation.signing import board_views, round_views, sign_views

ROUND = "<plan:slug>/penandatanganan/<int:pk>/"

urlpatterns = [
    path("<plan:slug>/penandatanganan/", round_views.signing_list, name="signing-list"),
    path("<plan:slug>/penandatanganan/baru/", round_views.signing_new, name="signing-new"),
    path(ROUND, round_views.signing_round, name="signing-round"),
    path(f"{ROUND}ubah/", round_views.signing_edit, name="signing-edit"),
    path(f"{ROUND}jabatan/", round_views.signing_offices, name="signing-offices"),
    path(f"{ROUND}langkah/", round_views.signing_steps, name="signing-steps"),
    path(f"{ROUND}dokumen/", round_views.signing_document, name="signing-document"),
    path(f"{ROUND}pengingat/", round_views.signing_remind, name="signing-remind"),
    path(f"{ROUND}penanda-tangan/<int:signatory>/", round_views.signing_signatory, name="signing-signatory"),
    path(f"{ROUND}tanda-tangan/<int:signatory>/", sign_views.signing_sign, name="signing-sign"),
    path(f"{ROUND}tanda-tangan/<int:signatory>/penolakan/", sign_views.signing_decline, name="signing-decline"),
    path(f"{ROUND}layar/", board_views.signing_board, name="signing-board"),
    path(f"{ROUND}layar/keadaan/", board_views.signing_board_state, name="signing-board-state"),
]
