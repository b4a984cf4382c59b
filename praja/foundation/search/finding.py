"""Finding rows: what is asked becomes one question to the index, whose hits are loaded once more through reach."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.reach import shortest
from praja.foundation.plans.models import Plan
from praja.foundation.search import engines
from praja.foundation.search.declared import Searched, searched
from praja.foundation.search.engines import MOST_RANKED, Asked
from praja.foundation.search.highlights import excerpt, marked
from praja.foundation.search.models import Entry
from praja.foundation.search.scope import kind_word, path_word
from praja.foundation.search.words import Question
from praja.foundation.ui.lists import decode_cursor, encode_cursor

PAGE = 20
LONGEST_TITLE = 200
SHORTEST_BEGINNING = 4  # letters: shorter ones begin half of all words


@dataclass(frozen=True)
class Hit:
    """One row as the page shows it; `facts` are its values of declared.FACTS."""

    kind: Searched
    url: str
    title: SafeString
    excerpt: SafeString | str
    agency: str
    region: str
    slug: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """One page of hits, best first; `after` is where the next begins, "" at the end.

    `count`: how many rows fit, MOST_RANKED when there are more (`is_more`); only the newest so many were ranked.
    `are_beginnings`: no row holds the words themselves, these hold words that begin so.
    """

    hits: list[Hit] = field(default_factory=list)
    count: int = 0
    after: str = ""
    is_more: bool = False
    are_beginnings: bool = False


def find(user: Any, question: Question, *, kind: str = "", scope: Iterable[str] = (), after: str = "") -> Found:
    """What `user` may see with every word of the question; `kind`: its key; `scope`: words of scope.py to filter by."""
    asked = _asked(user, question.words, kind, scope)
    if asked is None:
        return Found()
    cursor = decode_cursor(after, 2) if after else None
    behind = (cursor[0], cursor[1]) if cursor and isinstance(cursor[0], int) and abs(cursor[0]) < NO_SCORE else None
    ranked = engines.rank(asked, size=PAGE + 1, after=behind)
    if not ranked.rows and _may_be_beginnings(asked) and not (behind and engines.count(asked)):
        asked = replace(asked, are_beginnings=True)
        ranked = engines.rank(asked, size=PAGE + 1, after=behind)
    shown = ranked.rows[:PAGE]
    is_last = len(ranked.rows) <= PAGE
    return Found(
        hits=_hits(user, [pk for pk, _score in shown], question, are_beginnings=asked.are_beginnings),
        count=min(ranked.number, MOST_RANKED),
        after="" if is_last else encode_cursor([shown[-1][1], shown[-1][0]]),
        is_more=ranked.number > MOST_RANKED,
        are_beginnings=asked.are_beginnings and bool(ranked.rows),
    )


NO_SCORE = 2**62


def count(user: Any, words: Iterable[str], *, kind: str = "", scope: Iterable[str] = ()) -> int:
    """How many rows `user` may see with every one of these stems, at most MOST_RANKED + 1."""
    asked = _asked(user, words, kind, scope)
    return engines.count(asked) if asked else 0


def kinds_for(user: Any) -> list[Searched]:
    """The kinds of which this person may see any."""
    return [kind for kind in searched().values() if user.may_anywhere(kind.permission)]


# --- the question -----------------------------------------------------------------------------------------------------


def _asked(user: Any, words: Iterable[str], kind: str, scope: Iterable[str]) -> Asked | None:
    """None where nothing can be found: no words, or no kind that this person may see."""
    stems = tuple(words)
    kinds = [one for one in kinds_for(user) if kind in ("", one.key)]
    if not stems or not kinds:
        return None
    by_paths = defaultdict(list)
    for one in kinds:
        by_paths[_path_words(user.paths_for(one.permission))].append(kind_word(one.key))
    reach = tuple((tuple(keys), paths) for paths, keys in by_paths.items())
    if len(reach) == 1 and len(kinds) == len(searched()):  # all kinds alike: only the paths tell rows apart
        reach = (((), reach[0][1]),) if reach[0][1] else ()
    return Asked(stems, tuple(scope), reach)


def _path_words(paths: frozenset[str]) -> tuple[str, ...]:
    """The paths as words of the scope; none when they cover everything, as the ministry's does."""
    covering = shortest(paths)
    if any(path.count("/") == 2 for path in covering):  # the root of the tree
        return ()
    return tuple(path_word(path) for path in covering)


def _may_be_beginnings(asked: Asked) -> bool:
    return all(len(word) >= SHORTEST_BEGINNING for word in asked.words)


# --- the hits ---------------------------------------------------------------------------------------------------------


def _hits(user: Any, pks: list[int], question: Question, *, are_beginnings: bool) -> list[Hit]:
    """The rows of these entries in their order; the index may be a moment behind, so reach is asked again."""
    entries = Entry.objects.in_bulk(pks)
    wanted = defaultdict(list)
    for entry in entries.values():
        wanted[entry.subject].append(entry.subject_id)
    rows = {
        (subject, row["pk"]): row
        for subject, keys in wanted.items()
        if (kind := searched().get(subject))
        for row in kind.values(kind.rows().within_reach(user, kind.permission).filter(pk__in=keys))
    }
    places = _Places(row["path"] for row in rows.values())
    excerpts = _excerpts(rows, question, are_beginnings=are_beginnings)
    hits = []
    for pk in pks:
        key = (entries[pk].subject, entries[pk].subject_id) if pk in entries else None
        if key not in rows:
            continue
        row, kind = rows[key], searched()[key[0]]
        slug, region = places.plan_of(row["path"])
        title = str(row[kind.title])
        title = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"
        hits.append(
            Hit(
                kind=kind,
                url=_address(kind, row | {"slug": slug}),
                title=marked(title, question.words, are_beginnings=are_beginnings),
                excerpt=excerpts[key],
                agency=places.agency_of(row["path"]),
                region=region,
                slug=slug,
                facts=row,
            )
        )
    return hits


def _excerpts(rows: Mapping[Any, dict[str, Any]], question: Question, *, are_beginnings: bool) -> dict[Any, Any]:
    """A piece of text for each row: of its own columns, else of what belongs to it, else the beginning."""
    found, without = {}, defaultdict(list)
    for key, row in rows.items():
        kind = searched()[key[0]]
        texts = [str(row[name]) for name in kind.texts if row[name]]
        found[key] = excerpt(texts, question.words, are_beginnings=are_beginnings)
        if not found[key]:
            without[kind].append((key, texts))
    for kind, lines in without.items():
        more = kind.more([key[1] for key, _texts in lines]) if kind.more else {}
        for key, texts in lines:
            piece = excerpt(more.get(key[1], ()), question.words, are_beginnings=are_beginnings)
            found[key] = piece or (texts[0][:160] + ("…" if len(texts[0]) > 160 else "") if texts else "")
    return found


def _address(kind: Searched, row: Mapping[str, Any]) -> str:
    return reverse(kind.address, args=[row["pk"]]) if isinstance(kind.address, str) else kind.address(row)


class _Places:
    """The agency, the plan and the region of rows by their paths: two queries for a page."""

    def __init__(self, paths: Iterable[str]) -> None:
        parts = {path: _prefixes(path) for path in set(paths)}
        self._plans = {
            path: (slug, region)
            for path, slug, region in Plan.objects.filter(
                organisation_path__in={prefix for prefixes in parts.values() for prefix in prefixes}, withdrawn_at=None
            ).values_list("organisation_path", "slug", "government__name")
        }
        agencies = Organisation.objects.filter(path__in=parts, kind=Organisation.Kind.AGENCY)
        self._agencies = {
            path: abbreviation or name
            for path, abbreviation, name in agencies.values_list("path", "abbreviation", "name")
        }

    def plan_of(self, path: str) -> tuple[str, str]:
        """Slug and name of the region."""
        return next((self._plans[prefix] for prefix in _prefixes(path) if prefix in self._plans), ("", ""))

    def agency_of(self, path: str) -> str:
        """The agency that has the row, "" for a row of the region itself."""
        return self._agencies.get(path, "")


def _prefixes(path: str) -> list[str]:
    """The path "/1/32/40/" itself, "/1/32/" and "/1/", the longest first."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:length]) + "/" for length in range(len(parts), 0, -1)]
