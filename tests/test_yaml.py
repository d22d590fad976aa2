"""Strict YAML: what YAML 1.1 misreads is refused with its line, decimals stay exact, lines are kept."""

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from carbonstd import DefinitionError
from carbonstd._yaml import Items, Line, Map, load_file, load_text


def refused(text: str) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as caught:
        load_text(text, "t.yaml")
    return [(item.code, item.place) for item in caught.value.findings]


@pytest.mark.parametrize(
    "scalar",
    # 1e4 and 1e-3 load as text, 012 as ten, 1_000 as a thousand, 12:30 as 750, NO and on as booleans
    ["1e4", "1e-3", "1.5E3", "012", "-012", "0x1F", "0b11", "0o17", "1_000", "12:30", "12:30:45", ".5", "5.", ".inf",
     "-.inf", ".nan", "NO", "no", "Yes", "on", "OFF", "y", "N"],
)  # fmt: skip
def test_lookalikes_are_refused(scalar: str) -> None:
    assert refused(f"a: 1\nb: {scalar}\n") == [("yaml-lookalike", "t.yaml:2")]
    assert load_text(f'b: "{scalar}"\n', "t.yaml")["b"] == scalar, "in quotes it is text"


@pytest.mark.parametrize("key", ["NO", "on", "y"])
def test_a_key_that_reads_as_a_boolean_is_refused(key: str) -> None:
    """Norway's code, and the `on:` of many a file."""
    assert refused(f"{key}: 1\n") == [("yaml-lookalike", "t.yaml:1")]


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("0", 0),
        ("-7", -7),
        ("0.10", Decimal("0.10")),
        ("28.435", Decimal("28.435")),
        ("true", True),
        ("false", False),
        ("2024-08-23", "2024-08-23"),
        ("GB/T 32151.34", "GB/T 32151.34"),
        ("炭素材料", "炭素材料"),
        ("~", None),
        ("null", None),
        ("", None),
    ],
)
def test_plain_scalars(scalar: str, value: object) -> None:
    found = load_text(f"a: {scalar}\n", "t.yaml")["a"]
    assert found == value
    assert type(found) is type(value)


def test_a_decimal_keeps_what_was_typed() -> None:
    """0.1 as a float is 0.1000000000000000055; a table says 0.1."""
    assert str(load_text("a: 0.1\nb: 0.5500\n", "t.yaml")) == str({"a": Decimal("0.1"), "b": Decimal("0.5500")})


def test_a_duplicate_key_names_both_lines() -> None:
    with pytest.raises(DefinitionError) as caught:
        load_text("a: 1\nb: 2\na: 3\n", "t.yaml")
    (found,) = caught.value.findings
    assert (found.code, found.place) == ("yaml-duplicate-key", "t.yaml:3")
    assert "first on line 1" in found.found()


def test_every_fault_is_told_at_once() -> None:
    assert refused("a: 1e4\nb: [012, NO]\na: 2\n") == [
        ("yaml-lookalike", "t.yaml:1"),
        ("yaml-lookalike", "t.yaml:2"),
        ("yaml-lookalike", "t.yaml:2"),
        ("yaml-duplicate-key", "t.yaml:3"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: [1, 2\nb: 3\n", "yaml-syntax"),
        ("a: !!python/object:os.system x\n", "yaml-tag"),
        ("a: !mine 1\n", "yaml-tag"),
        ("[a, b]: 1\n", "yaml-key"),
        ("a: 1\n---\nb: 2\n", "yaml-syntax"),
        ("[" * 60 + "]" * 60, "yaml-too-deep"),
    ],
)
def test_what_is_not_plain_yaml_is_refused(text: str, code: str) -> None:
    assert {item[0] for item in refused(text)} == {code}


def test_a_billion_laughs_do_not_fill_the_memory() -> None:
    """Nine levels of nine aliases would be 387 million scalars."""
    names = "abcdefghi"
    lines = ["a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"{n}: &{n} [{', '.join([f'*{p}'] * 9)}]" for p, n in pairwise(names)]
    assert {code for code, _ in refused("\n".join(lines))} == {"yaml-aliases"}


def test_an_alias_used_with_measure_is_fine() -> None:
    text = "a: &row {fuel: coke, basis: mass}\nb: [*row, *row, *row]\n"
    assert load_text(text, "t.yaml")["b"] == [{"fuel": "coke", "basis": "mass"}] * 3


def test_a_file_that_is_too_large_or_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes("标题: 燃料".encode("gbk"))
    with pytest.raises(DefinitionError) as caught:
        load_file(path)
    assert [item.code for item in caught.value.findings] == ["yaml-not-utf8"]
    path.write_bytes(b"a: 1\n" * 4_100_000)
    with pytest.raises(DefinitionError) as caught:
        load_file(path)
    assert [item.code for item in caught.value.findings] == ["yaml-too-large"]


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert load_file(path) == {"a": 1}


def test_lines_are_kept_and_survive_a_merge() -> None:
    part = load_text("x:\n  a: 1\n  b: 2\n", "part.yaml")
    over = load_text("# mine\nx:\n  b: 3\n", "mine.yaml")
    merged = part.merged(over)
    assert merged == {"x": {"a": 1, "b": 3}}
    lines = merged["x"].lines
    assert {name: (line.path, int(line)) for name, line in lines.items()} == {
        "a": ("part.yaml", 2),
        "b": ("mine.yaml", 3),
    }
    assert part == {"x": {"a": 1, "b": 2}}, "the part itself is left as it was"


def test_items_remember_their_lines() -> None:
    items = load_text("- 1\n- 2\n\n- 3\n", "t.yaml")
    assert isinstance(items, Items)
    assert [int(line) for line in items.lines] == [1, 2, 4]
    assert isinstance(items.lines[0], Line)


def test_an_empty_file_is_an_empty_mapping() -> None:
    assert load_text("# nothing yet\n", "t.yaml") == Map()


def test_every_shipped_file_is_read_by_plain_yaml_too() -> None:
    """PyYAML's own reader refuses a plain `?` in flow text, which that of libyaml and so our own takes."""
    root = Path(__file__).resolve().parent.parent
    asking = [
        text
        for name in ("carbonstd", "factors", "methods")
        for path in (root / name).rglob("*.yaml")
        if "?" in (text := path.read_text(encoding="utf-8"))
    ]
    assert asking
    assert all(yaml.compose(text, yaml.SafeLoader) for text in asking)
