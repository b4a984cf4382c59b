"""Addresses about signing, in the order people meet them."""

from django.urls import path

from praja.foundation.signing.pages import (
    board_views,
    certificate_views,
    gateway_views,
    paper_views,
    round_views,
    sign_views,
    verify_views,
    wet_views,
)

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
    path(
        f"{ROUND}penanda-tangan/<int:signatory>/sertifikat/",
        certificate_views.signing_certificates,
        name="signing-certificates",
    ),
    path(f"{ROUND}tanda-tangan/<int:signatory>/", sign_views.signing_sign, name="signing-sign"),
    path(f"{ROUND}tanda-tangan/<int:signatory>/penolakan/", sign_views.signing_decline, name="signing-decline"),
    path(f"{ROUND}layar/", board_views.signing_board, name="signing-board"),
    path(f"{ROUND}layar/keadaan/", board_views.signing_board_state, name="signing-board-state"),
    path(f"{ROUND}lembar/", wet_views.signing_sheet, name="signing-sheet"),
    path(f"{ROUND}pindaian/", wet_views.signing_scans, name="signing-scans"),
    path(f"{ROUND}pindaian/<int:scan>/", wet_views.signing_scan, name="signing-scan"),
    path(f"{ROUND}pindaian/<int:scan>/tempat/", wet_views.signing_scan_place, name="signing-scan-place"),
    path(f"{ROUND}pindaian/<int:scan>/konfirmasi/", wet_views.signing_scan_confirm, name="signing-scan-confirm"),
    path(f"{ROUND}pindaian/<int:scan>/penolakan/", wet_views.signing_scan_refuse, name="signing-scan-refuse"),
    path(
        f"{ROUND}pindaian/<int:scan>/penolakan/berkas/",
        wet_views.signing_scan_refuse_file,
        name="signing-scan-refuse-file",
    ),
    path(f"{ROUND}pindaian/<int:scan>/halaman/", wet_views.signing_scan_page, name="signing-scan-page"),
    path(f"{ROUND}pindaian/<int:scan>/kotak/<int:slot>/", wet_views.signing_scan_box, name="signing-scan-box"),
    path(f"{ROUND}pindaian/<int:scan>/berkas/", wet_views.signing_scan_file, name="signing-scan-file"),
    path("<plan:slug>/penandatanganan/arsip/", paper_views.signing_export, name="signing-export"),
    path(f"{ROUND}bukti/", paper_views.signing_evidence, name="signing-evidence"),
    path("<plan:slug>/tanda-tangan-elektronik/", gateway_views.signing_gateway, name="signing-gateway"),
    path("v/", verify_views.verify_upload, name="verify-upload"),
    path("v/<str:code>/", verify_views.verify, name="verify"),
    path("v/<str:code>/dokumen/", verify_views.verify_document, name="verify-document"),
]
