"""Addresses of the joint commitment."""

from django.urls import path

from praja.stages.commitment import list_views, promise_views, views

HOME = "<plan:slug>/komitmen/"
ONE, LIST, LINE = f"{HOME}<int:pk>/", f"{HOME}daftar/<int:pk>/", f"{HOME}butir/<int:pk>/"
SHEET = f"{HOME}serah-terima/<int:pk>/"

urlpatterns = [
    path(HOME, views.commitment_current, name="commitment-current"),
    path(f"{HOME}baru/", views.commitment_new, name="commitment-new"),
    path(f"{HOME}janji/", promise_views.commitment_promises, name="commitment-promises"),
    path(ONE, views.commitment, name="commitment"),
    path(f"{ONE}naskah/", views.commitment_text, name="commitment-text"),
    path(f"{ONE}naskah/draf/", views.commitment_text.draft, name="commitment-text-draft"),
    path(f"{ONE}pratinjau/", views.commitment_preview, name="commitment-preview"),
    path(f"{ONE}pembukaan/", views.commitment_open, name="commitment-open"),
    path(f"{ONE}pengingat/", views.commitment_remind, name="commitment-remind"),
    path(f"{ONE}penguncian/", views.commitment_freeze, name="commitment-freeze"),
    path(f"{ONE}penarikan/", views.commitment_withdraw, name="commitment-withdraw"),
    path(f"{ONE}adendum/", views.commitment_addenda, name="commitment-addenda"),
    path(LIST, list_views.obligation_list, name="obligation-list"),
    path(f"{LIST}penerimaan/", list_views.obligation_accept, name="obligation-accept"),
    path(f"{LIST}pratinjau/", list_views.addendum_preview, name="addendum-preview"),
    path(f"{LIST}penguncian/", list_views.addendum_freeze, name="addendum-freeze"),
    path(f"{LIST}penarikan/", list_views.addendum_withdraw, name="addendum-withdraw"),
    path(LINE, list_views.obligation, name="obligation"),
    path(f"{LINE}keberatan/", list_views.obligation_contest, name="obligation-contest"),
    path(f"{LINE}jawaban/", list_views.obligation_answer, name="obligation-answer"),
    path(f"{HOME}janji/<int:pk>/serah-terima/", promise_views.position_handover_new, name="position-handover-new"),
    path(SHEET, promise_views.position_handover, name="position-handover"),
    path(f"{SHEET}pdf/", promise_views.position_handover_paper, name="position-handover-paper"),
    path(f"{SHEET}penerimaan/", promise_views.position_handover_accept, name="position-handover-accept"),
    path(f"{SHEET}penarikan/", promise_views.position_handover_withdraw, name="position-handover-withdraw"),
]
