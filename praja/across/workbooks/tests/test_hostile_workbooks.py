"""A thousand hostile workbooks: none is an error of the server, and none loses, doubles or changes a row unseen.

Each is the workbook of an agency, filled in, with a handful of random wounds: in its cells, identities, columns, rows,
sheets and sizes, or in the bytes and the XML of the file. The seed of a block makes it the same every time.
"""

import io
import marshal
import random
import re
import zipfile
from collections import Counter
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from praja.across.workbooks import making
from praja.across.workbooks.applying import apply, wrong_rows
from praja.across.workbooks.comparing import judge
from praja.across.workbooks.models import GOOD, Return
from praja.across.workbooks.verdicts import Status
from praja.foundation.jobs.worker import perform_due
from praja.foundation.plans.models import BudgetLine, Indicator, IndicatorTarget
from praja.foundation.sheets import reading
from praja.stages.innovations import actions as innovations
from praja.stages.innovations.models import Innovation, Partner
from praja.stages.innovations.tests.test_actions import complete
from praja.stages.problems.models import Cause, Problem
from praja.stages.problems.tests.test_actions import complete as complete_problem

BLOCKS, IN_A_BLOCK = 10, 94  # of tables; the rest of the thousand are files
ON_BOTH = 2  # blocks that PostgreSQL writes as well: most of a block is about what is read
FILES = 60
MODELS = {
    "problems": Problem,
    "causes": Cause,
    "innovations": Innovation,
    "budget": BudgetLine,
    "indicators": Indicator,
    "partners": Partner,
}
# What may follow in a row that is written, beside the cells that its verdict names.
FOLLOWS = {"version", "updated_at", "updated_by_id", "organisation_path", "withdrawn_at", "withdrawn_by_id", "order"}
HEAD, FIRST = 1, 2  # places of the titles and of the first row of data
NASTY = [None, "", " ", "\x0b\x1b[2J", "\u202e", "👩‍👩‍👧", "x" * 40_000, "=1+1", "-1", "0", "1", "2", "999999999999", "1e999", "²",
         "٣", "B1", "B2", "B999999", "#REF!", "'=cmd", "Ya", "Dinas Kesehatan", "Dinas Perhubungan", "Smart Living", "seribu juta",
         "2027", "31/02/2026", "a;b;c", "\n\n", "%s %(name)s {0}", "<script>", 1.0, -1.0, 2.5, 1e300, float("nan"),
         float("inf"), True, False, 10**30, (2026, 11, 22), (1899, 12, 30, 0, 0, 0), (5.0, "0005"), "Rp 1,5 miliar"]  # fmt: skip


# --- the world --------------------------------------------------------------------------------------------------------


@pytest.fixture
def agency(country):
    """Rows of two agencies and of the neighbour, and what a filled-in workbook of the first one says."""
    one, problem = complete(country), complete_problem(country)
    Partner.objects.create(innovation=one, name="PT Radio", kind="business")
    Cause.objects.create(problem=problem, kind="budget", text="Anggaran habis")
    handed = complete(country, title="Sudah diajukan")
    Innovation.objects.filter(pk=handed.pk).update(state="submitted")
    other = innovations.start(country.plan, by=country.coordinator, title="Halte", organisation=country.transport)
    innovations.start(
        country.neighbour_plan, by=country.neighbour, title="Tetangga", organisation=country.neighbour_agency
    )
    _handout, content = making.handing_out(country.plan, by=country.operator, organisation=country.health)
    foreign, _content = making.handing_out(country.plan, by=country.coordinator, organisation=country.transport)
    # While it was away, somebody changed two cells on the page.
    Innovation.objects.filter(pk=one.pk).update(goal="Diubah di halaman", benefit="Diisi di halaman", version=9)
    return content, _filled(reading._ask(content, "", "every")), [str(other.uid), str(foreign.uid), str(uuid4())]


def _filled(answer):
    """The answer of the reader, as if somebody had filled the workbook in."""
    by_key = {key: sheet for sheet in answer["every"] if (key := _key(sheet))}
    for key, row, cells in [
        ("problems", "B1", {1: "Kapal rusak", 3: "Smart Living", 14: "4"}), ("problems", "B2", {1: "Sinyal hilang"}),
        ("causes", "B1", {1: "B1", 5: "Suku cadang mahal", 6: "Anggaran"}),
        ("innovations", "B1", {1: "Radio Panggil", 19: "Cepat"}),
        ("budget", "B1", {1: "B1", 3: "2027", 4: "APBN", 7: "250.000.000"}), ("budget", "B2", {1: "B1", 7: "banyak"}),
        ("indicators", "B1", {1: "B1", 3: "Waktu", 4: "menit", 10: "62,5"}), ("partners", "B1", {1: "B1", 3: "PT Satu"}),
    ]:  # fmt: skip
        _type(by_key[key], row, cells)
    first = by_key["innovations"]["rows"][FIRST]
    first[19], first[20], first[8] = "Diubah di berkas", "Diisi di berkas", "Penjelasan baru dari berkas."
    return marshal.dumps(answer)


def _key(sheet):
    """The key of a sheet of ours, from the head of its hidden column."""
    titles = [str(cell) for row in sheet["rows"][:3] for cell in row]
    found = [match[1] for title in titles if (match := re.match(r"Praja (\w+) [0-9a-f]{8}-", title))]
    return found[0] if found else ""


def _type(sheet, number, cells):
    row = next(row for row in sheet["rows"] if row and row[0] == number)
    for place, value in cells.items():
        row[place] = value


def world():
    """Every stored row with all its columns: {model: {key: values}}."""
    models = [*MODELS.values(), IndicatorTarget, Innovation.problems.through]
    return {model: {row["id"]: row for row in model.objects.values()} for model in models}


# --- wounds in what a workbook says -----------------------------------------------------------------------------------


def any_place(rng, sheet):
    return rng.randrange(FIRST, len(sheet["rows"])) if len(sheet["rows"]) > FIRST else 0


def any_row(rng, sheet):
    return sheet["rows"][any_place(rng, sheet)] if sheet["rows"] else []


def nasty_cells(rng, sheet, _sheets, _foreign):
    for _ in range(rng.randint(1, 12)):
        row = any_row(rng, sheet)
        if row:
            row[rng.randrange(len(row))] = rng.choice(NASTY)


def swapped_identities(rng, sheet, _sheets, _foreign):
    one, other = (any_row(rng, sheet) for _ in range(2))
    if one and other:
        one[-1], other[-1] = other[-1], one[-1]


def repeated_identity(rng, sheet, _sheets, _foreign):
    one, other = (any_row(rng, sheet) for _ in range(2))
    if one and other:
        other[-1] = one[-1]


def identity_of_others(rng, sheet, sheets, foreign):
    strange = rng.choice(sheets)["rows"]
    choices = [*foreign, "", "x", "0" * 36, str(strange[-1][-1]) if strange and strange[-1] else ""]
    row = any_row(rng, sheet)
    if row:
        row[-1] = rng.choice(choices)


def other_handout(rng, sheet, _sheets, foreign):
    for row in sheet["rows"][:3]:
        for place, cell in enumerate(row):
            if isinstance(cell, str) and cell.startswith("Praja ") and len(cell) > 40:
                row[place] = cell[:-36] + rng.choice(foreign)


def sorted_anew(rng, sheet, _sheets, _foreign):
    data = sheet["rows"][FIRST:]
    rng.shuffle(data)
    sheet["rows"][FIRST:] = data


def half_deleted(rng, sheet, _sheets, _foreign):
    sheet["rows"][FIRST:] = [row for row in sheet["rows"][FIRST:] if rng.random() < 0.5]


def repeated_rows(rng, sheet, _sheets, _foreign):
    for _ in range(rng.randint(1, 4)):
        sheet["rows"].insert(any_place(rng, sheet), list(any_row(rng, sheet)))


def columns_moved(rng, sheet, _sheets, _foreign):
    width = max(map(len, sheet["rows"]), default=0)
    order = list(range(width))
    if width:
        {0: lambda: order.pop(rng.randrange(width)), 1: lambda: rng.shuffle(order),
         2: lambda: order.insert(rng.randrange(width), rng.randrange(width))}[rng.randrange(3)]()  # fmt: skip
    sheet["rows"] = [[row[place] if place < len(row) else None for place in order] for row in sheet["rows"]]


def titles_changed(rng, sheet, sheets, _foreign):
    head = sheet["rows"][HEAD] if len(sheet["rows"]) > HEAD else []
    other = rng.choice(sheets)["rows"]
    for _ in range(rng.randint(1, 4)):
        if head:
            source = other[HEAD] if len(other) > HEAD and other[HEAD] else NASTY
            head[rng.randrange(len(head))] = rng.choice([rng.choice(NASTY), rng.choice(source)])


def head_moved(rng, sheet, _sheets, _foreign):
    rows = sheet["rows"]
    {0: lambda: rows.pop(HEAD) if len(rows) > HEAD else None, 1: lambda: rows.insert(0, []),
     2: lambda: rows.insert(0, ["Laporan"]), 3: lambda: rows.insert(any_place(rng, sheet), list(rows[min(HEAD, len(rows) - 1)]))
     if rows else None, 4: rows.clear}[rng.randrange(5)]()  # fmt: skip


def sheets_changed(rng, sheet, sheets, _foreign):
    kind = rng.randrange(4)
    if kind == 0 and len(sheets) > 1:
        sheets.remove(sheet)
    elif kind == 1:
        sheets.append({**sheet, "rows": [list(row) for row in sheet["rows"]], "name": "Salinan"})
    elif kind == 2:
        sheet["name"] = rng.choice(["", "Lists", "Baca ini dahulu", "x" * 400, "a\nb"])
    else:
        other = rng.choice(sheets)
        sheet["rows"], other["rows"] = other["rows"], sheet["rows"]


def parents_changed(rng, sheet, _sheets, _foreign):
    for row in sheet["rows"][FIRST:]:
        if len(row) > 1 and rng.random() < 0.4:
            row[1] = rng.choice([*NASTY, "3", "4", "Halte", "Antre dari Rumah", "Radio Panggil", "B1", "B2"])


def sizes_changed(rng, sheet, _sheets, _foreign):
    if rng.random() < 0.5:
        sheet["rows"] += [[f"N{number}", rng.choice(NASTY), "baris tambahan"] for number in range(rng.randint(1, 150))]
    else:
        for row in sheet["rows"]:
            row.extend([rng.choice(NASTY)] * rng.randint(1, 60))


def cells_merged(rng, sheet, _sheets, _foreign):
    top, left = rng.randrange(12), rng.randrange(12)
    sheet["merged"].append(((top, left), (top + rng.randrange(6), left + rng.randrange(6))))


WOUNDS = [nasty_cells, swapped_identities, repeated_identity, identity_of_others, other_handout, sorted_anew, half_deleted,
          repeated_rows, columns_moved, titles_changed, head_moved, sheets_changed, parents_changed, sizes_changed,
          cells_merged, nasty_cells, swapped_identities, parents_changed]  # fmt: skip


def wounded(rng, filled, foreign):
    """The filled-in workbook with some wounds, and their names."""
    answer = marshal.loads(filled)
    if rng.random() < 0.9:  # the pages of instructions and lists are looked at in some
        answer["every"] = [sheet for sheet in answer["every"] if _key(sheet)]
    names = []
    for _ in range(rng.randint(1, 5)):
        if answer["every"]:
            wound = rng.choice(WOUNDS)
            names.append(wound.__name__)
            wound(rng, rng.choice(answer["every"]), answer["every"], foreign)
    return answer, names


# --- wounds in the file -----------------------------------------------------------------------------------------------


def wounded_file(rng, content):
    """The bytes of the workbook, damaged."""
    kind = rng.randrange(4)
    if kind == 0:
        return content[: rng.randrange(1, len(content))]
    if kind == 1:
        data = bytearray(content)
        for _ in range(rng.randint(1, 30)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        return bytes(data)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(rng.randint(1, 4)):
        name = rng.choice(sorted(parts))
        if kind == 2:
            parts.pop(name) if rng.random() < 0.5 else parts.update({name: parts[rng.choice(sorted(parts))]})
        else:
            name = rng.choice([name for name in parts if name.endswith((".xml", ".rels"))])
            parts[name] = rng.choice(XML_WOUNDS)(rng, parts[name])
        parts = parts or {"x": b""}
    if rng.random() < 0.2:
        parts[rng.choice(["../../x", "xl/worksheets/sheet1.xml ", "/etc/passwd"])] = b"\0" * rng.choice([0, 5_000_000])
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def _sub(pattern, replacement, most=3):
    return lambda rng, xml: re.sub(pattern, replacement, xml, count=rng.randint(1, most))


def _tag_gone(rng, xml):
    tags = [match.span() for match in re.finditer(rb"<[^>]+>", xml)]
    start, end = rng.choice(tags) if tags else (0, 0)
    return xml[:start] + xml[end:]


XML_WOUNDS = [
    _tag_gone, _sub(rb'r="A([0-9]+)"', rb'r="XFD1048576"'), _sub(rb't="s"', rb't="e"'), _sub(rb't="s"', b't="n"', 50),
    _sub(rb"<v>[0-9]+</v>", b"<v>99999999</v>", 20), _sub(rb"<v>[0-9]+</v>", b"<v>NaN</v>", 20),
    _sub(rb"<row r=\"[0-9]+\"", b'<row r="-1"'), _sub(rb"\?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1),
    _sub(rb"<t[^>]*>", b"<t>&#x0;&#xD800;"), _sub(rb"<t[^>]*>", b"<t>" + b"A" * 50_000), _sub(rb"<c ", b"<c><c ", 50),
    _sub(rb"<v>", b"<f>1/0</f><v>", 20), _sub(rb"state=\"[a-zA-Z]+\"", b'state="visible"', 9),
    _sub(rb"[0-9a-f]{8}-[0-9a-f]{4}-", b"00000000-0000-", 40), _sub(rb"UTF-8", b"UTF-16", 1),
]  # fmt: skip


# --- the tests --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "block", [*range(ON_BOTH), *(pytest.param(block, marks=pytest.mark.once) for block in range(ON_BOTH, BLOCKS))]
)
def test_no_hostile_workbook_loses_doubles_or_changes_a_row_unseen(country, agency, monkeypatch, block):
    content, filled, foreign = agency
    rng = random.Random(f"tables {block}")
    before = world()
    outcomes = Counter()
    for number in range(IN_A_BLOCK):
        answer, names = wounded(rng, filled, foreign)
        blob = marshal.dumps(answer)
        monkeypatch.setattr(reading, "_ask", lambda *_, blob=blob: marshal.loads(blob))
        undo = transaction.savepoint()
        try:
            outcomes += tried(country, content, rng, before)
        except Exception as problem:
            raise AssertionError(f"workbook {number} of block {block}: {names}") from problem
        finally:
            transaction.savepoint_rollback(undo)
    assert outcomes[Status.NEW] > 50
    assert outcomes[Status.CHANGED] + outcomes[Status.CONFLICT] > 20


def tried(country, content, rng, before):
    """Judge, choose, write, and compare the world with what the preview said."""
    verdicts = judge(io.BytesIO(content), "buku.xlsx", plan=country.plan, by=country.operator)
    places = [(row.sheet, row.number) for row in verdicts.rows]
    assert len(places) == len(set(places))
    if rng.random() < 0.1:
        assert world() == before
    could = [row for row in verdicts.rows if row.status in (*GOOD, Status.CONFLICT)]
    rows = could if rng.random() < 0.7 else rng.sample(could, len(could) // 2)
    answers = {
        (row.sheet, row.number, cell.key): rng.choice(["mine", "theirs"])
        for row in rows
        for cell in row.cells
        if cell.status == Status.CONFLICT
    }
    chosen = {(row.sheet, row.number) for row in rows}
    mend = {(row.sheet, row.number) for row in verdicts.rows if row.status in (Status.WRONG, Status.CONFLICT)}
    if mend and rng.random() < 0.1:
        assert wrong_rows(verdicts, rows=mend).startswith(b"PK")
    result = apply(verdicts, plan=country.plan, by=country.operator, chosen=chosen, answers=answers)
    assert result.applied | set(result.left) == chosen
    assert not result.applied & set(result.left)
    written = [row for row in rows if (row.sheet, row.number) in result.applied]
    after = world()
    compare(before, after, written, answers)
    if rng.random() < 0.3:
        repeat(country, content, result.applied, after)
    return Counter(row.status for row in written)


def repeat(country, content, applied, after):
    """The same file once more says nothing new of the rows that were written, and changes nothing."""
    again = judge(io.BytesIO(content), "buku.xlsx", plan=country.plan, by=country.operator)
    now = {(row.sheet, row.number): row for row in again.rows}
    repeated = {place: now[place] for place in applied if now[place].status != Status.UNCHANGED}
    assert not repeated, repeated
    apply(again, plan=country.plan, by=country.operator, chosen=applied, answers={})
    assert world() == after


def compare(before, after, written, answers):
    """Nothing is gone; new rows are those that the preview called new; others changed in the cells it named, or not at all."""
    new = Counter(row.sheet for row in written if row.status == Status.NEW)
    named = {
        (row.sheet, row.row_id): {
            cell.key
            for cell in row.cells
            if cell.status == Status.CHANGED or answers.get((row.sheet, row.number, cell.key)) == "mine"
        }
        for row in written
        if row.row_id is not None
    }
    parents = {"problem_id": "problems", "innovation_id": "innovations"}
    touched = set()  # rows above and beside lines that were written
    for row in written:
        model = MODELS[row.sheet]
        for column, sheet in parents.items():
            touched |= {(sheet, line.get(column)) for key, line in after[model].items() if key not in before[model]}
            touched |= {(sheet, line.get(column)) for key, line in after[model].items() if key == row.row_id}
    for sheet, model in MODELS.items():
        assert set(before[model]) <= set(after[model]), sheet
        assert len(after[model]) - len(before[model]) == new[sheet], sheet
        for key, old in before[model].items():
            changed = {name for name, value in after[model][key].items() if value != old[name]}
            allowed = {part for name in named.get((sheet, key), ()) for part in (name, f"{name}_id")}
            if (sheet, key) in named or (sheet, key) in touched:
                allowed |= FOLLOWS
            elif any((above, old.get(column)) in touched for column, above in parents.items()):
                allowed |= {"order", "version", "updated_at", "updated_by_id"}
            assert changed <= allowed, (sheet, key, changed - allowed)


@pytest.mark.slow
@pytest.mark.once
def test_no_damaged_file_is_an_error(country, agency):
    content, _filled, _foreign = agency
    rng = random.Random("files")
    before = world()
    for number in range(FILES):
        data = wounded_file(rng, content)
        try:
            verdicts = judge(io.BytesIO(data), "buku.xlsx", plan=country.plan, by=country.operator)
        except Exception as problem:
            raise AssertionError(f"file {number}") from problem
        assert verdicts.refusal or verdicts.rows is not None
        assert world() == before


@pytest.mark.slow
def test_hostile_workbooks_go_the_whole_way_through_the_pages(country, agency, client_of, monkeypatch):
    content, filled, foreign = agency
    client, rng, real = client_of(country.operator), random.Random("pages"), reading._ask
    where = reverse("workbook-list", args=[country.plan.slug])
    seen = Counter()
    for number in range(24):
        data = content
        if number % 3 == 0:
            data = wounded_file(rng, content)
            monkeypatch.setattr(reading, "_ask", real)
        else:
            blob = marshal.dumps(wounded(rng, filled, foreign)[0])
            monkeypatch.setattr(reading, "_ask", lambda *_, blob=blob: marshal.loads(blob))
        undo = transaction.savepoint()
        answer = client.post(where, {"file": SimpleUploadedFile("buku.xlsx", data)})
        assert answer.status_code in (302, 422), number
        if answer.status_code == 302:
            perform_due()
            one = Return.objects.get()
            assert one.state in (Return.State.JUDGED, Return.State.REFUSED), (number, one.job.error)
            for tab in ("baru", "berubah", "konflik", "perbaiki", "ditolak", "tetap"):
                assert client.get(answer.url, {"keadaan": tab}).status_code == 200
            client.post(answer.url, {"version": one.round, "action": "mine"})
            client.post(answer.url, {"version": one.round, "action": "apply-all"})
            perform_due()
            one.refresh_from_db()
            assert one.state != Return.State.APPLYING, number
            assert client.get(answer.url).status_code == 200
            seen[one.state] += 1
        transaction.savepoint_rollback(undo)
    assert seen[Return.State.APPLIED] > 5
