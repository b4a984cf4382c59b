"""Whatever is handed in as a PDF, its judge answers, nobody who asks breaks, and nothing of it is ever valid."""

import hashlib
import subprocess
import zlib

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from praja.foundation.signing.pdf import authority, validating
from praja.foundation.signing.tests import pdfs

pytestmark = pytest.mark.once
ENDLESS = b"""%PDF-1.7
1 0 obj <</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]/SigFlags 3>>>> endobj
2 0 obj <</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>> endobj
3 0 obj <</FT/Sig/T(a)/Kids[3 0 R]/Parent 3 0 R/V 4 0 R>> endobj
4 0 obj <</Type/Sig/SubFilter/ETSI.CAdES.detached/Contents<00>/ByteRange[0 9 9 99999999999]>> endobj
xref
0 5
0000000000 65535 f\x20
0000000009 00000 n\x20
0000000092 00000 n\x20
0000000156 00000 n\x20
0000000221 00000 n\x20
trailer <</Size 5/Root 1 0 R>>
startxref
322
%%EOF
"""


@pytest.fixture
def trusted(monkeypatch, db):
    """The root of the tests' signers is the installation's own."""
    monkeypatch.setattr(authority, "own_roots", lambda: [pdfs.root()])


@pytest.mark.parametrize(
    "pdf",
    [
        b"",
        b"PK\x03\x04",
        b"%PDF-",
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.7\nstartxref\n0\n%%EOF\n",
        ENDLESS,
        b"%PDF-1.7" * 100_000,
    ],
)
def test_what_is_no_signed_pdf_is_answered(trusted, pdf):
    result = validating.check(pdf)
    assert not result.is_valid
    assert result.problems


def test_a_truncated_file_is_not_valid(trusted):
    pdf = pdfs.signed(2)
    for part in (0.3, 0.9, 0.999):
        assert not validating.check(pdf[: int(len(pdf) * part)]).is_valid


def test_a_file_that_is_too_large_starts_no_child(trusted, monkeypatch):
    monkeypatch.setattr(validating, "LONGEST", 1000)
    monkeypatch.setattr(subprocess, "run", lambda *_arguments, **_options: pytest.fail("started"))
    assert validating.check(pdfs.signed(1)).problems == ["too-large"]


def test_a_file_that_unfolds_without_end_is_not_valid(trusted):
    bomb = zlib.compress(bytes(200_000_000), 9)
    pdf = (
        b"%%PDF-1.7\n1 0 obj <</Type/XRef/W[1 4 2]/Size 99999999/Root 1 0 R/Filter/FlateDecode/Length %d>> stream\n"
        % len(bomb)
    )
    result = validating.check(pdf + bomb + b"\nendstream endobj\nstartxref\n9\n%%EOF\n")
    assert not result.is_valid


@pytest.mark.parametrize(
    ("program", "problem"), [("while True: pass", "too-slow"), ("import os; os.abort()", "too-heavy")]
)
def test_a_judge_that_is_stuck_or_dies_is_an_answer(trusted, monkeypatch, tmp_path, program, problem):
    (tmp_path / "stuck.py").write_text(program)
    monkeypatch.setattr(validating, "_PROCESS", tmp_path / "stuck.py")
    monkeypatch.setattr(validating, "SECONDS", 0.5)
    assert validating.check(pdfs.signed(1)).problems == [problem]


def test_what_went_wrong_for_want_of_room_is_not_kept(trusted, monkeypatch):
    monkeypatch.setattr(validating, "_judged", lambda _pdf: validating._not_checked("too-slow"))
    sha256 = hashlib.sha256(b"a").hexdigest()
    assert validating.remembered(sha256, lambda: b"a").problems == ["too-slow"]
    assert validating.known_of(sha256) is None


quickly = rules(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quickly
@given(st.binary(max_size=400), st.integers(0, 2**32))
def test_garbage_inside_is_never_valid(garbage, place):
    pdf = pdfs.signed(1)
    place %= len(pdf)
    changed = pdf[:place] + garbage + pdf[place + len(garbage) :]
    said = pdfs.said_of(changed)
    assert said["is_valid"] == (changed == pdf)


@quickly
@given(st.lists(st.integers(0, 2**32), min_size=2, max_size=6))
def test_parts_in_another_order_are_never_valid(places):
    pdf = pdfs.signed(2)
    cuts = sorted({place % len(pdf) for place in places})
    parts = [pdf[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(pdf)], strict=True)]
    changed = b"".join([parts[0], *reversed(parts[1:])])
    said = pdfs.said_of(changed)
    assert said["is_valid"] == (changed == pdf)


@quickly
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    b"/ByteRange",
                    b"/Contents",
                    b"/Fields",
                    b"/Kids",
                    b"/V ",
                    b"/Prev ",
                    b"/Size ",
                    b"/W",
                    b"/AP",
                    b"/Parent",
                ]
            ),
            st.binary(min_size=1, max_size=12),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_keys_of_a_pdf_with_other_values_are_never_valid(changes):
    changed = pdfs.signed(2)
    for name, value in changes:
        place = changed.rfind(name) + len(name)
        changed = changed[:place] + value + changed[place + len(value) :]
    said = pdfs.said_of(changed)
    assert said["is_valid"] == (changed == pdfs.signed(2))
