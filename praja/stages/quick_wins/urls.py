"""Addresses of quick wins, in the order people meet them."""

from django.urls import path

from praja.stages.quick_wins import nominee_views, ranking_views, round_views, score_views, sheet_views, weigh_views

urlpatterns = [
    # rounds and nominees
    path("<plan:slug>/quick-win/", round_views.round_list, name="round-list"),
    path("<plan:slug>/quick-win/putaran-baru/", round_views.round_new, name="round-new"),
    path("quick-win/putaran/<int:pk>/", round_views.round_detail, name="round-detail"),
    path("quick-win/putaran/<int:pk>/langkah/", round_views.round_move, name="round-move"),
    path("quick-win/putaran/<int:pk>/ubah/", round_views.round_edit, name="round-edit"),
    path("quick-win/putaran/<int:pk>/ubah/ketikan/", round_views.round_draft, name="round-draft"),
    path("quick-win/putaran/<int:pk>/penarikan/", round_views.round_withdraw, name="round-withdraw"),
    path("quick-win/putaran/<int:pk>/kriteria/", round_views.round_criteria, name="round-criteria"),
    path("quick-win/putaran/<int:pk>/kriteria/ketikan/", round_views.round_criteria_draft, name="round-criteria-draft"),
    path("quick-win/putaran/<int:pk>/nominasi/", nominee_views.round_nominees, name="round-nominees"),
    path("quick-win/putaran/<int:pk>/nominasi/baru/", nominee_views.round_nominate, name="round-nominate"),
    path("inovasi/<int:pk>/nominasi/", nominee_views.innovation_nominate, name="innovation-nominate"),
    path("nominasi/<int:pk>/", nominee_views.nominee_detail, name="nominee-detail"),
    path("nominasi/<int:pk>/ubah/<str:section>/", nominee_views.nominee_edit, name="nominee-edit"),
    path("nominasi/<int:pk>/ubah/<str:section>/ketikan/", nominee_views.nominee_draft, name="nominee-draft"),
    path("nominasi/<int:pk>/penarikan/", nominee_views.nominee_withdraw, name="nominee-withdraw"),
    path("nominasi/<int:pk>/pemulihan/", nominee_views.nominee_bring_back, name="nominee-bring-back"),
    path("nominasi/<int:pk>/catatan/", nominee_views.nominee_remarks, name="nominee-remarks"),
    path("nominasi/<int:pk>/catatan/<int:remark_pk>/", nominee_views.nominee_remark, name="nominee-remark"),
    path("nominasi/<int:pk>/dialog/", nominee_views.dialogue_new, name="nominee-dialogue"),
    path("dialog-warga/<int:pk>/", nominee_views.dialogue_edit, name="dialogue-edit"),
    path("dialog-warga/<int:pk>/ketikan/", nominee_views.dialogue_draft, name="dialogue-draft"),
    path("dialog-warga/<int:pk>/penarikan/", nominee_views.dialogue_withdraw, name="dialogue-withdraw"),
    path("dialog-warga/<int:pk>/notulen/", nominee_views.dialogue_minutes, name="dialogue-minutes"),
    path(
        "dialog-warga/<int:pk>/notulen/<int:evidence_pk>/penarikan/",
        nominee_views.dialogue_minutes_withdraw,
        name="dialogue-minutes-withdraw",
    ),
    # scores, weights, ranking
    path("quick-win/putaran/<int:pk>/penilaian/", score_views.scoring_home, name="scoring"),
    path("quick-win/putaran/<int:pk>/penilaian/cara/", score_views.scoring_way, name="scoring-way"),
    path("quick-win/putaran/<int:pk>/penilaian/sebaran/", score_views.score_spread, name="score-spread"),
    path("quick-win/putaran/<int:pk>/penilaian/penilai/", score_views.scorer_new, name="scorer-new"),
    path("quick-win/putaran/<int:pk>/penilaian/mulai/<slug:dimension>/", score_views.score_begin, name="score-begin"),
    path("lembar-nilai/<int:pk>/penarikan/", score_views.scorer_withdraw, name="scorer-withdraw"),
    path("lembar-nilai/<int:pk>/selesai/", score_views.score_finish, name="score-finish"),
    path("lembar-nilai/<int:pk>/pembukaan/", score_views.score_reopen, name="score-reopen"),
    path("lembar-nilai/<int:pk>/dimensi/<slug:dimension>/", score_views.score_sheet, name="score-sheet"),
    path("lembar-nilai/<int:pk>/dimensi/<slug:dimension>/ketikan/", score_views.score_draft, name="score-draft"),
    path("quick-win/putaran/<int:pk>/bobot/", weigh_views.weights, name="weights"),
    path("quick-win/putaran/<int:pk>/bobot/ketikan/", weigh_views.weights_draft, name="weights-draft"),
    path("quick-win/putaran/<int:pk>/bobot/cara/", weigh_views.weight_way, name="weight-way"),
    path("quick-win/putaran/<int:pk>/bobot/pasangan/", weigh_views.weight_pairs, name="weight-pairs"),
    path(
        "quick-win/putaran/<int:pk>/bobot/pasangan/ketikan/", weigh_views.weight_pairs_draft, name="weight-pairs-draft"
    ),
    path("quick-win/putaran/<int:pk>/bobot/pasangan/perbaikan/", weigh_views.weight_mend, name="weight-mend"),
    path("quick-win/putaran/<int:pk>/bobot/pasangan/penerimaan/", weigh_views.weight_accept, name="weight-accept"),
    path("quick-win/putaran/<int:pk>/peringkat/", ranking_views.ranking, name="ranking"),
    path("quick-win/putaran/<int:pk>/peringkat/tabel/", ranking_views.ranking_table, name="ranking-table"),
    # decision sheets
    path("<plan:slug>/quick-win/lembar-keputusan/", sheet_views.sheet_list, name="decision-sheet-list"),
    path("quick-win/putaran/<int:pk>/lembar-keputusan/", sheet_views.sheet_new, name="decision-sheet-new"),
    path("lembar-keputusan/kode/<str:code>/", sheet_views.sheet_by_code, name="decision-by-code"),
    path("lembar-keputusan/<int:pk>/", sheet_views.sheet_detail, name="decision-sheet"),
    path("lembar-keputusan/<int:pk>/berkas/<str:form>/", sheet_views.sheet_file, name="decision-sheet-file"),
    path("lembar-keputusan/<int:pk>/pendapat/", sheet_views.sheet_speak, name="decision-sheet-speak"),
    path("lembar-keputusan/<int:pk>/penarikan/", sheet_views.sheet_take_back, name="decision-sheet-take-back"),
    path("lembar-keputusan/<int:pk>/keputusan/", sheet_views.decision, name="decision"),
    path("lembar-keputusan/<int:pk>/keputusan/penetapan/", sheet_views.decision_take, name="decision-take"),
    path("lembar-keputusan/<int:pk>/kertas/", sheet_views.sheet_paper, name="decision-paper"),
    path(
        "lembar-keputusan/<int:pk>/kertas/halaman/<int:number>/",
        sheet_views.sheet_paper_page,
        name="decision-paper-page",
    ),
    path("lembar-keputusan/<int:pk>/kertas/pindaian/", sheet_views.sheet_scan_file, name="decision-scan-file"),
    path(
        "lembar-keputusan/<int:pk>/kertas/pindaian/<int:number>/",
        sheet_views.sheet_scan_page,
        name="decision-scan-page",
    ),
    path("lembar-keputusan/<int:pk>/kertas/konfirmasi/", sheet_views.paper_confirm, name="decision-paper-confirm"),
    path("lembar-keputusan/<int:pk>/kertas/penolakan/", sheet_views.paper_refuse, name="decision-paper-refuse"),
]
