"""Addresses of problems, in the order people meet them."""

from django.urls import path

from praja.stages.problems import summary_views, views

urlpatterns = [
    path("<plan:slug>/permasalahan/", views.problem_list, name="problem-list"),
    path("<plan:slug>/permasalahan/baru/", views.problem_new, name="problem-new"),
    path("<plan:slug>/permasalahan/serentak/", views.problem_many, name="problem-many"),
    path("<plan:slug>/permasalahan/ringkasan/", summary_views.problem_summary, name="problem-summary"),
    path("permasalahan/<int:pk>/", views.problem_detail, name="problem-detail"),
    path("permasalahan/<int:pk>/ubah/<str:section>/", views.problem_edit, name="problem-edit"),
    path("permasalahan/<int:pk>/ubah/<str:section>/ketikan/", views.problem_edit.draft, name="problem-draft"),
    path("permasalahan/<int:pk>/langkah/", views.problem_steps, name="problem-steps"),
    path("permasalahan/<int:pk>/catatan/", views.problem_remarks, name="problem-remarks"),
    path("permasalahan/<int:pk>/catatan/<int:remark_pk>/", views.problem_remark, name="problem-remark"),
    path("permasalahan/<int:pk>/penarikan/", views.problem_withdraw, name="problem-withdraw"),
    path("permasalahan/<int:pk>/pemulihan/", views.problem_bring_back, name="problem-bring-back"),
]
