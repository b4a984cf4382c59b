"""Addresses of reasons, reminders and exceptions, in the order in which people meet them."""

from django.urls import path

from praja.across.reminders import views

urlpatterns = [
    path("<plan:slug>/mingguan/", views.weekly, name="weekly"),
    path("<plan:slug>/mingguan/pengingat/", views.reminder_new, name="reminder-new"),
    path("<plan:slug>/tindak-lanjut/<int:pk>/", views.follow_up, name="follow-up"),
    path("<plan:slug>/tindak-lanjut/<int:pk>/alasan/", views.reason_say, name="reason-say"),
    path("<plan:slug>/tindak-lanjut/<int:pk>/pendampingan/", views.help_promise, name="help-promise"),
    path("<plan:slug>/tindak-lanjut/<int:pk>/pendampingan/selesai/", views.help_done, name="help-done"),
    path("<plan:slug>/tindak-lanjut/<int:pk>/pengecualian/", views.exception_give, name="exception-give"),
    path("<plan:slug>/tindak-lanjut/<int:pk>/pengecualian/minta/", views.exception_ask, name="exception-ask"),
    path("<plan:slug>/tindak-lanjut/<int:pk>/pengecualian/tolak/", views.exception_decline, name="exception-decline"),
    path("<plan:slug>/tindak-lanjut/<int:pk>/pengecualian/akhiri/", views.exception_end, name="exception-end"),
]
