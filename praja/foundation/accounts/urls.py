"""Addresses about accounts."""

from django.urls import path

from praja.foundation.accounts import views

urlpatterns = [
    path("masuk/", views.sign_in, name="sign-in"),
    path("masuk/contoh/", views.sign_in_demo, name="sign-in-demo"),
    path("keluar/", views.sign_out, name="sign-out"),
    path("bahasa/", views.set_language, name="set-language"),
    path("undangan/<str:token>/", views.invitation_accept, name="invitation-accept"),
    path("sandi-baru/<str:key>/<str:token>/", views.password_new, name="password-new"),
    path("profil/", views.profile, name="profile"),
    path("profil/sandi/", views.password_change, name="password-change"),
    path("siapa-boleh-apa/", views.who_may, name="who-may"),
]
