"""Addresses about accounts."""

from django.urls import path

from praja.foundation.accounts import institution_views, security_views, views

urlpatterns = [
    path("masuk/", views.sign_in, name="sign-in"),
    path("masuk/contoh/", views.sign_in_demo, name="sign-in-demo"),
    path("masuk/langkah-kedua/", security_views.sign_in_second, name="sign-in-second"),
    path("masuk/passkey/", security_views.sign_in_passkey, name="sign-in-passkey"),
    path("masuk/instansi/", institution_views.sign_in_institution, name="sign-in-institution"),
    path("masuk/instansi/kembali/", institution_views.sign_in_institution_back, name="sign-in-institution-back"),
    path("masuk/instansi/tautkan/", institution_views.sign_in_institution_link, name="sign-in-institution-link"),
    path("profil/keamanan/instansi/lepas/", institution_views.institution_unlink, name="institution-unlink"),
    path("passkey/pertanyaan/", security_views.passkey_question, name="passkey-question"),
    path("keluar/", views.sign_out, name="sign-out"),
    path("bahasa/", views.set_language, name="set-language"),
    path("undangan/<str:token>/", views.invitation_accept, name="invitation-accept"),
    path("sandi-baru/<str:key>/<str:token>/", views.password_new, name="password-new"),
    path("profil/", views.profile, name="profile"),
    path("profil/sandi/", views.password_change, name="password-change"),
    path("profil/keamanan/", security_views.security, name="security"),
    path("profil/keamanan/aplikasi/", security_views.app_new, name="app-new"),
    path("profil/keamanan/aplikasi/hapus/", security_views.app_end, name="app-end"),
    path("profil/keamanan/kode-pemulihan/", security_views.recovery_codes, name="recovery-codes"),
    path("profil/keamanan/passkey/", security_views.passkey_new, name="passkey-new"),
    path("profil/keamanan/passkey/<int:pk>/hapus/", security_views.passkey_end, name="passkey-end"),
    path("profil/keamanan/perangkat/akhiri/", security_views.session_end, name="session-end"),
    path("siapa-boleh-apa/", views.who_may, name="who-may"),
]
