"""Addresses of the first pages, in the order people meet them."""

from django.urls import path

from praja.across.overview import views
from praja.foundation.plans import addresses

addresses.register()

urlpatterns = [
    path("", views.home, name="home"),
    path("daerah/", views.region_list, name="region-list"),
    path("daerah/buka-rencana/", views.plan_open, name="plan-open"),
    path("pemberitahuan/", views.notice_list, name="notice-list"),
    path("pemberitahuan/dibaca/", views.notices_read, name="notices-read"),
    path("<plan:slug>/", views.plan_home, name="plan-home"),
    path("<plan:slug>/lambang/", views.arms, name="arms"),
    path("<plan:slug>/cakupan/", views.coverage_page, name="coverage"),
    path("<plan:slug>/cakupan/gambar.svg", views.coverage_picture, name="coverage-picture"),
]
