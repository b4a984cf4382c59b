"""What is wrong in a book: numbers in texts that contradict the data, and places that are not whole.

A number counts only where a noun of a measure stands beside it ("96 inovasi", "jumlah penduduk 1.234.567", "anggaran sebesar
Rp1,2 miliar"). Words near it say which part is meant: a dimension, an agency, a year, a source. Where a text narrows its
number down by words that the data do not know ("12 inovasi unggulan"), it is left alone: an alarm must be worth reading.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from praja.foundation.documents import blocks as b
from praja.foundation.plans.models import Plan
from praja.foundation.ui.formats import decimal, rupiah_short
from praja.stages.masterplan.contents import composing
from praja.stages.masterplan.contents.material import Material
from praja.stages.masterplan.models import Narrative
from praja.stages.masterplan.outlines.outline import Outline, Part
from praja.stages.masterplan.texts import narratives
from praja.stages.masterplan.texts.figures import LANGUAGE, Figures, Number, figures_of
from praja.stages.masterplan.texts.measures import Measure, facet_words, measures_of
from praja.stages.masterplan.texts.narratives import TEXT_KINDS, Content, Node
from praja.stages.masterplan.texts.number_words import found_in
from praja.stages.masterplan.texts.references import Values, values_of


@dataclass(frozen=True)
class Finding:
    """Something to look at: its kind, a sentence, the words it is about, and where they stand."""

    kind: str
    sentence: str
    place: str
    quote: str = ""
    before: str = ""
    after: str = ""
    read_url: str = ""
    write_url: str = ""


@dataclass(frozen=True)
class Alarm:
    """A number that the data contradict: where it stands in its text, what it says, and what the data say."""

    start: int
    end: int
    said: str
    expected: tuple[str, ...]


# ---------------------------------------------------------------- numbers in a text

# A number as people write it: 1.234.567  12,5  Rp1,2 miliar  12,5 %  96 (sembilan puluh enam)
_DIGITS = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_NUMBER = re.compile(
    rf"(?<![\w.,/-])(?P<rupiah>Rp\.?\s*)?(?P<digits>{_DIGITS})(?P<scale>\s*(?:ribu|juta|miliar|milyar|triliun|triliyun))?(?![\d/])"
    r"(?P<percent>\s*(?:%|persen\b))?(?!\w)",
    re.IGNORECASE,
)
_SCALES = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "milyar": 10**9, "triliun": 10**12, "triliyun": 10**12}
# What stands before digits that are no quantity: an article, a code, a number of a paper, a year, a date, a heading.
_NO_QUANTITY = re.compile(
    r"(?:\b(?:pasal|ayat|huruf|nomor|no\.?|nomer|tahun|bab|butir|tabel|gambar|grafik|lampiran|halaman|hal\.|hlm\.?|kode|versi|"
    r"edisi|angka|buku|bagian|peraturan|perda|perbup|perwal|pergub|perpres|permen\w*|uu|pp|ke|sdgs?|tujuan|misi|rt|rw|periode|"
    r"januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember|nip|telepon|pukul|jam|kuadran)"
    r"|[-–/:]|\bke-)\s*\(?$",
    re.IGNORECASE,
)
_AFTER_DATE = re.compile(
    r"\s+(?:januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember)\b", re.IGNORECASE
)
_COUNTERS = r"(?:buah|unit|usulan|jenis|macam|orang|total|judul|daftar|butir|lokasi|lembaga|instansi)"
_IN_WORDS = r"(?:\([^()]{3,80}\)\s*)?"
_LOOSE = {
    "about": re.compile(r"(?:sekitar|kurang lebih|±|kira-kira)\s*$", re.IGNORECASE),
    "more": re.compile(r"(?:lebih dari|tidak kurang dari|di atas|sedikitnya)\s*$", re.IGNORECASE),
    "almost": re.compile(r"(?:hampir|mendekati|nyaris)\s*$", re.IGNORECASE),
}
_PART = re.compile(
    r"\b(?:di antaranya|antara lain|salah satu|setiap|tiap|masing-masing|per|paling sedikit|minimal|maksimal|rata-rata)\b[^.,;]*$",
    re.IGNORECASE,
)
# A place within the region: the number speaks of a part that the data do not know.
_WITHIN = re.compile(r"\b(?:[Kk]ecamatan|[Dd]esa|[Kk]elurahan|[Dd]usun|[Kk]ampung)\s+[A-Z]")
_WHOLE = re.compile(r"\b(?:total|jumlah|seluruh|keseluruhan|kebutuhan|masterplan|semua)", re.IGNORECASE)
# Between a noun and the number that follows it: "jumlah inovasi pada dimensi Smart Living adalah sebanyak 12".
_LINKS = (
    r"(?:adalah|ialah|yaitu|yakni|sebanyak|sejumlah|berjumlah|sebesar|senilai|mencapai|tercatat|seluruhnya|keseluruhan|total|"
    r"totalnya|jumlahnya|terdapat|ada|menjadi|diperkirakan|kurang lebih|sekitar|lebih dari|hampir|±|:|=|indikatif|seluas|"
    r"daerah|kabupaten|kota|masterplan|smart city|kota cerdas|ini|itu|tersebut|yang|dibutuhkan|diperlukan|direncanakan|"
    r"dialokasikan|diterima|diajukan|dikembalikan)"
)
# What may follow "96 inovasi" without narrowing it down.
_NEUTRAL_NEXT = re.compile(
    r"\s*(?:$|[.,;:!?)\]”\"–-]|(?:dan|serta|dari|pada|di|dalam|untuk|dengan|oleh|telah|sudah|akan|ini|itu|tersebut|sebagai|atau|"
    r"sebanyak|sejumlah|adalah|smart|kota cerdas|cerdas|daerah|kabupaten|kota|masterplan|rpjmd|lintas|selama|tahun|sampai|hingga|"
    r"disusun|disiapkan|direncanakan|diusulkan|dimuat|ditetapkan|disepakati|dihimpun|dirumuskan|sehingga|agar|guna|bagi|menurut|berdasarkan|terdiri|mencakup|tersebar|meliputi|yang (?:diusulkan|termuat|dimuat|"
    r"tercantum|direncanakan|ditetapkan|disepakati|diterima|akan|menjadi|tersebar|ada|dihimpun|masuk|diajukan|dikembalikan|"
    r"mengampu|terlibat|diminta|memerlukan teknologi|tidak memerlukan|berbasis)|non|berbasis|tanpa|bukan|diterima|diajukan|"
    r"dikembalikan|dimensi|subdimensi|sub|jangka|apbd|apbn|dak|csr|hibah|indikatif|penduduk|jiwa|km|ha|persen|pengampu|"
    r"(?:dinas|badan|kecamatan|sekretariat|inspektorat|rsud|satuan|bagian)\b)\b)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-Z\d“\"(])|\n")
_CLAUSE = re.compile(r"[,;()]|\b(?:sedangkan|sementara|adapun|namun|tetapi)\b", re.IGNORECASE)


@dataclass
class _Said:
    """A number in a sentence: where, how much, how exactly, in what unit."""

    start: int
    end: int
    text: str
    value: Decimal
    step: Decimal  # one in its last place
    unit: str = ""
    about: str = ""  # how loosely it is meant: "about", "more", "almost"


@dataclass
class Checker:
    """Compares the numbers of any text with the figures of one plan."""

    figures: Figures
    measures: list[Measure] = field(init=False)
    words: dict[str, dict[str, object]] = field(init=False)

    def __post_init__(self) -> None:
        self.measures = measures_of(self.figures)
        self.words = facet_words(self.figures)
        self.patterns = {facet: _any_of(words) for facet, words in self.words.items()}
        self.nouns = sorted({noun for measure in self.measures for noun in measure.nouns}, key=len, reverse=True)
        noun = "|".join(re.escape(noun) for noun in self.nouns)
        self.behind = re.compile(rf"\s*{_IN_WORDS}(?:{_COUNTERS}\s+)?(?P<noun>{noun})(?![\w-])", re.IGNORECASE)
        qualifiers = "|".join(pattern.pattern for pattern in self.patterns.values() if pattern.pattern)
        years = r"tahun|\d{4}|dari|pada|di|dalam|untuk|sumber|bersumber"
        link = rf"(?:\s+|,\s*)?(?:{_LINKS}|{qualifiers}|{years})"
        self.ahead = re.compile(rf"(?<![\w-])(?P<noun>{noun})(?:nya)?(?:{link}){{0,9}}\s*[:=]?\s*\(?$", re.IGNORECASE)

    def alarms(self, text: str, context: str = "") -> list[Alarm]:
        """The numbers of a text that the data contradict; `context` is the heading it stands under."""
        found: list[Alarm] = []
        start = 0
        for sentence in _sentences(text):
            found += self._in_sentence(sentence, start + text[start:].index(sentence), context)
            start += text[start:].index(sentence) + len(sentence)
        return found

    def _in_sentence(self, sentence: str, offset: int, context: str) -> Iterator[Alarm]:
        said = _numbers(sentence)
        for place, number in enumerate(said):
            noun = self._noun(sentence, number)
            if not noun:
                continue
            left = said[place - 1].end if place else 0
            right = said[place + 1].start if place + 1 < len(said) else len(sentence)
            measures = [one for one in self.measures if noun in one.nouns and one.unit == number.unit]
            if not measures or _PART.search(sentence[left : number.start]):
                continue
            if _WITHIN.search(sentence[left:right]):
                continue
            expected = self._expected(measures, sentence, number, (left, right), context)
            if expected and not any(_agree(number, one) for one in expected):
                unit = measures[0].unit
                yield Alarm(
                    offset + number.start,
                    offset + number.end,
                    number.text,
                    tuple(dict.fromkeys(_shown(one, unit) for one in expected)),
                )

    def _noun(self, sentence: str, number: _Said) -> str:
        """The noun of a measure that stands beside the number, as the measures write it."""
        if found := self.behind.match(sentence, number.end):
            return (
                found["noun"].lower()
                if _NEUTRAL_NEXT.match(sentence, found.end()) or self._is_named(sentence, found.end())
                else ""
            )
        before = sentence[max(0, number.start - 160) : number.start]
        if found := self.ahead.search(before):
            return found["noun"].lower()
        return ""

    def _is_named(self, sentence: str, place: int) -> bool:
        """Whether what follows names a facet that the data know."""
        rest = sentence[place:].lstrip()
        return any(pattern.pattern and pattern.match(rest) for pattern in self.patterns.values())

    def _expected(
        self, measures: Sequence[Measure], sentence: str, number: _Said, reach: tuple[int, int], context: str
    ) -> list[Number]:
        """What the data say for the parts that the words around the number name; nearer words come before farther ones."""
        left, right = reach
        clauses = [0, *(one.end() for one in _CLAUSE.finditer(sentence)), len(sentence)]
        from_clause = max((one for one in clauses if one <= number.start), default=0)
        to_clause = min((one for one in clauses if one >= number.end), default=len(sentence))
        near = sentence[max(left, from_clause) : min(right, to_clause)]
        steps = (near, sentence[left:right], sentence[: number.start], context)
        found: list[Number] = []
        for measure in measures:
            named: dict[str, list[object]] = {}
            for words in steps:
                for facet, meanings in self._named(words).items():
                    if measure.knows(facet):
                        named.setdefault(facet, meanings)
                if named and words is not near:
                    break
            if not measure.is_vague or named or _WHOLE.search(sentence[left : number.start]):
                found += [measure.of(choice) for choice in _choices(named)]
        return found

    def _named(self, words: str) -> dict[str, list[object]]:
        """The facets that some words name, each with what it may mean."""
        found: dict[str, list[object]] = {}
        for facet, pattern in self.patterns.items():
            if pattern.pattern:
                meanings = [self.words[facet][one.group().lower()] for one in pattern.finditer(words)]
                if facet == "year":  # "pada tahun 2026"; other digits of four places are years too
                    meanings = list(dict.fromkeys(meanings))
                if meanings:
                    found[facet] = list(dict.fromkeys(meanings))
        return found


def _any_of(words: Mapping[str, object]) -> re.Pattern[str]:
    if not words:
        return re.compile("")
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(word) for word in longest_first)})(?![\w-])", re.IGNORECASE)


def _choices(named: Mapping[str, Sequence[object]]) -> Iterator[dict[str, object]]:
    """Every way to understand the names: one meaning of each facet."""
    choices: list[dict[str, object]] = [{}]
    for facet, meanings in named.items():
        choices = [{**choice, facet: meaning} for choice in choices for meaning in meanings[:8]]
    yield from choices[:64]


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.split(text) if sentence.strip()]


def _numbers(sentence: str) -> list[_Said]:
    """The quantities of a sentence in order; years, articles, codes and dates are none."""
    written = [
        _Said(
            *one[:2],
            sentence[one.start : one.end],
            Decimal(one.value),
            Decimal(1),
            about=_about(sentence, one.start),
        )
        for one in found_in(sentence)
        if not sentence[: one.start].rstrip().endswith("(")  # 96 (sembilan puluh enam): said already
    ]
    return sorted([*_in_digits(sentence), *written], key=lambda one: one.start)


def _about(sentence: str, start: int) -> str:
    return next((name for name, pattern in _LOOSE.items() if pattern.search(sentence[:start])), "")


def _in_digits(sentence: str) -> Iterator[_Said]:
    for found in _NUMBER.finditer(sentence):
        before = sentence[: found.start()]
        digits, rupiah, percent = found["digits"], found["rupiah"], found["percent"]
        if not rupiah and not percent:
            if _NO_QUANTITY.search(before) or _AFTER_DATE.match(sentence, found.end()) or _is_code(digits, before):
                continue
            if re.fullmatch(r"(?:19|20)\d\d", digits) and not found["scale"]:
                continue
        scale = _SCALES.get((found["scale"] or "").strip().lower(), 1)
        whole, _comma, places = digits.replace(".", "").partition(",")
        yield _Said(
            found.start(),
            found.end(),
            found[0].strip(),
            Decimal(f"{whole}.{places or 0}") * scale,
            Decimal(scale) / 10 ** len(places),
            "rupiah" if rupiah else "%" if percent else "",
            about=_about(sentence, found.start()),
        )


def _is_code(digits: str, before: str) -> bool:
    """Whether it begins with a nought, as codes do, or hangs on letters ("GOV-1")."""
    return (digits.startswith("0") and len(digits) > 1 and "," not in digits) or bool(re.search(r"[A-Za-z]-?$", before))


def _agree(number: _Said, expected: Number) -> bool:
    """Whether a number as it was said, rounded as it was rounded, is the expected one."""
    wanted = Decimal(expected)
    if number.about == "more":
        return number.value <= wanted <= number.value * 2
    if number.about == "almost":
        return wanted * 9 / 10 <= number.value <= wanted + number.step
    difference = abs(number.value - wanted)
    if number.about:
        return difference <= max(wanted / 10, number.step)
    return difference <= (number.step / 2 if number.step != 1 or number.unit == "%" else 0)


def _shown(number: Number, unit: str) -> str:
    with translation.override(LANGUAGE):
        if unit == "rupiah":
            return rupiah_short(int(number))
        return decimal(number, None if isinstance(number, int) else 2) + ("%" if unit == "%" else "")


# ---------------------------------------------------------------- a content


@dataclass(frozen=True)
class Line:
    """A line of a content as the linter reads it: its words and the heading it stands under."""

    text: str
    heading: str


def lines_of(content: Content, title: str = "") -> Iterator[Line]:
    """The texts of a content, footnotes too; live references are left out, since they are right by themselves."""
    heading = title
    for node in content:
        if node["is"] in TEXT_KINDS:
            text = "".join(_typed(part) for part in node["text"])
            yield Line(text, heading)
            for note in narratives.notes_of(node["text"]):
                yield Line(note, heading)
            if node["is"] == "heading":
                heading = text


def _typed(part: Node) -> str:
    """What was typed; a reference stands as a sign that is neither number nor word."""
    if "text" in part:
        return str(part["text"])
    return "" if "note" in part else "◆"


# ---------------------------------------------------------------- a book


def check_book(plan: Plan, outline: Outline) -> list[Finding]:
    """Everything to look at in one book, in its order; the number of queries does not grow with the plan.

    Only texts are read. What Praja compiles has sources and sentences of its own (a test looks after that), so that a chapter
    is compiled here only where nobody wrote anything, and only until there is something in it.
    """
    material = Material(plan)
    with translation.override(LANGUAGE):
        figures = figures_of(plan)
        values, checker = values_of(plan, figures), Checker(figures)
    texts = dict(Narrative.objects.filter(plan=plan, book=outline.book.key).values_list("key", "content"))
    findings: list[Finding] = []
    for top in (*outline.chapters, *outline.appendices):
        parts = [top, *(section for section in top.sections if section.is_shown)]
        for part in parts:
            if content := texts.get(part.key):
                place = _Place(plan, outline, top, part)
                findings += _check_text(place, content, values, checker)
                findings += _check_blocks(place, content, values)
        # An appendix with nothing in it is left out of the book by itself.
        if not top.is_appendix and not any(texts.get(part.key) or _has_data(outline, part, material) for part in parts):
            place = _Place(plan, outline, top, top)
            findings.append(place.finding("empty", _("This chapter has neither text nor data yet.")))
    return findings


def _has_data(outline: Outline, part: Part, material: Material) -> bool:
    with translation.override(LANGUAGE):
        return any(not isinstance(block, b.Missing) for block in composing.compiled(outline, part, material))


@dataclass(frozen=True)
class _Place:
    """Where in a book a finding is made."""

    plan: Plan
    outline: Outline
    top: Part
    part: Part

    def finding(self, kind: str, sentence: str, text: str = "", start: int = 0, end: int = 0) -> Finding:
        """A finding here about the words from start to end."""
        number = self.outline.numbers.get(self.part.key, "")
        names = [self.plan.slug, self.outline.book.key, self.part.key]
        return Finding(
            kind,
            sentence,
            f"{number} {self.part.title}".strip(),
            quote=text[start:end],
            before=("…" if start > 60 else "") + text[max(0, start - 60) : start],
            after=text[end : end + 60] + ("…" if len(text) > end + 60 else ""),
            read_url=reverse("book-chapter", args=[self.plan.slug, self.outline.book.key, self.top.key]),
            write_url=reverse("narrative", args=names),
        )


def _check_text(place: _Place, content: Content, values: Values, checker: Checker) -> Iterator[Finding]:
    for key in sorted(narratives.keys_in(content)):
        if key not in values:
            yield place.finding("reference", _("“%(key)s” is not among the data any more.") % {"key": key})
    for line in lines_of(content, place.part.title):
        for alarm in checker.alarms(line.text, line.heading):
            sentence = _("The text says %(said)s; the data say %(expected)s.") % {
                "said": alarm.said,
                "expected": _(" or ").join(alarm.expected[:3]),
            }
            yield place.finding("number", sentence, line.text, alarm.start, alarm.end)


def _check_blocks(place: _Place, content: Content, values: Values) -> Iterator[Finding]:
    written = narratives.blocks_of(content, values)
    for block in written:
        if isinstance(block, b.Missing):
            yield place.finding("picture", block.text)
    for block in without_source(written):
        yield place.finding(
            "figure", _("“%(name)s” names no source.") % {"name": block.caption or _("without caption")}
        )
    for table in without_lead(written):
        name = table.caption or _("without caption")
        yield place.finding("table", _("No sentence leads to the table “%(name)s”.") % {"name": name})


def without_source(blocks: Sequence[b.AnyBlock]) -> list[b.Chart | b.Picture | b.Table]:
    """The figures and tables that do not say where they come from."""
    return [block for block in blocks if isinstance(block, b.Chart | b.Picture | b.Table) and not block.source]


def without_lead(blocks: Sequence[b.AnyBlock]) -> list[b.Table]:
    """The tables with no words before them."""
    found: list[b.Table] = []
    before: b.AnyBlock | None = None
    for block in blocks:
        if isinstance(block, b.Table) and (before is None or isinstance(before, b.Heading | b.Table)):
            found.append(block)
        before = block
    return found


def grouped(findings: Sequence[Finding]) -> list[tuple[str, str, list[Finding]]]:
    """The findings by their kind: title, what to do, and the findings; kinds without any are left out."""
    words = {
        "number": (
            _("Numbers that contradict the data"),
            _("Correct the number, or put in a number from data, which is right for ever."),
        ),
        "reference": (
            _("References that lead nowhere"),
            _("Choose another number or name from data, or type the words."),
        ),
        "picture": (_("Figures that are not there"), _("Put the picture in again, or take its place out of the text.")),
        "figure": (_("Figures and tables without source"), _("Say where the figures come from.")),
        "table": (_("Tables without a sentence before them"), _("Write a sentence that says what the table shows.")),
        "empty": (_("Empty chapters"), _("Write a text, enter the data, or take the chapter out of the book.")),
    }
    return [(*words[kind], own) for kind in words if (own := [finding for finding in findings if finding.kind == kind])]
