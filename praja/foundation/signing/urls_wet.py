"""Addresses of the printed sheet and its scans, in the order people meet them."""

from django.urls import path

from praja.foundation.signing import wet_views

ROUND = "<plan:slug>/penandatanganan/<int:pk>"

urlpatterns = [
    path(f"{ROUND}/lembar/", wet_views.signing_sheet, name="signing-sheet"),
    path(f"{ROUND}/pindaian/", wet_views.signing_scans, name="signing-scans"),
    path(f"{ROUND}/pindaian/<int:scan>/", wet_views.signing_scan, name="signing-scan"),
    path(f"{ROUND}/pindaian/<int:scan>/tempat/", wet_views.signing_scan_place, name="signing-scan-place"),
    path(f"{ROUND}/pindaian/<int:scan>/konfirmasi/", wet_views.signing_scan_confirm, name="signing-scan-confirm"),
    path(f"{ROUND}/pindaian/<int:scan>/penolakan/", wet_views.signing_scan_refuse, name="signing-scan-refuse"),
    path(f"{ROUND}/pindaian/<int:scan>/halaman/", wet_views.signing_scan_page, name="signing-scan-page"),
    path(f"{ROUND}/pindaian/<int:scan>/kotak/<int:slot>/", wet_views.signing_scan_box, name="signing-scan-box"),
    path(f"{ROUND}/pindaian/<int:scan>/berkas/", wet_views.signing_scan_file, name="signing-scan-file"),
]
