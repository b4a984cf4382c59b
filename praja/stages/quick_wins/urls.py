"""Addresses of quick wins, in the order people meet them."""

from django.urls import path

from praja.stages.quick_wins import nominee_views, ranking_views, round_views, score_views, weigh_views

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
]
