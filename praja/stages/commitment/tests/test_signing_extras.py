"""Beside the commitment that is signed stands what the own agency promises, and nothing of another agency."""

from types import SimpleNamespace

from praja.stages.commitment.signing_extras import extras
from praja.stages.commitment.tests.making import frozen, list_of


def signatory(country, agency, edition):
    """Who signs that edition for the agency."""
    signing_round = SimpleNamespace(edition_id=edition, plan=country.plan)
    return SimpleNamespace(round=signing_round, organisation_id=agency.pk)


def test_the_own_promises_stand_beside_the_commitment(country):
    commitment = frozen(country)
    (extra,) = extras(signatory(country, country.health, commitment.document_id))
    assert [line.title for line in extra.lines] == ["Antre dari Rumah", "Posyandu"]
    assert extra.lines[0].note.startswith("2026–2028 · ")
    assert extra.lines[0].url.endswith(f"/daftar/{list_of(commitment, country.health).pk}/")


def test_another_paper_or_an_agency_without_promises_has_none(country):
    commitment = frozen(country)
    assert extras(signatory(country, country.health, commitment.edition_id)) == []
    assert extras(signatory(country, country.neighbour_agency, commitment.document_id)) == []
