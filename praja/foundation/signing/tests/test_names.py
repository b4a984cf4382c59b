"""The name in a certificate and that of who signed: the same person however it is written, and no other."""

import pytest
from django.utils import translation

from praja.foundation.signing.names import Match, compared, what_to_do


@pytest.mark.parametrize(
    ("in_certificate", "name"),
    [
        ("SITI RAHAYU", "Siti Rahayu"),
        ("SITI RAHAYU", "Dr. H. Siti Rahayu, S.T., M.Si."),
        ("Dr. Hj. Siti Rahayu, S.T., M.Si.", "Siti Rahayu"),
        ("SITI RAHAYU ST MSI", "Siti Rahayu, S.T., M.Si"),
        ("Ir.H.Siti  Rahayu", "Siti Rahayu"),
        ("Prof., Dr. Siti Rahayu", "Siti Rahayu, S.Kom"),
        ("Nur'aini Al-Banjari", "NURAINI ALBANJARI"),
        ("José Siregar", "Jose Siregar"),
    ],
)
def test_titles_degrees_capitals_and_signs_make_no_other_person(in_certificate, name):
    assert compared(in_certificate, name) == Match.SAME


@pytest.mark.parametrize(
    ("in_certificate", "name"),
    [
        ("Agus Setiawan", "Siti Rahayu"),
        ("Siti Rahayu Putri", "Siti Rahayu"),
        ("Rahayu Siti", "Siti Rahayu"),
        ("Siti", "Siti Rahayu"),
        ("Dr. S.T.", "Dr. S.T."),
    ],
)
def test_another_name_differs(in_certificate, name):
    assert compared(in_certificate, name) == Match.DIFFERS


@pytest.mark.parametrize("nothing", ["", "  "])
def test_a_certificate_without_a_name_is_told_apart(nothing):
    assert compared(nothing, "Siti Rahayu") == Match.EMPTY


def test_titles_of_the_person_that_are_in_no_list_are_passed_over():
    assert compared("SITI RAHAYU M.AGROTEK", "Siti Rahayu, M.Agrotek.", titles=" M.Agrotek.") == Match.SAME


def test_the_secretariat_is_told_what_to_do():
    with translation.override("en"):
        said = what_to_do({"name": "differs", "certificate_name": "Agus Setiawan"})
        assert said.startswith("Name in the certificate differs: Agus Setiawan. The signature counts")
        assert what_to_do({"name": "empty"}).startswith("The certificate names nobody.")
        assert "NIK in the certificate of Agus" in what_to_do({"name": "number", "certificate_name": "Agus"})
    assert what_to_do({"name": "same"}) == what_to_do({}) == ""
