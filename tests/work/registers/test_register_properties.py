"""What must hold of every right register, whatever it says."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.org.enums import Role
from luoshi.work.registers import Register, check
from luoshi.work.registers.model import Column, Filter

from .texts import as_toml

keyed: Any = st.fixed_dictionaries  # its types know no keys that may be missing
plain = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="{}"), min_size=1, max_size=12
)
words = plain | keyed({"zh": plain, "en": plain})
names = st.from_regex(r"own(_[a-z0-9]{1,4}){0,2}", fullmatch=True)
days = st.integers(1, 3660)
openers = st.sampled_from([Role.LEADER, Role.SUPERVISOR, Role.INSPECTOR, Role.HEAD, Role.OFFICER]).map(
    lambda role: role.value
)
steps = st.sampled_from(
    [
        {"role": "head", "scope": "lead"},
        {"role": "head", "scope": "parent"},
        {"role": "inspector", "scope": "area"},
        {"role": "leader", "scope": "unit", "unit": "AQ"},
        {"role": "supervisor", "scope": "office"},
    ]
)
flags = st.booleans()


def _field(kind: str, **own: st.SearchStrategy[Any]) -> Any:
    shared: dict[str, Any] = {"help": words, "required": st.sampled_from(["opening", "submitting"]), "column": flags}
    return keyed({"type": st.just(kind), "words": words}, optional={**shared, **own})


options = st.lists(names, min_size=2, max_size=4, unique=True).map(
    lambda values: [{"value": value, "words": value} for value in values]
)
choices = st.tuples(_field("choice", multiple=flags, filter=flags), options).map(
    lambda pair: {**pair[0], "options": pair[1]}
)
fields = st.one_of(
    _field("text", max=st.integers(1, 20000), multiline=flags, personal=flags),
    _field(
        "number", min=st.integers(-9, 0), max=st.integers(0, 9) | st.just(9.25), decimals=st.integers(0, 6), unit=words
    ),
    _field("number", filter=flags),
    _field("money", min=st.integers(0, 9)),
    _field("date", past=flags, filter=flags),
    _field("unit", filter=flags),
    _field("person", filter=flags),
    _field("place", max=st.integers(1, 1000)),
    _field("yes_no", filter=flags),
    choices,
)
registers = keyed(
    {
        "code": names,
        "version": st.integers(1, 999_999),
        "title": words,
        "short": words,
        "about": words,
        "number": plain.map(lambda text: f"{text}{{year}}-{{n}}"),
        "opened_by": st.lists(openers, max_size=5),
        "chain": st.lists(st.tuples(steps, words).map(lambda one: {**one[0], "words": one[1]}), min_size=1, max_size=4),
    },
    optional={
        "order": st.integers(0, 9999),
        "confidential": flags,
        "warn_days": st.integers(0, 366),
        "accept_within_days": days,
        "report_every_days": days,
        "escalate_after_days": days,
        "reopen_within_days": days,
        "due": keyed(
            {"rule": st.sampled_from(["days", "working_days"]), "days": days},
            optional={"from": st.sampled_from(["opening", "assignment"]), "required": flags},
        ),
        "closing": keyed(
            {},
            optional={
                "min_evidence": st.integers(0, 50),
                "note_required": flags,
                "targets_need_actuals": flags,
                "feedback": st.lists(
                    keyed({"kind": st.sampled_from(["person", "published"]), "words": words}),
                    max_size=2,
                    unique_by=lambda one: one["kind"],
                ),
            },
        ),
        "columns": st.lists(st.sampled_from(get_args(Column)), max_size=5),
        "filters": st.lists(st.sampled_from(get_args(Filter)), max_size=5),
    },
)


@st.composite
def right(draw: st.DrawFn) -> dict[str, Any]:
    data = draw(registers)
    kinds = draw(st.lists(fields, max_size=5))
    own = draw(st.lists(names, min_size=len(kinds), max_size=len(kinds), unique=True))
    return {**data, "fields": [{**kind, "name": name} for kind, name in zip(kinds, own, strict=True)]}


def _same(said: Any, read: Any) -> bool:
    """Tell whether everything that a text says stands in what was read from it."""
    if isinstance(said, dict):
        return all(_same(value, read.get(key)) for key, value in said.items())
    if isinstance(said, list):
        return len(said) == len(read) and all(map(_same, said, read))
    if isinstance(read, dict):
        return read == {"zh": said, "en": said}
    return bool(str(said) == str(read))


@settings(max_examples=150, deadline=None)
@given(right())
def test_right_register_is_read_as_it_says_and_comes_back_whole(data: dict[str, Any]) -> None:
    register, problems = check(as_toml(data))
    assert problems == []
    assert register is not None
    dumped = register.model_dump_json(by_alias=True)
    assert _same(data, register.model_dump(mode="json", by_alias=True))
    assert Register.model_validate_json(dumped) == register
    assert [field.name for field in register.fields] == [field["name"] for field in data["fields"]]
    assert register.missing({}, "submitting") == tuple(field for field in register.fields if field.required)
    assert set(register.form_fields()) == {field["name"] for field in data["fields"]}
    assert {name.partition("__")[0] for name in register.filter_fields()} == {
        field.name for field in register.fields if field.filter
    }
    number = register.number_of(2026, 3)
    assert number == data["number"].removesuffix("{year}-{n}") + "2026-3"
