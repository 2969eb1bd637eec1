"""How texts and what people type are brought into one form, the same for every engine: what is indexed is `fold`ed, and so is the query."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from shop.search.engine import Clause, Word

SHORTEST_TYPO = 4
"""Words of fewer letters are taken as they are: one letter off, "red" is "bed"."""
LONGEST = 64
"""Letters of a word that are looked at."""

Synonyms = Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]
"""Folded words to what means the same, as `shop.search.synonyms` reads it."""

_SIGNS = re.compile(r"[\W_]+")
_APOSTROPHES = re.compile(r"(?<=\w)['’](?=\w)")
# Scripts without spaces between words: each sign is a word of its own.
_SPACELESS = re.compile(r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f])")
_ASCII_SIGNS = {code: " " for code in range(128) if not chr(code).isalnum()}
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def fold(text: str) -> str:
    """Return `text` as its words, separated by single spaces: no capitals, no diacritics, no signs. Engines split it at the spaces."""
    plain = _APOSTROPHES.sub("", text)
    parts = plain.lower().translate(_ASCII_SIGNS).split() if plain.isascii() else _beyond_ascii(plain)
    return " ".join([part[:LONGEST] for part in parts])


def _beyond_ascii(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join([sign for sign in plain if not unicodedata.combining(sign)]).translate(_LETTERS)
    return _SIGNS.sub(" ", _SPACELESS.sub(r" \1 ", bare)).split()


def joined(text: str) -> str:
    """Return `text` folded, in one word: the form in which whole SKUs are compared."""
    return fold(text).replace(" ", "")


def sku_words(sku: str) -> str:
    """Return what of a SKU can be searched: its parts, and from each of them on to its end as one word, separated by spaces.

    So `KET-100-RED` is found by `ket-100`, `100`, `ket100` and, as the beginning of a word, by `100r`.
    """
    parts = fold(sku).split()
    tails = ("".join(parts[start:])[:LONGEST] for start in range(len(parts)))
    return " ".join(dict.fromkeys([*parts, *tails]))


def clauses(text: str, synonyms: Synonyms) -> tuple[Clause, ...]:
    """Return what was typed as what has to be found. The last word may go on; the longest known synonyms are taken first."""
    words = fold(text).split()
    most = max((len(known) for known in synonyms), default=1)
    found = []
    place = 0
    while place < len(words):
        size = next((size for size in range(most, 1, -1) if tuple(words[place : place + size]) in synonyms), 1)
        part = tuple(words[place : place + size])
        place += len(part)
        ends = place == len(words)
        typed = tuple(_word(word, begins=ends and index == len(part)) for index, word in enumerate(part, start=1))
        alike = tuple(tuple(Word(word) for word in other) for other in synonyms.get(part, ()))
        found.append(Clause(typed, alike))
    return tuple(found)


def strict(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """Return the same without any letter being forgiven."""
    return tuple(Clause(tuple(replace(word, typo=False) for word in one.typed), one.synonyms) for one in clauses)


def skus(text: str) -> tuple[str, ...]:
    """Return what of `text` may be a whole SKU: all of it, and each part between spaces."""
    candidates = (joined(part) for part in (text, *text.split()))
    return tuple(dict.fromkeys(candidate for candidate in candidates if candidate))


def _word(text: str, *, begins: bool) -> Word:
    return Word(text, typo=len(text) >= SHORTEST_TYPO and text.isalpha(), begins=begins)
