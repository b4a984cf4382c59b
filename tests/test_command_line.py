"""The command line answers with a sentence and an exit code that a shell understands."""

import socket

import pytest

from praja import serving
from praja.cli import main
from praja.doctor import examine


def code_of(*words):
    """The exit code of `praja WORDS`."""
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return ended.value.code


def test_without_words_it_says_what_there_is(capsys):
    main([])
    assert "serve" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_doctor_looks_at_everything_and_says_what_to_mend(settings):
    findings = {finding.subject: finding for finding in examine()}
    assert findings["Database"].is_well
    assert findings["Fonts"].is_well
    assert not findings["Worker"].is_well
    assert not findings["Regions"].is_well
    assert "praja load_regions" in findings["Regions"].text


@pytest.mark.django_db
def test_a_secret_that_others_can_read_has_to_be_mended(settings):
    (settings.HOME / "secret").touch()
    (settings.HOME / "secret").chmod(0o644)
    findings = {finding.subject: finding for finding in examine()}
    assert not findings["Secret"].is_well
    (settings.HOME / "secret").chmod(0o600)


@pytest.mark.django_db
def test_a_missing_file_a_missing_plan_and_a_strange_ending_are_answered_kindly(tmp_path, capsys):
    file = tmp_path / "usulan.csv"
    file.write_text("Nama Inovasi\nAntrean\n")
    assert code_of("import", str(tmp_path / "nothing.csv"), "--plan", "32.05") == 1
    assert code_of("import", str(file), "--plan", "32.05") == 1
    assert code_of("book", "--plan", "32.05", "-o", str(tmp_path / "book.txt")) == 1
    assert code_of("book", "--plan", "32.05", "-o", str(tmp_path / "book.pdf")) == 1
    answers = capsys.readouterr().err
    for words in ("There is no file", "no plan of the region 32.05", ".pdf, .docx, .pptx or .html"):
        assert words in answers


@pytest.mark.django_db
def test_a_file_that_is_no_sheet_is_answered_with_a_sentence(country, tmp_path, capsys):
    file = tmp_path / "usulan.xlsx"
    file.write_bytes(b"not a workbook")
    assert code_of("import", str(file), "--plan", country.regency.code) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_a_taken_port_is_avoided():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert serving.free_port("127.0.0.1", port) > port
