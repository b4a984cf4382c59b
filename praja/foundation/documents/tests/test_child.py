"""A file made in a process of its own is the file made here; a failure says why."""

import io

import pytest

from praja.foundation.documents import blocks as b
from praja.foundation.documents import child
from praja.foundation.documents.tests import samples


@pytest.mark.parametrize("kind", ["html", "pdf", "word"])
def test_a_child_makes_the_same_file(kind):
    document = samples.document(b.Heading(1, "Bab"), samples.table())
    assert child.render_in_child(document, kind) == child.render(document, kind)


def test_a_child_makes_slides_too():
    deck = samples.deck(b.Heading(1, "Bab"), samples.table())
    assert child.render_in_child(deck, "powerpoint") == child.render(deck, "powerpoint")


def test_setting_pages_gives_way_to_who_reads(monkeypatch, capfdbinary):
    given_way = []
    monkeypatch.setattr(child.os, "nice", given_way.append)
    monkeypatch.setattr(child.sys, "argv", ["child", "html"])
    sent = b.to_json(samples.document(b.Heading(1, "Bab"))).encode()
    monkeypatch.setattr(child.sys, "stdin", io.TextIOWrapper(io.BytesIO(sent)))
    child.main()
    assert given_way == [child.NICENESS]


def test_a_failure_in_the_child_is_told():
    broken = samples.document(b.Chart("Rusak", "no picture at all", "x"))
    with pytest.raises(child.NotMade, match="pdf"):
        child.render_in_child(broken, "pdf")
