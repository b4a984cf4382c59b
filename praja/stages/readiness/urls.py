"""Addresses of the readiness and the statistics, in the order people meet them."""

from django.urls import path

from praja.stages.readiness import statistic_views, views

urlpatterns = [
    path("<plan:slug>/kesiapan/", views.readiness, name="readiness"),
    path("<plan:slug>/kesiapan/lembar/", views.readiness_sheet, name="readiness-sheet"),
    path("<plan:slug>/kesiapan/lembar/buku-kerja/", views.readiness_template, name="readiness-template"),
    path("<plan:slug>/kesiapan/<slug:element>/", views.element_detail, name="readiness-element"),
    path("<plan:slug>/kesiapan/<slug:element>/ubah/", views.element_edit, name="readiness-edit"),
    path("<plan:slug>/kesiapan/<slug:element>/ubah/ketikan/", views.element_edit.draft, name="readiness-draft"),
    path("<plan:slug>/kesiapan/<slug:element>/bukti/", views.evidence_new, name="readiness-evidence"),
    path(
        "<plan:slug>/kesiapan/<slug:element>/bukti/<int:evidence_pk>/penarikan/",
        views.evidence_withdraw,
        name="readiness-evidence-withdraw",
    ),
    path("<plan:slug>/kesiapan/<slug:element>/catatan/", views.element_remarks, name="readiness-remarks"),
    path("<plan:slug>/kesiapan/<slug:element>/catatan/<int:remark_pk>/", views.element_remark, name="readiness-remark"),
    path("<plan:slug>/statistik/", statistic_views.statistic_list, name="statistic-list"),
    path("<plan:slug>/statistik/baru/", statistic_views.statistic_new, name="statistic-new"),
    path("<plan:slug>/statistik/baru/ketikan/", statistic_views.statistic_new.draft, name="statistic-new-draft"),
    path("<plan:slug>/statistik/prapengisian/", statistic_views.statistic_prefill, name="statistic-prefill"),
    path("<plan:slug>/statistik/lembar/", statistic_views.statistic_sheet, name="statistic-sheet"),
    path("<plan:slug>/statistik/lembar/buku-kerja/", statistic_views.statistic_template, name="statistic-template"),
    path("<plan:slug>/statistik/<int:pk>/", statistic_views.statistic_edit, name="statistic-edit"),
    path("<plan:slug>/statistik/<int:pk>/ketikan/", statistic_views.statistic_edit.draft, name="statistic-draft"),
    path("<plan:slug>/statistik/<int:pk>/pemeriksaan/", statistic_views.statistic_confirm, name="statistic-confirm"),
    path("<plan:slug>/statistik/<int:pk>/penarikan/", statistic_views.statistic_withdraw, name="statistic-withdraw"),
]
