"""Addresses of the books."""

from django.urls import path

from praja.stages.masterplan import views
from praja.stages.masterplan.editions import views as edition_views
from praja.stages.masterplan.enactment import views as enactment_views
from praja.stages.masterplan.outlines import views as outline_views
from praja.stages.masterplan.reviewing import remark_views
from praja.stages.masterplan.reviewing import views as review_views
from praja.stages.masterplan.texts import views as narrative_views

urlpatterns = [
    path("<plan:slug>/buku/", views.book, name="book"),
    path("<plan:slug>/buku/berkas/", views.book_build, name="book-build"),
    path("<plan:slug>/buku/berkas/<int:pk>/", views.book_file, name="book-file"),
    path("<plan:slug>/buku/<slug:book>/", views.book, name="book-of"),
    path("<plan:slug>/buku/<slug:book>/susunan/", outline_views.book_outline, name="book-outline"),
    path("<plan:slug>/buku/<slug:book>/susunan/pedoman/", outline_views.book_outline_reset, name="book-outline-reset"),
    path("<plan:slug>/buku/<slug:book>/catatan/", remark_views.book_remarks, name="book-remarks"),
    path("<plan:slug>/buku/<slug:book>/catatan/baru/", remark_views.book_remark_new, name="book-remark-new"),
    path("<plan:slug>/buku/<slug:book>/catatan/<int:pk>/", remark_views.book_remark, name="book-remark"),
    path("<plan:slug>/tinjauan/", review_views.review_list, name="review-list"),
    path("<plan:slug>/tinjauan/baru/", review_views.review_new, name="review-new"),
    path("<plan:slug>/tinjauan/<int:pk>/", review_views.review, name="review"),
    path("<plan:slug>/tinjauan/<int:pk>/pendapat/", review_views.review_answer, name="review-answer"),
    path("<plan:slug>/tinjauan/<int:pk>/ingatkan/", review_views.review_remind, name="review-remind"),
    path("<plan:slug>/tinjauan/<int:pk>/tutup/", review_views.review_close, name="review-close"),
    path("<plan:slug>/naskah/", edition_views.edition_list, name="edition-list"),
    path("<plan:slug>/naskah/baru/", edition_views.edition_new, name="edition-new"),
    path("<plan:slug>/naskah/<int:pk>/", edition_views.edition, name="edition"),
    path("<plan:slug>/naskah/<int:pk>/baca/<slug:anchor>/", edition_views.edition_part, name="edition-part"),
    path("<plan:slug>/naskah/<int:pk>/gambar/<slug:anchor>/", edition_views.edition_picture, name="edition-picture"),
    path("<plan:slug>/naskah/<int:pk>/status/", edition_views.edition_status, name="edition-status"),
    path("<plan:slug>/naskah/<int:pk>/periksa/", edition_views.edition_check, name="edition-check"),
    path("<plan:slug>/naskah/<int:pk>/berkas/<slug:form>/", edition_views.edition_file, name="edition-file"),
    path(
        "<plan:slug>/naskah/<int:first>/banding/<int:second>/",
        edition_views.edition_redline,
        name="edition-redline",
    ),
    path(
        "<plan:slug>/naskah/<int:first>/banding/<int:second>/tabel/",
        edition_views.edition_changes,
        name="edition-changes",
    ),
    path("<plan:slug>/penetapan/", enactment_views.enactment, name="enactment"),
    path("<plan:slug>/penetapan/ubah/", enactment_views.enactment_edit, name="enactment-edit"),
    path("<plan:slug>/penetapan/ubah/draf/", enactment_views.enactment_draft, name="enactment-draft"),
    path("<plan:slug>/penetapan/pasal/", enactment_views.enactment_articles, name="enactment-articles"),
    path(
        "<plan:slug>/penetapan/pasal/draf/",
        enactment_views.enactment_articles_draft,
        name="enactment-articles-draft",
    ),
    path("<plan:slug>/penetapan/rancangan/", enactment_views.enactment_word, name="enactment-word"),
    path("<plan:slug>/penetapan/tahap/", enactment_views.enactment_stage, name="enactment-stage"),
    path(
        "<plan:slug>/penetapan/tahap/<int:pk>/tarik/",
        enactment_views.enactment_stage_withdraw,
        name="enactment-stage-withdraw",
    ),
    path(
        "<plan:slug>/penetapan/tahap/<int:pk>/berkas/",
        enactment_views.enactment_stage_file,
        name="enactment-stage-file",
    ),
    path("<plan:slug>/buku/gambar/<uuid:uid>/", narrative_views.narrative_picture, name="narrative-picture"),
    path("<plan:slug>/buku/<slug:book>/pemeriksaan/", narrative_views.book_check, name="book-check"),
    path("<plan:slug>/buku/<slug:book>/uraian/<str:key>/", narrative_views.narrative, name="narrative"),
    path(
        "<plan:slug>/buku/<slug:book>/uraian/<str:key>/draf/", narrative_views.narrative_draft, name="narrative-draft"
    ),
    path("<plan:slug>/buku/<slug:book>/uraian/<str:key>/hadir/", narrative_views.narrative_here, name="narrative-here"),
    path(
        "<plan:slug>/buku/<slug:book>/uraian/<str:key>/tempel/", narrative_views.narrative_paste, name="narrative-paste"
    ),
    path(
        "<plan:slug>/buku/<slug:book>/uraian/<str:key>/gambar/",
        narrative_views.narrative_picture_new,
        name="narrative-picture-new",
    ),
    path(
        "<plan:slug>/buku/<slug:book>/uraian/<str:key>/versi/",
        narrative_views.narrative_versions,
        name="narrative-versions",
    ),
    path(
        "<plan:slug>/buku/<slug:book>/uraian/<str:key>/versi/<int:number>/",
        narrative_views.narrative_version,
        name="narrative-version",
    ),
    path(
        "<plan:slug>/buku/<slug:book>/uraian/<str:key>/versi/<int:number>/kembalikan/",
        narrative_views.narrative_restore,
        name="narrative-restore",
    ),
    path("<plan:slug>/buku/<slug:book>/uraian/<str:key>/word/", narrative_views.narrative_word, name="narrative-word"),
    path(
        "<plan:slug>/buku/<slug:book>/uraian/<str:key>/word/ambil/",
        narrative_views.narrative_word_in,
        name="narrative-word-in",
    ),
    path(
        "<plan:slug>/buku/<slug:book>/uraian/<str:key>/word/<uuid:uid>/",
        narrative_views.narrative_word_preview,
        name="narrative-word-preview",
    ),
    # Last, because any word may be the key of a chapter.
    path("<plan:slug>/buku/<slug:book>/<str:chapter>/", views.book_chapter, name="book-chapter"),
]
