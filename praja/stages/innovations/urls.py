"""Addresses of innovations, in the order people meet them."""

from django.urls import path

from praja.stages.innovations import alignment_views, import_views, views

urlpatterns = [
    path("<plan:slug>/inovasi/", views.innovation_list, name="innovation-list"),
    path("<plan:slug>/inovasi/baru/", views.innovation_new, name="innovation-new"),
    path("<plan:slug>/inovasi/serentak/", views.innovation_many, name="innovation-many"),
    path("inovasi/<int:pk>/", views.innovation_detail, name="innovation-detail"),
    path("inovasi/<int:pk>/ubah/<str:section>/", views.innovation_edit, name="innovation-edit"),
    path("inovasi/<int:pk>/ubah/<str:section>/ketikan/", views.innovation_edit.draft, name="innovation-draft"),
    path("inovasi/<int:pk>/langkah/", views.innovation_steps, name="innovation-steps"),
    path("inovasi/<int:pk>/catatan/", views.innovation_remarks, name="innovation-remarks"),
    path("inovasi/<int:pk>/catatan/<int:remark_pk>/", views.innovation_remark, name="innovation-remark"),
    path("inovasi/<int:pk>/penarikan/", views.innovation_withdraw, name="innovation-withdraw"),
    path("inovasi/<int:pk>/pemulihan/", views.innovation_bring_back, name="innovation-bring-back"),
    path("inovasi/<int:pk>/bukti/", views.evidence_new, name="innovation-evidence"),
    path(
        "inovasi/<int:pk>/bukti/<int:evidence_pk>/penarikan/",
        views.evidence_withdraw,
        name="innovation-evidence-withdraw",
    ),
    path("inovasi/<int:pk>/kolom/<int:unplaced_pk>/", views.unplaced_place, name="innovation-place"),
    path("masterplan-lama/<int:pk>/inovasi/", views.earlier_item_innovation, name="earlier-item-innovation"),
    path("<plan:slug>/keselarasan/", alignment_views.alignment, name="alignment"),
    path("<plan:slug>/keselarasan/tanpa-sasaran/", alignment_views.alignment_orphans, name="alignment-orphans"),
    path("<plan:slug>/keselarasan/belum-didukung/", alignment_views.alignment_holes, name="alignment-holes"),
    path("<plan:slug>/belum-ada-pengampu/", views.tray, name="tray"),
    path("<plan:slug>/tidak-ada-usulan/", views.not_yet_new, name="not-yet-new"),
    path("tidak-ada-usulan/<int:pk>/langkah/", views.not_yet_steps, name="not-yet-steps"),
    path("<plan:slug>/impor/", import_views.import_list, name="import-list"),
    path("impor/", import_views.import_national, name="import-national"),
    path("impor/<int:pk>/", import_views.import_detail, name="import-detail"),
    path("impor/<int:pk>/kolom/", import_views.import_mapping, name="import-mapping"),
    path("impor/<int:pk>/pratinjau/", import_views.import_preview, name="import-preview"),
    path("impor/<int:pk>/baris-salah/", import_views.import_wrong_rows, name="import-wrong-rows"),
]
