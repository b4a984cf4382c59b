"""Sixty electronic signatures in one PDF of twelve pages, each with its stamp, and how long it takes to validate them."""

import datetime
import resource
import time
from typing import Any

SIGNATURES = 60
FEW = 30
PAGES = 12
BEGIN = """#set document(title: "Komitmen Bersama")
#set page(paper: "a4", margin: 2.5cm)
#set text(font: "Source Serif 4", size: 11pt, lang: "id")
"""
CHAPTER = """= Kewajiban {number}
#lorem(300)
#table(columns: 4, ..range(40).map(str))
#pagebreak(weak: true)
"""


def signatures() -> dict[str, Any]:
    """Pages behind the document, then one signature after the other, then what the child says of thirty and of all."""
    from django.core.management import call_command

    from praja.foundation.accounts.models import Person
    from praja.foundation.documents.typesetting import typeset
    from praja.foundation.signing.paper import layout
    from praja.foundation.signing.pdf import authority, pades, validating

    call_command("migrate", verbosity=0)
    chapters = "".join(CHAPTER.format(number=number) for number in range(1, PAGES + 1))
    document = typeset({"main": (BEGIN + chapters).encode()}, format="pdf", timestamp=0, pdf_standards=["a-2a", "ua-1"])
    sheets = -(-SIGNATURES // layout.SLOTS_PER_PAGE)
    empty = '#set page(paper: "a4")\n' + "#pagebreak()\n".join(["Lembar tanda tangan\n"] * sheets)
    pages = typeset({"main": empty.encode()}, format="pdf", timestamp=0)
    pades.with_pages(document, pages)  # the first time loads pyHanko
    began = time.perf_counter()
    pdf = pades.with_pages(document, pages)
    results = {f"{sheets} signing pages behind a document of {PAGES}": f"{(time.perf_counter() - began) * 1000:.0f} ms"}
    began = time.perf_counter()
    signer = authority.signer_of(Person.objects.create(name="Siti Rahayu", title_before="Dr.", title_after="M.Si."))
    results["authority and first certificate are made"] = f"{(time.perf_counter() - began) * 1000:.0f} ms, once"
    began = time.perf_counter()
    authority.signer_of(Person.objects.create(name="Agus Setiawan", title_after="S.E."))
    results["certificate of a person is made"] = f"{(time.perf_counter() - began) * 1000:.0f} ms, once a person"
    moment = datetime.datetime.now(datetime.UTC)
    times, growth, few = [], [], b""
    for number in range(SIGNATURES):
        page, slot = divmod(number, layout.SLOTS_PER_PAGE)
        began = time.perf_counter()
        made = pades.sign(
            pdf, field=f"TTD-{number + 1:03}", box=layout.box(slot), page=page - sheets, signer=signer, moment=moment, tsa=None,
            text=pades.stamp_text("Dr. Siti Rahayu, M.Si.", "Plt. Kepala Dinas Kesehatan", moment, "Asia/Jakarta"),
            reason="Komitmen bersama", place="Garut",
        ).pdf  # fmt: skip
        times.append((time.perf_counter() - began) * 1000)
        growth.append(len(made) - len(pdf))
        pdf = made
        few = pdf if number + 1 == FEW else few
    results[f"one of {SIGNATURES} signatures: p50, the last, the slowest after the first"] = (
        f"{sorted(times)[SIGNATURES // 2]:.0f} ms, {times[-1]:.0f} ms, {max(times[1:]):.0f} ms"
    )
    results["first signature in a process"] = f"{times[0]:.0f} ms"
    results["a signature makes the file larger by"] = f"{min(growth) / 1000:.1f} to {max(growth) / 1000:.1f} kB"
    for count, content in ((FEW, few), (SIGNATURES, pdf)):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        result = validating.check(content)
        seconds = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if not result.is_valid or len(result.signatures) != count:
            raise RuntimeError(f"not valid: {result.problems}")
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        results[f"{count} signatures validated"] = (
            f"{seconds:.1f} s ({processor:.1f} s of processor time, {after.ru_maxrss / 1024:.0f} MB)"
        )
    return results


def signed_round() -> dict[str, Any]:
    """A round of sixty with real signatures, validated in full; answers the code of its public page."""
    from django.core.management import call_command

    from benchmarks.country import PASSWORD, USERNAME
    from praja.foundation.accounts import installation
    from praja.foundation.accounts.models import Person, User
    from praja.foundation.places.loading import load_regions
    from praja.foundation.places.models import Region
    from praja.foundation.plans.actions import open_plan
    from praja.foundation.plans.loading import load_dimension_sets
    from praja.foundation.signing.models import SigningRound
    from praja.foundation.signing.pdf import validating
    from praja.foundation.signing.tests.making import round_of
    from praja.foundation.signing.tests.signed import read, with_a_certificate

    call_command("migrate", verbosity=0)
    installation.mark(is_demonstration=False)
    load_regions()
    load_dimension_sets()
    User.objects.create_user(USERNAME, PASSWORD, person=Person.objects.create(name="Koordinator Ukur"))
    region = Region.objects.filter(kind="regency").order_by("code")[0]
    one = round_of(open_plan(region, by=None, year_from=2026, year_to=2035), count=SIGNATURES, way="own")
    for signatory in one.signatories.select_related("round__plan", "position__person", "organisation"):
        with_a_certificate(signatory)
    one = SigningRound.objects.get(pk=one.pk)
    signed = one.head
    if not validating.remembered(signed.sha256, lambda: read(signed)).is_valid:
        raise RuntimeError("not valid")
    return {"code": one.code}


PARTS = {"signatures": signatures, "signed-round": signed_round}
