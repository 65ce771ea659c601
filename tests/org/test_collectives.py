"""What collective words mean, and how long lists of units are told."""

from __future__ import annotations

import pytest

from luoshi.org.collectives import Collectives, collectives

_KINDS = {"D": "department", "I": "institution", "C": "centre_school", "S": "school", "K": "kindergarten"}
_STAGES = {"C": "nine_year", "K": "kindergarten", "S": "primary"}


def _units() -> Collectives:
    rows = [("QH", "青禾县教育局", "authority", "")]
    for letter, count in (("D", 6), ("I", 2), ("C", 5), ("S", 7), ("K", 6)):
        rows += [(f"{letter}{n}", f"{letter}{n}号", _KINDS[letter], _STAGES.get(letter, "")) for n in range(count)]
    rows += [
        ("Z1", "职教中心", "school", "vocational"),
        ("G1", "第一中学", "school", "senior"),
        ("M1", "县公安局", "member", ""),
    ]
    return collectives(rows)


def _letters(codes: tuple[str, ...]) -> str:
    return "".join(sorted({code[0] for code in codes}))


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        ("各学校", "CGSZ"),
        ("全县各中小学校", "CGSZ"),
        ("全县中小学校", "CGSZ"),
        ("中小学校", "CGSZ"),
        ("各学校、幼儿园", "CGKSZ"),
        ("各中小学、各幼儿园", "CGKSZ"),
        ("各级各类学校", "CGKSZ"),
        ("各中心学校", "C"),
        ("各乡镇中心学校", "C"),
        ("各小学", "CS"),
        ("所有幼儿园", "K"),
        ("各普通高中", "G"),
        ("各职业学校", "Z"),
        ("各股室", "D"),
        ("局机关各股室", "D"),
        ("局机关各科室、局直属各学校", "CDGSZ"),
        ("局直属各单位", "CDGIKSZ"),
        ("各 单 位", "CDGIKSZ"),
        ("All schools", "CGSZ"),
        ("各中小学校（14个）", "CGSZ"),
    ],
)
def test_collective_words_mean_the_units_of_their_kinds(words: str, letters: str) -> None:
    assert _letters(_units().meant_by(words)) == letters


@pytest.mark.parametrize(
    "words",
    [
        "",
        "学校",
        "各乡镇人民政府",
        "各教育集团",
        "各有关单位",
        "农村学校",
        "各农村学校",
        "县公安局",
        "城东小学",
        "各学校和乡镇政府",
        "第一中学",
        "各特殊教育学校",
        "教学点",
    ],
)
def test_what_is_no_kind_of_unit_means_nothing(words: str) -> None:
    assert _units().meant_by(words) == ()


def test_long_list_is_told_by_the_widest_words_first_and_the_rest_by_name() -> None:
    known = _units()
    codes = [*known.meant_by("各中小学校"), "D1", "K3"]
    assert [(one.words.zh, len(one.codes)) for one in known.told(codes)] == [
        ("各中小学校", 14),
        ("D1号", 1),
        ("K3号", 1),
    ]
    assert [one.in_("en") for one in known.told(known.meant_by("各单位"))] == ["all units (28)"]


def test_list_that_lacks_one_is_told_by_names_unless_that_one_leads() -> None:
    known = _units()
    codes = [code for code in known.meant_by("各幼儿园") if code != "K2"]
    assert [len(one.codes) for one in known.told(codes)] == [1] * 5
    assert [one.in_("zh") for one in known.told(codes, without="K2")] == ["各幼儿园（5个）"]


def test_few_units_are_told_by_name() -> None:
    assert [one.in_("zh") for one in _units().told(["I0", "I1"])] == ["I0号", "I1号"]


def test_code_that_is_gone_is_told_by_its_code() -> None:
    assert [one.in_("zh") for one in _units().told(["GONE"])] == ["GONE"]


def test_words_that_are_told_can_be_typed_again() -> None:
    known = _units()
    for words in ("各单位", "各级各类学校", "各中小学校", "各幼儿园", "各中心学校", "各小学", "各科室"):
        codes = known.meant_by(words)
        ((told, members),) = known.told(codes)
        assert (known.meant_by(told.zh), known.meant_by(told.en), members) == (codes, codes, codes)
