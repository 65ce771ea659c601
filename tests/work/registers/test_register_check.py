from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.work.registers import Problem, check
from luoshi.work.registers.store import SHIPPED

from .texts import EVERY_FIELD, SMALL, small

FIELD = '[[fields]]\nname = "found"\ntype = "text"\nwords = "发现"\n'


def _only(text: str) -> Problem:
    register, problems = check(text)
    assert register is None
    assert len(problems) == 1, [problem.in_("en") for problem in problems]
    return problems[0]


def _line(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if words in line)


def test_small_register_is_right() -> None:
    register, problems = check(SMALL)
    assert problems == []
    assert register is not None
    assert (register.code, register.version, register.title.en, register.short.en) == ("visit", 1, "Visits", "走访")


def test_every_kind_of_field_is_read() -> None:
    register, problems = check(small(EVERY_FIELD))
    assert problems == []
    assert register is not None
    kinds = {field.type for field in register.fields}
    assert kinds == {"text", "number", "money", "date", "choice", "unit", "person", "place", "yes_no"}


@pytest.mark.parametrize(
    ("spoiled", "zh", "en"),
    [
        ('code "x"', "键后面缺少等号", "An equals sign is missing after the key"),
        ("x = “走访”", "这个值看不懂", "This value cannot be understood"),
        ('x = "走访', "文字没有写完，缺少后面的引号", "The text has no closing quote"),
        ('x = "走\a访"', "文字里有看不见的控制字符", "The text holds an invisible control character"),
        ("x = 1\a", "一行里写了两样东西", "Two things stand on one line"),
        ("title.more = 1", "这个表已经写完，不能再添", "This table was closed before; nothing can be added to it"),
        ('x = "a" "b"', "一行里写了两样东西", "Two things stand on one line"),
        ('code = "again"', "同一个键写了两次", "The same key stands here twice"),
        ("x = [1 2]", "列表没有写完，缺少 ] 或中间的逗号", "The list is not closed, or a comma is missing in it"),
        (
            "x = { a = 1",
            "花括号没有写完，缺少 } 或中间的逗号",
            "The braces are not closed, or a comma is missing in them",
        ),
        ('x = "\\q"', "文字里的反斜杠没有写对", "A backslash in a text is not written right"),
        ("x = \\", "这个值看不懂", "This value cannot be understood"),
        ("x.键 = 1", "键的写法不对", "The key is not written right"),
        ("键 = 1", "这一行看不懂", "This line cannot be understood"),
        ("= 1", "这一行看不懂", "This line cannot be understood"),
        ("x = 2026-02-30", "没有这个日期或时间", "There is no such date or time"),
        ("[due\nx = 1", "表头缺少后面的方括号", "The table's head is not closed"),
    ],
)
def test_slip_of_writing_is_said_with_line_and_column(spoiled: str, zh: str, en: str) -> None:
    problem = _only(SMALL.replace('short = "走访"\n', f"{spoiled}\n"))
    assert (problem.line, problem.what.zh, problem.what.en) == (4, zh, en)
    assert problem.column is not None
    assert problem.column > 0


def test_table_written_twice_is_said_on_its_second_line() -> None:
    text = SMALL + '[due]\nrule = "none"\n[due]\n'
    problem = _only(text)
    assert (problem.line, problem.what.zh) == (text.count("\n"), "同一个表头写了两次")


def test_text_that_breaks_off_is_said_at_its_end() -> None:
    problem = _only(SMALL + 'about2 = """never ends\n\n')
    assert (problem.line, problem.what.zh) == (SMALL.count("\n") + 3, "文字没有写完，缺少后面的引号")


def test_unknown_key_is_said_with_the_nearest_one() -> None:
    text = small().replace("short =", "shrot =")
    register, problems = check(text)
    assert register is None
    assert [(problem.line, problem.what.zh, problem.remedy.zh) for problem in problems] == [
        (1, "缺少 short", "补上 short"),
        (4, "不认识 shrot 这个键", "大概要写 short"),
    ]


def test_unknown_key_that_resembles_none_is_said_with_all() -> None:
    problem = _only(small('[due]\nrule = "none"\nqqq = 1\n'))
    assert (problem.line, problem.remedy.en) == (15, "Possible here: days, from, required, rule")


@pytest.mark.parametrize(
    ("top", "what"),
    [
        ({"version": '"1"'}, "version 要写整数"),
        ({"version": "1.0"}, "version 要写整数"),
        ({"version": "true"}, "version 要写整数"),
        ({"version": "2026-03-06"}, "version 要写整数"),
        ({"version": "0"}, "version 不能小于1"),
        ({"version": "1000000"}, "version 不能大于999999"),
        ({"code": "7"}, "code 要写文字"),
        ({"code": '"Task"'}, "code 只能用小写英文字母、数字和下划线，以字母开头"),
        ({"code": '"a__b"'}, "code 只能用小写英文字母、数字和下划线，以字母开头"),
        ({"code": '"_a"'}, "code 只能用小写英文字母、数字和下划线，以字母开头"),
        ({"code": f'"{"a" * 41}"'}, "code 最多40个字符"),
        ({"title": '""'}, "title 是空的或太短"),
        ({"title": "[]"}, "title 要写成一组键和值"),
        ({"title": '{ zh = "一" }'}, "缺少 title.en"),
        ({"title": '{ zh = 1, en = "x" }'}, "title.zh 要写文字"),
        ({"title": f'"{"长" * 61}"'}, "title：名称太长，请写在60个字符以内"),
        ({"title": '"a\\u0007b"'}, "title：文字里有看不见的控制字符，请删去"),
        (
            {"number": '"走访{n}号"'},
            "number：编号格式里要有 {year} 和 {n} 各一次，没有别的花括号，如 督办〔{year}〕{n}号",
        ),
        (
            {"number": '"走访〔{year}〕号"'},
            "number：编号格式里要有 {year} 和 {n} 各一次，没有别的花括号，如 督办〔{year}〕{n}号",
        ),
        (
            {"number": '"{year}{n}{n}"'},
            "number：编号格式里要有 {year} 和 {n} 各一次，没有别的花括号，如 督办〔{year}〕{n}号",
        ),
        (
            {"number": '"{year}{n}{month}"'},
            "number：编号格式里要有 {year} 和 {n} 各一次，没有别的花括号，如 督办〔{year}〕{n}号",
        ),
        ({"confidential": '"yes"'}, "confidential 要写 true 或 false"),
        ({"confidential": "1"}, "confidential 要写 true 或 false"),
        ({"opened_by": '"head"'}, "opened_by 要写列表"),
        ({"opened_by": '["hed"]'}, "opened_by 不能写 hed"),
        (
            {"opened_by": '["observer"]'},
            "opened_by：observer 不能立项，这里可以写：head、inspector、leader、officer、supervisor",
        ),
        ({"warn_days": "-1"}, "warn_days 不能小于0"),
        ({"accept_within_days": "0"}, "accept_within_days 不能小于1"),
        ({"report_every_days": "nan"}, "report_every_days 要写整数"),
        ({"columns": '["nummer"]'}, "columns 不能写 nummer"),
        ({"filters": "[1]"}, "filters 不能写 1"),
    ],
)
def test_wrong_value_is_said_on_its_line(top: dict[str, str], what: str) -> None:
    text = small(**top)
    problem = _only(text)
    assert problem.what.zh == what
    assert problem.line == _line(text, f"{next(iter(top))} =")
    assert problem.what.en
    assert problem.remedy.zh
    assert problem.remedy.en


def test_list_item_is_said_on_its_own_line() -> None:
    problem = _only(small(opened_by='[\n  "head",\n  "pupil",\n]'))
    assert (problem.line, problem.remedy.zh[:4]) == (9, "这里可以")


@pytest.mark.parametrize(
    ("more", "words", "what"),
    [
        ('[due]\nrule = "days"\n', "[due]", "due：写了 rule 就要写 days，如 days = 7"),
        ("[due]\ndays = 3\n", "days = 3", 'due.days：rule 是 none 时不要写 days；要自动推算时限，请写 rule = "days"'),
        ('[due]\nrule = "weeks"\n', "weeks", "due.rule 不能写 weeks"),
        ("[closing]\nmin_evidence = 51\n", "min_evidence", "closing.min_evidence 不能大于50"),
        ('[closing]\nfeedback = "person"\n', "feedback", "closing.feedback 要写列表"),
        (
            '[[closing.feedback]]\nkind = "person"\nwords = "一"\n[[closing.feedback]]\nkind = "person"\nwords = "二"\n',
            None,
            "closing.feedback：反馈 person 重复，每种只写一次",
        ),
        (FIELD + 'typ = "text"\n', "typ =", "不认识 typ 这个键"),
        (FIELD.replace('"text"', '"txt"'), "txt", "没有 txt 这种字段"),
        (FIELD.replace('type = "text"\n', ""), "[[fields]]", "字段缺少 type"),
        (FIELD.replace('"found"', '"Found"'), "Found", "fields.name 只能用小写英文字母、数字和下划线，以字母开头"),
        (FIELD.replace('"found"', '"due"'), 'name = "due"', "字段名 due 是系统自带的栏目"),
        (FIELD + "max = 0\n", "max = 0", "fields.max 不能小于1"),
        (FIELD + 'required = "always"\n', "always", "fields.required 不能写 always"),
        (FIELD + "filter = true\npersonal = true\n", "filter", "fields.filter：personal 的字段不能 filter"),
        (FIELD + "filter = true\nmultiline = true\n", "filter", "fields.filter：这种字段不能 filter"),
        (FIELD.replace('"text"', '"money"') + "filter = true\n", "filter", "fields.filter：这种字段不能 filter"),
        (FIELD.replace('"text"', '"place"') + "filter = true\n", "filter", "fields.filter：这种字段不能 filter"),
        (
            FIELD.replace('"text"', '"number"') + "decimals = 1\nfilter = true\n",
            "filter",
            "fields.filter：这种字段不能 filter",
        ),
        (FIELD.replace('"text"', '"number"') + "min = 3\nmax = 2.5\n", "min", "fields.min：最小值 min 大于最大值 max"),
        (FIELD.replace('"text"', '"number"') + 'min = "x"\n', "min", "fields.min 要写数字"),
        (FIELD.replace('"text"', '"number"') + "max = inf\n", "max", "fields.max 要写数字"),
        (FIELD.replace('"text"', '"number"') + "decimals = 7\n", "decimals", "fields.decimals 不能大于6"),
        (FIELD.replace('"text"', '"choice"'), "[[fields]]", "缺少 fields.options"),
        (
            FIELD.replace('"text"', '"choice"') + 'options = [ { value = "a", words = "一" } ]\n',
            "options",
            "fields.options 至少要有2项",
        ),
        (
            FIELD.replace('"text"', '"choice"')
            + 'options = [\n{ value = "a", words = "一" },\n{ value = "a", words = "二" },\n]\n',
            "二",
            "fields.options：选项 a 重复，每个选项的 value 只能出现一次",
        ),
    ],
)
def test_wrong_table_is_said_on_its_line(more: str, words: str | None, what: str) -> None:
    text = small(more)
    problem = _only(text)
    assert problem.what.zh == what
    assert problem.line == (_line(text, words) if words else len(SMALL.split("\n")) - 1 + 4)


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ('role = "supervisor"', "缺少 chain.scope"),
        ('role = "officer"\nscope = "lead"', "chain.role：scope 是 lead 时，role 只能是 head，否则没有人能办这一环节"),
        (
            'role = "head"\nscope = "office"',
            "chain.role：scope 是 office 时，role 只能是 supervisor，否则没有人能办这一环节",
        ),
        ('role = "supervisor"\nscope = "unit"', 'chain.unit：unit = "单位代码" 和 scope = "unit" 要一起写'),
        ('role = "head"\nscope = "lead"\nunit = "AQ"', 'chain.unit：unit = "单位代码" 和 scope = "unit" 要一起写'),
        ('role = "head"\nscope = "leed"', "chain.scope 不能写 leed"),
    ],
)
def test_step_that_nobody_could_take_is_refused(step: str, what: str) -> None:
    text = SMALL.replace('role = "supervisor"\nscope = "office"', step)
    assert _only(text).what.zh == what


def test_register_without_a_step_is_refused() -> None:
    assert _only(SMALL[: SMALL.index("[[chain]]")] + "chain = []\n").what.zh == "chain 至少要有1项"


def test_grade_before_the_last_step_is_refused_on_its_line() -> None:
    more = 'grade = true\n[[chain]]\nwords = "再核查"\nrole = "supervisor"\nscope = "office"\n'
    problem = _only(SMALL + more)
    assert (problem.line, problem.what.zh) == (13, "只有最后一个核查环节能评价")


def test_field_named_twice_is_said_on_the_second_line() -> None:
    text = small(FIELD + FIELD)
    problem = _only(text)
    assert (problem.line, problem.what.en) == (len(text.split("\n")) - 3, "The field name found stands here twice")


def test_all_problems_of_a_file_come_at_once() -> None:
    text = small(FIELD + FIELD.replace("words", "wrods"), version="0", warn_days='"3"', code='"Ä"')
    register, problems = check(text)
    assert register is None
    assert [problem.what.zh for problem in problems] == [
        "warn_days 要写整数",
        "code 只能用小写英文字母、数字和下划线，以字母开头",
        "version 不能小于1",
        "缺少 fields.words",
        "字段名 found 重复",
        "不认识 wrods 这个键",
    ]


def test_problem_reads_as_one_line_in_both_languages() -> None:
    problem = _only(small(version='"2"'))
    assert problem.in_("zh") == "<text> 第2行：version 要写整数。不加引号，如 7。"
    assert problem.in_("en") == "<text>:2: version must be a whole number. Write it without quotes, as 7."


def test_file_is_read_with_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "visit.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    register, problems = check(file)
    assert problems == []
    assert register == check(SMALL)[0]


def test_file_in_another_encoding_is_said_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "visit.toml"
    file.write_bytes(SMALL.encode("gb18030"))
    register, problems = check(file)
    assert register is None
    assert [(one.file, one.line, one.what.zh) for one in problems] == [("visit.toml", 3, "文件不是 UTF-8 编码")]


def test_file_that_cannot_be_read_is_a_problem_and_no_error(tmp_path: Path) -> None:
    register, problems = check(tmp_path / "gone.toml")
    assert register is None
    assert [(one.file, one.line) for one in problems] == [("gone.toml", None)]
    assert check(tmp_path)[1][0].what.zh.startswith("读不了这个文件")


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 3000 + "]" * 3000,
        "x = " + "9" * 5000,
        "a." * 3000 + "b = 1",
        "x = " + "{a=" * 2000 + "1" + "}" * 2000,
        "#" * 300_000,
        "",
        "\x00",
        "\ud800",
        "[[chain]]\n" * 300,
        "[fields]\nx = 1",
        "fields = [1, [2], {}]",
        "chain = 3\nclosing = []\ndue = 1\nfields = true",
    ],
)
def test_hostile_text_gives_problems_and_no_error(text: str) -> None:
    register, problems = check(text)
    assert register is None
    assert problems


SHIPPED_TEXTS = [path.read_text() for path in sorted(SHIPPED.glob("*.toml"))]


@settings(max_examples=250, deadline=None)
@given(st.sampled_from([*SHIPPED_TEXTS, small(EVERY_FIELD)]), st.randoms(use_true_random=False))
def test_spoiled_text_never_raises(text: str, chance: random.Random) -> None:
    lines = text.split("\n")
    for _ in range(chance.randint(1, 4)):
        kind, at = chance.randrange(5), chance.randrange(len(lines))
        if kind == 0:
            del lines[at : at + 1]
            lines = lines or [""]
        elif kind == 1:
            lines.insert(at, lines[chance.randrange(len(lines))])
        elif kind == 2:
            place = chance.randint(0, len(lines[at]))
            lines[at] = lines[at][:place] + chance.choice('"[]{}=.,#\\\x00\ud800\n“中') + lines[at][place:]
        elif kind == 3:
            place = chance.randint(0, len(lines[at]))
            lines[at] = lines[at][:place] + lines[at][place + 1 :]
        else:
            lines[at] = lines[at].split("=")[0] + chance.choice(
                ['= "x"', "= 7", "= true", "= []", "= {}", "= 2026-01-01"]
            )
    spoiled = "\n".join(lines)
    register, problems = check(spoiled)
    assert (register is None) == bool(problems)
    for problem in problems:
        assert problem.line is None or 1 <= problem.line <= spoiled.count("\n") + 1
        assert problem.in_("zh")
        assert problem.in_("en")


def test_role_that_nobody_has_is_said_with_those_that_can() -> None:
    opened, signed = (
        _only(small(opened_by='["hed"]')),
        _only(SMALL.replace('"supervisor"\nscope', '"superviser"\nscope')),
    )
    assert opened.remedy.en == "Perhaps head is meant; possible here: head, inspector, leader, officer, supervisor"
    assert signed.remedy.zh == "大概要写 supervisor；可以写：head、inspector、leader、supervisor"
