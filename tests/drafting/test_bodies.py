from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.drafting.bodies import BodyKind, find_bodies, flatten, head_before, is_name, split_names


@pytest.mark.parametrize(
    "name",
    [
        "县局",
        "市教育局",
        "青禾县教育局基础教育股",
        "各县（市、区）教育局",
        "市数据局（市人工智能局）",
        "教研室",
        "全体教职工",
        "各学校党支部",
        "值班人员",
        "云岭镇中心幼儿园",
        "国务院教育行政部门",
        "校园环境清理整顿工作领导小组",
        "落实办",
        "牵头单位",
        "未达标学校",
        "承担试点任务的学校",
        "各地",
        "我局",
        "安全科",
        "县财政局",
    ],
)
def test_name_of_a_body_is_a_name(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "words",
    [
        "全局",
        "教育格局",
        "加强学校",
        "组织教师",
        "成立领导小组",
        "举办",
        "学科",
        "本科",
        "教室",
        "实验室",
        "校园",
        "入园",
        "查处",
        "干部作风",
        "社会",
        "组织",
        "单位",
        "中心",
        "把学校",
        "对学校",
        "在学校",
        "学生",
        "工作",
        "我们",
        "《教育局》",
        "",
        "局",
        "重组",
        "全市",
    ],
)
def test_words_that_only_end_alike_are_no_name(words: str) -> None:
    assert not is_name(words)


def test_bodies_anywhere_in_a_sentence_are_found_with_their_places() -> None:
    text = "督促各学校配合县公安局开展检查，结果报市教育局督导室。"

    found = find_bodies(text)

    assert [(body.text, body.kind) for body in found] == [
        ("各学校", BodyKind.ORG),
        ("县公安局", BodyKind.ORG),
        ("市教育局督导室", BodyKind.ORG),
    ]
    assert all(text[body.start : body.end] == body.text for body in found)


def test_body_says_by_which_noun_it_was_told() -> None:
    assert find_bodies("县教育局")[0].why.zh == "名称以“局”结尾。"


@pytest.mark.parametrize("text", ["信息科技课程", "上级部署要求", "学校园区绿化", "教学处理办法", "机构编制"])
def test_head_that_runs_on_into_another_word_ends_no_name_there(text: str) -> None:
    assert [body.text for body in find_bodies(text) if body.text in {"信息科", "上级部", "教学处"}] == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("公安、交通部门", ["公安", "交通部门"]),
        ("县教育局和县财政局", ["县教育局", "县财政局"]),
        ("学校和社区干部", ["学校和社区干部"]),
        ("学校和直属单位等党组织", ["学校和直属单位等党组织"]),
        ("各学校校长和分管校长", ["各学校校长和分管校长"]),
        ("县教育局、县公安局等部门", ["县教育局", "县公安局"]),
        ("各县（市、区）教育局、市数据局（市人工智能局）", ["各县（市、区）教育局", "市数据局（市人工智能局）"]),
        ("县住房和城乡建设局、县文化和旅游局", ["县住房和城乡建设局", "县文化和旅游局"]),
        ("基教科、人事科等处室负责人", ["基教科", "人事科"]),
    ],
)
def test_list_is_divided_into_names_as_they_stand(text: str, names: list[str]) -> None:
    flat = flatten(text)

    assert [text[start:end] for start, end in split_names(flat, 0, len(flat))] == names


def test_longest_head_noun_counts() -> None:
    head = head_before("县教研室", 4)

    assert head is not None
    assert head.noun == "教研室"


def test_quoted_and_remarked_characters_are_masked_in_place() -> None:
    assert (
        flatten("《学校》“校长”（含民办）各县（市、区）")
        == "《\ue000\ue000》“\ue000\ue000”\ue000\ue000\ue000\ue000\ue000各县（市·区）"
    )


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="各县市区教育局学校（）、和等部门《》“”要的由科技", max_size=40))
def test_any_text_keeps_its_length_and_gives_places_in_it(text: str) -> None:
    assert len(flatten(text)) == len(text)
    assert all(text[body.start : body.end] == body.text for body in find_bodies(text))
