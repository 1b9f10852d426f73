"""Searches as they are had for the asking, to compare with: BM25 alone, SQLite's FTS5, rapidfuzz.

Each is given all wordings and texts of all languages, and a threshold at which, on the half for fitting, it
answers most with as few wrong answers as it can be brought to.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from rapidfuzz import fuzz, process, utils

from bot.questions import Entry
from bot.questions.index import Bm25
from bot.questions.terms import terms

# The ids, likeliest first, and whether the first is to be given as the answer.
Rank = Callable[[str], tuple[tuple[str, ...], bool]]

FUZZY_ANSWERS_FROM = 86.0
BM25_ANSWERS_FROM = 0.6
SHOWN = 4


def peers(entries: Sequence[Entry]) -> Mapping[str, Rank]:
    """Every plain search by its name."""
    return {"bm25 alone": _bm25(entries), "fts5": _fts5(entries), "rapidfuzz": _rapidfuzz(entries)}


def _lines(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    return [(entry.id, line) for entry in entries for line in (*entry.wordings, entry.text)]


def _bm25(entries: Sequence[Entry]) -> Rank:
    """Okapi BM25 over words and pairs of characters, without rewriting's or models' help to decide."""
    ids = sorted({entry.id for entry in entries})
    texts = [(ids.index(one), line) for one, line in _lines(entries)]
    texts.sort(key=lambda pair: pair[0])
    index = Bm25([terms(line) for _, line in texts], [owner for owner, _ in texts], k1=1.2, b=0.75)

    def rank(question: str) -> tuple[tuple[str, ...], bool]:
        scores = index.score(dict.fromkeys(terms(question), 1.0)).level
        order = np.argsort(-scores, kind="stable")[:SHOWN]
        return tuple(ids[number] for number in order if scores[number] > 0), bool(
            len(order) and scores[order[0]] >= BM25_ANSWERS_FROM
        )

    return rank


def _fts5(entries: Sequence[Entry]) -> Rank:
    """SQLite's full-text search by pairs and threes of characters, which finds Chinese as well as English."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE lines USING fts5(id UNINDEXED, line, tokenize='trigram')")
    database.executemany("INSERT INTO lines VALUES (?, ?)", _lines(entries))

    def rank(question: str) -> tuple[tuple[str, ...], bool]:
        plain = "".join(character if character.isalnum() else " " for character in question)
        threes = {word[at : at + 3] for word in plain.split() for at in range(len(word) - 2)}
        if not threes:
            return (), False
        query = " OR ".join(f'"{three}"' for three in sorted(threes))
        rows = database.execute(
            "SELECT id FROM lines WHERE lines MATCH ? ORDER BY rank LIMIT 40", (query,)
        ).fetchall()
        # Its rank says nothing across questions: it only ever offers.
        return tuple(dict.fromkeys(row[0] for row in rows))[:SHOWN], False

    return rank


def _rapidfuzz(entries: Sequence[Entry]) -> Rank:
    """A fuzzy match of the question with every wording."""
    wordings = [(entry.id, wording) for entry in entries for wording in entry.wordings]
    texts = [utils.default_process(wording) for _, wording in wordings]

    def rank(question: str) -> tuple[tuple[str, ...], bool]:
        matches = process.extract(
            utils.default_process(question), texts, scorer=fuzz.token_set_ratio, limit=20
        )
        ranked = tuple(dict.fromkeys(wordings[number][0] for _, _, number in matches))
        return ranked[:SHOWN], bool(matches) and matches[0][1] >= FUZZY_ANSWERS_FROM

    return rank
