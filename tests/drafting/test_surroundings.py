"""What the sentences around a sentence tell."""

from __future__ import annotations

from luoshi.drafting.looks import look_at
from luoshi.drafting.surroundings import neighbours, outline, tenses
from luoshi.reading import Document, read


def document(*lines: str) -> Document:
    """Read lines as a document."""
    return read("\n".join(lines).encode(), "文.md")


def test_paragraph_that_looks_back_tells_its_other_sentences() -> None:
    one = document("建成了三所学校。取得了好成绩。荣获了先进称号。")
    two = document("要建设三所学校。要制定办法。要开展培训。")
    looks = [[look_at(sentence) for sentence in text.sentences] for text in (one, two)]
    back, ahead = (tenses(text.sentences, seen)[0] for text, seen in zip((one, two), looks, strict=True))
    share = [next(int(f[2:]) for f in row if f.startswith("db")) for row in (back, ahead)]
    assert share[0] > share[1]


def test_sentence_alone_has_no_tense_around_it() -> None:
    text = document("要建设三所学校。")
    assert "dbnone" in tenses(text.sentences, [look_at(sentence) for sentence in text.sentences])[0]


def test_item_with_text_under_it_differs_from_an_empty_one() -> None:
    text = document("一、加强管理", "各校要建立制度。", "二、改进作风")
    rows = outline(text.sentences, [look_at(sentence) for sentence in text.sentences])
    assert rows[1] == []
    assert set(rows[0]).isdisjoint({feature for feature in rows[2] if feature.startswith(("oFalse", "oTrue"))})


def test_first_and_last_sentence_stand_at_an_edge() -> None:
    text = document("甲是学校。乙是学校。")
    looks = [look_at(sentence) for sentence in text.sentences]
    assert "<edge" in list(neighbours(text.sentences, looks, 0))
    assert ">edge" in list(neighbours(text.sentences, looks, 1))
    assert "<edge" not in list(neighbours(text.sentences, looks, 1))
