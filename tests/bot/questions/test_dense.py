"""How alike in meaning a question and each entry are."""

import numpy as np

from bot.questions.dense import Dense, Rows


def rows(vectors: list[list[float]], owners: list[int], locales: list[str]) -> Rows:
    return Rows(np.array(vectors, dtype=np.float32), np.array(owners, dtype=np.int64), locales)


NONE = rows([], [], [])


def test_an_entry_is_as_alike_as_the_likest_of_its_wordings() -> None:
    index = Dense(rows([[1, 0], [0, 1], [0.6, 0.8]], [0, 0, 1], ["en"] * 3), NONE, 2)
    found = index.score(np.array([0, 1], dtype=np.float32))
    assert np.allclose(found.wording, [1, 0.8])


def test_who_has_no_text_is_as_unlike_as_the_unlikest() -> None:
    index = Dense(rows([[1, 0], [0.6, 0.8]], [0, 2], ["en"] * 2), NONE, 3)
    found = index.score(np.array([1, 0], dtype=np.float32))
    assert np.allclose(found.wording, [1, 0.6, 0.6])
    assert not found.passage.any()


def test_writing_in_the_askers_language_is_no_advantage_by_itself() -> None:
    # All English texts are nearer to an English question than any Chinese one is.
    vectors = [[0.95, 0.31], [0.9, 0.44], [0.9, 0.44], [0.6, 0.8], [0.1, 0.99], [0.1, 0.99]]
    index = Dense(rows(vectors, [0, 1, 2, 3, 4, 5], ["en"] * 3 + ["zh_Hant_HK"] * 3), NONE, 6)
    found = index.score(np.array([1, 0], dtype=np.float32))
    assert found.wording[1] > found.wording[3]
    assert found.wording_standing[3] > found.wording_standing[1]


def test_among_texts_that_are_all_alike_none_stands_out() -> None:
    index = Dense(rows([[1, 0]] * 4, [0, 1, 2, 3], ["en"] * 4), NONE, 4)
    assert np.allclose(index.score(np.array([1, 0], dtype=np.float32)).wording_standing, 0)
