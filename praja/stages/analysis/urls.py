"""Addresses of the analysis."""

from django.urls import path

from praja.stages.analysis import earlier_views, entry_views, sheet_views, swot_views, views

urlpatterns = [
    path("<plan:slug>/swot/", swot_views.swot, name="swot"),
    path("<plan:slug>/swot/strategi/", swot_views.swot_matrix, name="swot-matrix"),
    path("<plan:slug>/kesenjangan/", swot_views.gap_list, name="gap-list"),
    path("<plan:slug>/analisis/lembar/", sheet_views.analysis_sheet, name="analysis-sheet"),
    path("<plan:slug>/analisis/lembar/unduhan/", sheet_views.analysis_workbook, name="analysis-workbook"),
    path("<plan:slug>/analisis/<str:entry>/baru/", entry_views.entry_new, name="analysis-entry-new"),
    path("<plan:slug>/analisis/<str:entry>/baru/draf/", entry_views.entry_new.draft, name="analysis-entry-new-draft"),
    path("analisis/<str:entry>/<int:pk>/", entry_views.entry_detail, name="analysis-entry"),
    path("analisis/<str:entry>/<int:pk>/ubah/", entry_views.entry_edit, name="analysis-entry-edit"),
    path("analisis/<str:entry>/<int:pk>/ubah/draf/", entry_views.entry_edit.draft, name="analysis-entry-draft"),
    path("analisis/<str:entry>/<int:pk>/urutan/", entry_views.entry_move, name="analysis-entry-move"),
    path("analisis/<str:entry>/<int:pk>/penarikan/", entry_views.entry_withdraw, name="analysis-entry-withdraw"),
    path("analisis/<str:entry>/<int:pk>/pemulihan/", entry_views.entry_bring_back, name="analysis-entry-bring-back"),
    path("<plan:slug>/visi/calon/", views.vision_candidates, name="vision-candidates"),
    path("<plan:slug>/misi/", views.mission_list, name="mission-list"),
    path("<plan:slug>/visi/", views.vision, name="vision"),
    path("<plan:slug>/visi/ubah/", views.vision_edit, name="vision-edit"),
    path("<plan:slug>/visi/ubah/draf/", views.vision_edit.draft, name="vision-draft"),
    path("<plan:slug>/masterplan-lama/", earlier_views.earlier_plan, name="earlier-plan"),
    path("<plan:slug>/masterplan-lama/ubah/", earlier_views.earlier_plan_edit, name="earlier-plan-edit"),
    path("<plan:slug>/masterplan-lama/ubah/draf/", earlier_views.earlier_plan_edit.draft, name="earlier-plan-draft"),
    path("<plan:slug>/masterplan-lama/unggah/", earlier_views.earlier_plan_file, name="earlier-plan-file"),
    path("<plan:slug>/masterplan-lama/berkas/", earlier_views.earlier_pdf, name="earlier-pdf"),
    path("<plan:slug>/masterplan-lama/halaman/<int:number>/", earlier_views.earlier_page, name="earlier-page"),
    path(
        "<plan:slug>/masterplan-lama/halaman/<int:number>/gambar/",
        earlier_views.earlier_page_picture,
        name="earlier-page-picture",
    ),
    path("<plan:slug>/masterplan-lama/lembar/", earlier_views.earlier_sheet, name="earlier-sheet"),
    path("<plan:slug>/masterplan-lama/lembar/contoh/", earlier_views.earlier_template, name="earlier-template"),
    path("masterplan-lama/lembar/<int:pk>/", earlier_views.earlier_sheet_detail, name="earlier-sheet-detail"),
    path("masterplan-lama/lembar/<int:pk>/kolom/", earlier_views.earlier_sheet_columns, name="earlier-sheet-columns"),
    path(
        "masterplan-lama/lembar/<int:pk>/baris-salah/",
        earlier_views.earlier_sheet_wrong_rows,
        name="earlier-sheet-wrong-rows",
    ),
    path("<plan:slug>/masterplan-lama/program/", earlier_views.earlier_item_list, name="earlier-item-list"),
    path("<plan:slug>/masterplan-lama/keputusan/", earlier_views.earlier_decide, name="earlier-decide"),
    path("masterplan-lama/<int:pk>/", earlier_views.earlier_item, name="earlier-item"),
    path("masterplan-lama/<int:pk>/keputusan/", earlier_views.earlier_item_decision, name="earlier-item-decision"),
    path("masterplan-lama/<int:pk>/ubah/", earlier_views.earlier_item_edit, name="earlier-item-edit"),
    path("masterplan-lama/<int:pk>/ubah/draf/", earlier_views.earlier_item_edit.draft, name="earlier-item-draft"),
    path("masterplan-lama/<int:pk>/penarikan/", earlier_views.earlier_item_withdraw, name="earlier-item-withdraw"),
    path("masterplan-lama/<int:pk>/pemulihan/", earlier_views.earlier_item_bring_back, name="earlier-item-bring-back"),
]
