"""Addresses of the preparation, in the order in which people meet them."""

from django.urls import path

from praja.stages.preparation import deadline_views, people_views, sheet_views, views

urlpatterns = [
    path("<plan:slug>/persiapan/", views.plan_set_up, name="plan-set-up"),
    path("<plan:slug>/persiapan/draf/", views.plan_set_up.draft, name="plan-draft"),
    path("<plan:slug>/persiapan/lambang/", views.plan_arms, name="plan-arms"),
    path("<plan:slug>/perangkat-daerah/", views.agency_list, name="agency-list"),
    path("<plan:slug>/perangkat-daerah/baru/", views.agency_new, name="agency-new"),
    path("<plan:slug>/perangkat-daerah/usulan/", views.agency_typical, name="agency-typical"),
    path("<plan:slug>/perangkat-daerah/lembar/", sheet_views.agency_sheet, name="agency-sheet"),
    path("<plan:slug>/perangkat-daerah/lembar/contoh.xlsx", sheet_views.agency_template, name="agency-template"),
    path("perangkat-daerah/<int:pk>/", views.agency_edit, name="agency-edit"),
    path("perangkat-daerah/<int:pk>/draf/", views.agency_edit.draft, name="agency-draft"),
    path("perangkat-daerah/<int:pk>/tarik/", views.agency_withdraw, name="agency-withdraw"),
    path("<plan:slug>/permintaan/", views.request_list, name="request-list"),
    path("<plan:slug>/jadwal/", deadline_views.deadline_list, name="deadline-list"),
    path("<plan:slug>/orang/", views.people_list, name="people-list"),
    path("<plan:slug>/undangan/baru/", views.invitation_new, name="invitation-new"),
    path("undangan/<int:pk>/tarik/", views.invitation_withdraw, name="invitation-withdraw"),
    path("orang/<int:pk>/sandi/", views.password_link, name="password-link"),
    path("orang/<int:pk>/langkah-kedua/", people_views.second_factor_reset, name="second-factor-reset"),
    path("<plan:slug>/pejabat/", people_views.offices, name="offices"),
    path("<plan:slug>/pejabat/ketikan/", people_views.offices.draft, name="offices-draft"),
    path("<plan:slug>/pejabat-sementara/", people_views.acting_list, name="acting-list"),
    path("<plan:slug>/pejabat-sementara/baru/", people_views.acting_new, name="acting-new"),
    path("pejabat-sementara/<int:pk>/akhiri/", people_views.acting_end, name="acting-end"),
    path("orang/<int:pk>/akhiri/", views.membership_end, name="membership-end"),
]
