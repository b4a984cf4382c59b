"""Addresses of the action plan, in the order people meet them."""

from django.urls import path

from praja.stages.roadmap import strategy_views, views

urlpatterns = [
    path("<plan:slug>/strategi/", strategy_views.strategy_tree, name="strategy-tree"),
    path("<plan:slug>/strategi/baru/<int:sub_dimension>/", strategy_views.strategy_new, name="strategy-new"),
    path("<plan:slug>/strategi/gantung/", strategy_views.programme_hang, name="programme-hang"),
    path("<plan:slug>/strategi/<slug:dimension>/", strategy_views.strategy_tree, name="strategy-tree-of"),
    path("strategi/<int:pk>/ubah/", strategy_views.strategy_edit, name="strategy-edit"),
    path("strategi/<int:pk>/ubah/ketikan/", strategy_views.strategy_draft, name="strategy-draft"),
    path("strategi/<int:pk>/urutan/", strategy_views.strategy_move, name="strategy-move"),
    path("strategi/<int:pk>/penarikan/", strategy_views.strategy_withdraw, name="strategy-withdraw"),
    path("strategi/<int:pk>/program/", strategy_views.programme_new, name="programme-new"),
    path("program/<int:pk>/ubah/", strategy_views.programme_edit, name="programme-edit"),
    path("program/<int:pk>/ubah/ketikan/", strategy_views.programme_draft, name="programme-draft"),
    path("program/<int:pk>/urutan/", strategy_views.programme_move, name="programme-move"),
    path("program/<int:pk>/penarikan/", strategy_views.programme_withdraw, name="programme-withdraw"),
    path("<plan:slug>/rencana-aksi/", views.action_list, name="action-list"),
    path("<plan:slug>/rencana-aksi/baru/", views.action_new, name="action-new"),
    path("<plan:slug>/rencana-aksi/peringatan/", views.action_warnings, name="action-warnings"),
    path("rencana-aksi/<int:pk>/", views.action_detail, name="action-detail"),
    path("rencana-aksi/<int:pk>/ubah/<str:section>/", views.action_edit, name="action-edit"),
    path("rencana-aksi/<int:pk>/ubah/<str:section>/ketikan/", views.action_draft, name="action-draft"),
    path("rencana-aksi/<int:pk>/catatan/", views.action_remarks, name="action-remarks"),
    path("rencana-aksi/<int:pk>/catatan/<int:remark_pk>/", views.action_remark, name="action-remark"),
    path("rencana-aksi/<int:pk>/penarikan/", views.action_withdraw, name="action-withdraw"),
    path("rencana-aksi/<int:pk>/pemulihan/", views.action_bring_back, name="action-bring-back"),
    path("inovasi/<int:pk>/pembagian-anggaran/", views.money_share, name="money-share"),
    path("perangkat-daerah/<int:pk>/kemampuan/", views.capacity, name="capacity"),
    path("perangkat-daerah/<int:pk>/kemampuan/ketikan/", views.capacity_draft, name="capacity-draft"),
]
