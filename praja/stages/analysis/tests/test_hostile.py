"""Nonsense and malice at every kind of row of the analysis: a kind answer, never an error of the server."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praja.foundation.plans.models import SubDimension
from praja.stages.analysis.models import Gap, Mission, SwotItem, SwotStrategy, VisionCandidate

NASTY = st.sampled_from(
    ["", " ", "\0", "a\0b", "\u202e", "x" * 6_000, "9" * 30, "-1", "0", "1", "2", "NaN", "²", "٣", "so", "strength", "on",
     "<script>", "=1+1", "{", "[]", "2029", "12029", "S", "naik", "👩‍👩‍👧"]
)  # fmt: skip
NAMES = st.sampled_from(
    ["kind", "text", "dimension", "source", "keyword", "items", "sub_dimension", "element", "now", "now_level", "wanted_level",
     "wanted_year", "closed_by", "priority", "acronym", "keywords", "serves", "version", "again", "arah", "remark",
     "words-TOTAL_FORMS", "words-INITIAL_FORMS", "words-0-letter", "words-0-word", "words-0-id", "goals-TOTAL_FORMS",
     "goals-INITIAL_FORMS", "goals-0-text", "goals-0-id", "goals-0-DELETE", "discard"]
)  # fmt: skip
VALUES = st.dictionaries(NAMES, st.lists(NASTY, max_size=2), max_size=8)
TRIES = settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def one_of_each(country):
    """The key of a row of every kind."""
    plan = country.plan
    sub = SubDimension.objects.filter(dimension__set=plan.dimension_set).first()
    return {
        "butir-swot": SwotItem.objects.create(plan=plan, kind="strength", text="Serat").pk,
        "strategi-swot": SwotStrategy.objects.create(plan=plan, kind="so", text="Membuka").pk,
        "kesenjangan": Gap.objects.create(plan=plan, sub_dimension=sub, element="Unsur").pk,
        "calon-visi": VisionCandidate.objects.create(plan=plan, text="Uji").pk,
        "misi": Mission.objects.create(plan=plan, text="Mewujudkan").pk,
    }


@pytest.mark.parametrize("entry", ["butir-swot", "strategi-swot", "kesenjangan", "calon-visi", "misi"])
def test_whatever_is_posted_is_answered(country, client_of, entry):
    key = one_of_each(country)[entry]
    client = client_of(country.coordinator)
    new, row = f"/kabupaten-uji/analisis/{entry}/baru/", f"/analisis/{entry}/{key}/"
    posts = [
        new,
        f"{new}draf/",
        f"{row}ubah/",
        f"{row}ubah/draf/",
        f"{row}urutan/",
        f"{row}penarikan/",
        f"{row}pemulihan/",
    ]

    @TRIES
    @given(st.sampled_from(posts), VALUES)
    def tried(where, values):
        assert client.post(where, values).status_code < 500
        for page in (new, row, f"{row}ubah/"):
            assert client.get(page).status_code < 500

    tried()


@pytest.mark.parametrize(
    "where",
    ["/kabupaten-uji/swot/", "/kabupaten-uji/swot/strategi/", "/kabupaten-uji/kesenjangan/", "/kabupaten-uji/visi/ubah/",
     "/kabupaten-uji/analisis/strategi-swot/baru/", "/kabupaten-uji/permasalahan/ringkasan/"],
)  # fmt: skip
def test_whatever_is_asked_for_is_answered(country, client_of, where):
    one_of_each(country)
    client = client_of(country.coordinator)
    names = st.sampled_from(["dimensi", "jenis", "butir", "sub", "prioritas", "calon", "keadaan", "halaman"])

    @TRIES
    @given(st.dictionaries(names, st.lists(NASTY, max_size=2), max_size=4))
    def tried(query):
        assert client.get(where, query).status_code < 500

    tried()
