"""The two engines behind one interface: SQLite's full-text table, and PostgreSQL's column of words.

Both get the same stems (words.py) and the same scope: short words that say whose a row is and what it is ("p12",
"kpermasalahan"), so that reach and filters are parts of the question that the index answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

MOST_RANKED = 5_000  # of the rows that fit, the newest so many are ranked


class Document(NamedTuple):
    """What the index holds of one row."""

    pk: int  # of its Entry
    title: list[str]
    text: list[str]
    scope: list[str]


@dataclass(frozen=True)
class Asked:
    """What has to stand in a row: every word, every one of `scope`, and of `reach` a kind with one of its paths.

    `reach`: pairs of kinds and paths, both as words of the scope; no paths mean all of them.
    """

    words: tuple[str, ...]
    scope: tuple[str, ...] = ()
    reach: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    are_beginnings: bool = False


class Ranked(NamedTuple):
    """Keys of entries with their scores, best first, and how many rows fit (at most MOST_RANKED + 1)."""

    rows: list[tuple[int, int]]
    number: int


def put(documents: Sequence[Document]) -> None:
    """Index the rows, in the place of what stood there under their keys.

    Each row once in a transaction: SQLite 3.40 spoils its index when a row is put, taken out and put again before the commit.
    """
    remove([document.pk for document in documents])
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(
                "INSERT INTO search_words (rowid, title, text, scope) VALUES (%s, %s, %s, %s)",
                [(one.pk, " ".join(one.title), " ".join(one.text), " ".join(one.scope)) for one in documents],
            )
        else:
            cursor.executemany(
                "INSERT INTO search_words (id, words) VALUES (%s, %s::tsvector)",
                [(one.pk, _vector(one)) for one in documents],
            )


def remove(pks: Sequence[int]) -> None:
    """Take rows out of the index; unknown keys are passed over."""
    column = "rowid" if connection.vendor == "sqlite" else "id"
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM search_words WHERE {column} = %s", [(pk,) for pk in pks])  # noqa: S608


def empty() -> None:
    """Take everything out."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_words" if connection.vendor == "sqlite" else "TRUNCATE search_words")


def tidy(*, is_first: bool) -> bool:
    """Do a part of joining what many small writes have left apart; False when nothing is left to do."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("ANALYZE search_words")
            return False
        cursor.execute("SELECT total_changes()")
        before = cursor.fetchone()[0]
        pages = -500 if is_first else 500
        cursor.execute("INSERT INTO search_words (search_words, rank) VALUES ('merge', %s)", [pages])
        cursor.execute("SELECT total_changes()")
        return cursor.fetchone()[0] - before > 1  # as SQLite's manual says


def rank(asked: Asked, *, size: int, after: tuple[int, int] | None = None) -> Ranked:
    """The best `size` rows behind `after` (score, key); a word in the title weighs more than any in the text."""
    fitting, values = _scored(asked)
    behind = "WHERE (score, id) < (%s, %s)" if after else ""
    sql = f"""
        WITH fitting AS MATERIALIZED ({fitting})
        SELECT id, score, (SELECT count(*) FROM fitting) FROM fitting {behind} ORDER BY score DESC, id DESC LIMIT %s
    """  # noqa: S608 - the parts stand in this file; what was typed goes in as values
    rows = _fetch(sql, [*values, *(after or ()), size])
    return Ranked([(pk, score) for pk, score, _count in rows], rows[0][2] if rows else 0)


def _scored(asked: Asked) -> tuple[str, list[Any]]:
    """The query for (id, score) of the newest rows that fit, MOST_RANKED + 1 at most, and its values.

    Scores are whole numbers, so that a cursor compares exactly.
    """
    newest = f"LIMIT {MOST_RANKED + 1}"
    if connection.vendor != "sqlite":
        score = "round(ts_rank('{0, 0, 0.05, 1}', words, %s::tsquery) * 1000000)::bigint"
        sql = f"SELECT id, {score} AS score FROM search_words WHERE words @@ %s::tsquery ORDER BY id DESC {newest}"  # noqa: S608
        return sql, [_tsquery_of_words(asked, " | "), _tsquery(asked)]
    match = "FROM search_words WHERE search_words MATCH %s"
    first, number = _fetch(
        f"SELECT min(id), count(*) FROM (SELECT rowid AS id {match} ORDER BY rowid DESC {newest})",  # noqa: S608
        [_fts5(asked)],
    )[0]
    if number <= MOST_RANKED:
        # bm25 is below zero, the better the further.
        score = "CAST(round(-bm25(search_words, 50, 1, 0) * 1000000000) AS integer)"
        return f"SELECT rowid AS id, {score} AS score {match}", [_fts5(asked)]
    # bm25 first counts every row with each word, and then finds that words which stand everywhere tell nothing.
    in_title = f"SELECT rowid {match} AND rowid >= %s"
    sql = f"SELECT rowid AS id, rowid IN ({in_title}) AS score {match} AND rowid >= %s"
    return sql, [_fts5(asked, columns="title"), first, _fts5(asked), first]


def count(asked: Asked) -> int:
    """How many rows fit, at most MOST_RANKED + 1."""
    where = "search_words MATCH %s" if connection.vendor == "sqlite" else "words @@ %s::tsquery"
    value = _fts5(asked) if connection.vendor == "sqlite" else _tsquery(asked)
    sql = f"SELECT count(*) FROM (SELECT 1 FROM search_words WHERE {where} LIMIT {MOST_RANKED + 1}) AS fitting"  # noqa: S608
    return _fetch(sql, [value])[0][0]


def _fetch(sql: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


# --- questions: stems and scope hold letters and digits only, so nothing in them can be an operator -------------------


def _fts5(asked: Asked, columns: str = "title text") -> str:
    star = " *" if asked.are_beginnings else ""
    parts = [f"{{{columns}}} : (" + " AND ".join(f'"{word}"{star}' for word in asked.words) + ")"]
    if scope := _scope(asked, " AND ", " OR ", lambda word: f'"{word}"'):
        parts.append(f"scope : ({scope})")
    return " AND ".join(parts)


def _tsquery(asked: Asked) -> str:
    scope = _scope(asked, " & ", " | ", lambda word: f"'{word.upper()}'")
    return _tsquery_of_words(asked, " & ") + (f" & {scope}" if scope else "")


def _tsquery_of_words(asked: Asked, between: str) -> str:
    star = ":*" if asked.are_beginnings else ""
    return "(" + between.join(f"'{word}'{star}" for word in asked.words) + ")"


def _scope(asked: Asked, and_: str, or_: str, quoted: Any) -> str:
    def any_of(words: Iterable[str]) -> str:
        return "(" + or_.join(map(quoted, words)) + ")"

    kinds = ["(" + and_.join(any_of(words) for words in (kinds, paths) if words) + ")" for kinds, paths in asked.reach]
    parts = [quoted(word) for word in asked.scope]
    if kinds:
        parts.append("(" + or_.join(kinds) + ")")
    return and_.join(parts)


def _vector(document: Document) -> str:
    """A literal: stems of the title weigh A, of the text B; the scope has capitals, which no stem has."""
    parts = [f"'{word}':1A" for word in document.title]
    parts += [f"'{word}':1B" for word in document.text]
    parts += [f"'{word.upper()}':1" for word in document.scope]
    return " ".join(parts)
