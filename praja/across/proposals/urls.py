"""Addresses of proposal sheets, in the order people meet them."""

from django.urls import path

from praja.across.proposals import views

urlpatterns = [
    path("<plan:slug>/lembar-usulan/", views.proposal_list, name="proposal-list"),
    path("<plan:slug>/lembar-usulan/baru/", views.proposal_new, name="proposal-new"),
    path("lembar-usulan/kode/<str:code>/", views.proposal_by_code, name="proposal-by-code"),
    path("lembar-usulan/<int:pk>/", views.proposal_sheet, name="proposal-sheet"),
    path("lembar-usulan/<int:pk>/berkas/<str:form>/", views.proposal_file, name="proposal-file"),
    path("lembar-usulan/<int:pk>/halaman/<int:number>/", views.proposal_paper_page, name="proposal-paper-page"),
    path("lembar-usulan/<int:pk>/pindaian/", views.proposal_scan, name="proposal-scan"),
    path("lembar-usulan/<int:pk>/pindaian/berkas/", views.proposal_scan_file, name="proposal-scan-file"),
    path("lembar-usulan/<int:pk>/pindaian/<int:number>/", views.proposal_scan_page, name="proposal-scan-page"),
    path("lembar-usulan/<int:pk>/konfirmasi/", views.proposal_confirm, name="proposal-confirm"),
    path("lembar-usulan/<int:pk>/penolakan/", views.proposal_refuse, name="proposal-refuse"),
    path("lembar-usulan/<int:pk>/pembatalan/", views.proposal_void, name="proposal-void"),
]
