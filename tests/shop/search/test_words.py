"""How texts and queries are brought into one form, and what the synonyms file may say."""

import pytest

from shop.search import synonyms, words
from shop.search.engine import Clause, Word
from shop.search.synonyms import SynonymsError


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Crème-Brûlée  99,5", "creme brulee 99 5"),
        ("Straße ŁÓDŹ Ørsted Æther", "strasse lodz orsted aether"),
        ("women's don’t", "womens dont"),
        ("a_b…c", "a b c"),
        ("你好 kettle", "你 好 kettle"),
        ("…!?", ""),
        ("x" * 100, "x" * 64),
    ],
)
def test_texts_are_folded(text, folded):
    assert words.fold(text) == folded


def test_folding_twice_changes_nothing():
    once = words.fold("Crème Brûlée — İstanbul, ﬁne №5 ½")
    assert words.fold(once) == once


def test_the_last_word_may_go_on_and_longer_ones_may_have_a_typo():
    assert words.clauses("red kettle ket", {}) == (
        Clause((Word("red"),)),
        Clause((Word("kettle", typo=True),)),
        Clause((Word("ket", begins=True),)),
    )


def test_the_longest_known_row_of_words_has_synonyms():
    known = {("pour", "over"): [("dripper",)], ("pour",): [("cast",)]}
    assert words.clauses("pour over", known) == (
        Clause((Word("pour", typo=True), Word("over", typo=True, begins=True)), ((Word("dripper"),),)),
    )


def test_groups_are_read_and_joined(tmp_path):
    path = tmp_path / "synonyms.txt"
    path.write_text("# ours\nMug, Cup # of tea\n\ncup, Café crème\n", encoding="utf-8")
    assert synonyms.read(path) == {
        ("mug",): [("cup",)],
        ("cup",): [("mug",), ("cafe", "creme")],
        ("cafe", "creme"): [("cup",)],
    }


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("mug", "needs two words or more"),
        ("mug, Mug", "needs two words or more"),
        ("mug, , cup", "no word between two commas"),
        ("mug, …", "no word between two commas"),
        ("mug, a cup of good tea", "more than 4 words"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_by_number(tmp_path, line, why):
    path = tmp_path / "synonyms.txt"
    path.write_text(f"pan, skillet\n{line}\n", encoding="utf-8")
    with pytest.raises(SynonymsError, match=f"line 2: .*{why}"):
        synonyms.read(path)


def test_a_file_that_is_not_there_or_no_text_stops_the_start(tmp_path, settings):
    settings.SEARCH_SYNONYMS = tmp_path / "none.txt"
    assert [error.id for error in synonyms.check()] == ["shop.E001"]
    settings.SEARCH_SYNONYMS.write_bytes(b"\xff\xfe\x00")
    assert [error.id for error in synonyms.check()] == ["shop.E001"]


def test_a_running_store_keeps_the_last_good_synonyms(tmp_path, settings):
    path = settings.SEARCH_SYNONYMS = tmp_path / "synonyms.txt"
    assert synonyms.synonyms() == {}
    path.write_text("mug, cup\n", encoding="utf-8")
    good = synonyms.synonyms()
    assert good == {("mug",): [("cup",)], ("cup",): [("mug",)]}
    path.write_text("mug\n", encoding="utf-8")
    assert synonyms.synonyms() == good


def test_the_synonyms_that_come_with_the_store_are_good():
    assert synonyms.check() == []
