"""Addresses of the RPJMD, in the order people meet them."""

from django.urls import path

from praja.stages.targets import sheet_views, views

urlpatterns = [
    path("<plan:slug>/rpjmd/", views.development_plan, name="development-plan"),
    path("<plan:slug>/rpjmd/ubah/", views.development_plan_edit, name="development-plan-edit"),
    path("<plan:slug>/rpjmd/ubah/draf/", views.development_plan_edit.draft, name="development-plan-draft"),
    path("<plan:slug>/rpjmd/lembar/", sheet_views.development_sheet, name="development-sheet"),
    path("<plan:slug>/rpjmd/lembar/contoh/", sheet_views.development_template, name="development-template"),
    path("<plan:slug>/rpjmd/lembar/isi/", sheet_views.development_contents, name="development-contents"),
    path("<plan:slug>/rpjmd/<str:part>/baru/", views.part_new, name="development-part-new"),
    path("<plan:slug>/rpjmd/<str:part>/baru/draf/", views.part_new.draft, name="development-part-new-draft"),
    path("rpjmd/<str:part>/<int:pk>/", views.part_detail, name="development-part"),
    path("rpjmd/<str:part>/<int:pk>/ubah/", views.part_edit, name="development-part-edit"),
    path("rpjmd/<str:part>/<int:pk>/ubah/draf/", views.part_edit.draft, name="development-part-draft"),
    path("rpjmd/sasaran/<int:pk>/indikator/", views.indicators, name="development-indicators"),
    path("rpjmd/sasaran/<int:pk>/indikator/draf/", views.indicators.draft, name="development-indicators-draft"),
    path("rpjmd/<str:part>/<int:pk>/urutan/", views.part_move, name="development-part-move"),
    path("rpjmd/<str:part>/<int:pk>/penarikan/", views.part_withdraw, name="development-part-withdraw"),
    path("rpjmd/<str:part>/<int:pk>/pemulihan/", views.part_bring_back, name="development-part-bring-back"),
]
