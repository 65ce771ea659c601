"""Names of rows: what is done, without who, when and 要."""

from __future__ import annotations

import pytest

from luoshi.drafting.naming import row_name

CASES = [
    ("教研室要在5月底前制定听课办法，每月听课一次。", ["教研室"], ["5月底前"], "制定听课办法"),
    ("由安全股牵头，各学校配合，6月底前完成消防改造。", ["安全股", "各学校"], ["6月底前"], "完成消防改造"),
    ("为了学生的健康，建立晨检制度。", [], [], "建立晨检制度"),
    ("9月上旬前，由人事股对全县村小逐一排查。", ["人事股"], ["9月上旬前"], "对全县村小逐一排查"),
    ("安全股会同县公安局，排查校园周边。", ["安全股"], [], "排查校园周边"),
    ("同时，要完善值班制度。", [], [], "完善值班制度"),
    ("要求各校上报名册。", [], [], "要求各校上报名册"),
    ("校园里的树。", [], [], "校园里的树"),
]


@pytest.mark.parametrize(("body", "names", "times", "name"), CASES)
def test_name_says_what_is_done(body: str, names: list[str], times: list[str], name: str) -> None:
    assert row_name(body, names, times) == name


def test_long_name_is_cut_with_a_mark() -> None:
    name = row_name("建设" + "好" * 60, [], [])
    assert (len(name), name[-1]) == (36, "…")


def test_body_of_punctuation_is_its_own_name() -> None:
    assert row_name("。", [], []) == "。"


def test_first_clause_with_a_time_of_its_own_names_the_row() -> None:
    assert row_name("新教学楼6月底前开工，年底前完成主体工程。", [], ["6月底前", "年底前"]) == "新教学楼6月底前开工"
