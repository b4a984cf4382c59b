"""A file made in a process of its own is the file made here; a failure says why."""

import pytest

from praja.foundation.documents import blocks as b
from praja.foundation.documents import child
from praja.foundation.documents.tests import samples


@pytest.mark.parametrize("kind", ["html", "pdf", "word"])
def test_a_child_makes_the_same_file(kind):
    document = samples.document(b.Heading(1, "Bab"), samples.table())
    assert child.render_in_child(document, kind) == child.render(document, kind)


def test_a_failure_in_the_child_is_told():
    broken = samples.document(b.Chart("Rusak", "no picture at all", "x"))
    with pytest.raises(child.NotMade, match="pdf"):
        child.render_in_child(broken, "pdf")
