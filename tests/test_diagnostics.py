"""Every rendering of a diagnostic: the frame on a terminal, JSON, GitHub, SARIF, suggestions."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

import inception_dsl
from inception_dsl.diagnostics import Diagnostic, Diagnostics, Edit, Label, Note, suggest
from inception_dsl.diagnostics.cells import visible, width, wrap
from inception_dsl.diagnostics.codes import CODES
from inception_dsl.diagnostics.github import render_github
from inception_dsl.diagnostics.json import render_json
from inception_dsl.diagnostics.sarif import render_sarif
from inception_dsl.diagnostics.suggest import nearest, suggestion
from inception_dsl.diagnostics.text import render_text, summary
from inception_dsl.source import Source, Span

pytestmark = pytest.mark.text

MODULE = """\
module inception_a(pool: int) {
    concat {
        branch conv(64, 1x1)
        branch conv(96, 3x3, stride=2)
    }
}
"""


def spot(text: str, at: str, name: str = "specs/my_net.incept") -> Span:
    start = text.index(at)
    return Span(Source(name, text), start, start + len(at))


def one(text: str, at: str, label: str = "", name: str = "x.incept", **more: object) -> Diagnostic:
    return Diagnostic("E0402", "the title", spot(text, at, name), label, **more)  # type: ignore[arg-type]


def rendered(*records: Diagnostic, columns: int = 80) -> list[str]:
    """The lines of the first frame, without header and summary."""
    return render_text(records, width=columns).splitlines()[3:-2]


GRIDS = Diagnostic(
    "E0402",
    "branches of `concat` end on different grids",
    spot(MODULE, "concat"),
    "cannot join 35x35 with 17x17",
    (
        Label(spot(MODULE, "conv(96, 3x3, stride=2)"), "96x17x17"),
        Label(spot(MODULE, "conv(64, 1x1)"), "64x35x35"),
    ),
    (Note("in: module `inception_a`, called at specs/my_net.incept:58:5 with pool=32"),),
    "use `stride=1`, or declare the module a `reduction` and give every branch stride 2",
)


def test_the_frame_is_the_one_of_the_language_reference() -> None:
    assert render_text([GRIDS]) == (
        """\
error[E0402]: branches of `concat` end on different grids
 --> specs/my_net.incept:2:5
  |
2 |     concat {
  |     ^^^^^^ cannot join 35x35 with 17x17
3 |         branch conv(64, 1x1)
  |                ------------- 64x35x35
4 |         branch conv(96, 3x3, stride=2)
  |                ----------------------- 96x17x17
  = in: module `inception_a`, called at specs/my_net.incept:58:5 with pool=32
  = help: use `stride=1`, or declare the module a `reduction` and give every
          branch stride 2

1 error
"""
    )


def test_nothing_found_renders_as_nothing() -> None:
    assert render_text([]) == ""
    assert summary([]) == "no errors"


def test_the_summary_counts_errors_and_warnings() -> None:
    warning = Diagnostic("W0101", "title", GRIDS.span)
    assert summary([GRIDS, GRIDS, warning]) == "2 errors, 1 warning"
    assert summary([warning, warning]) == "2 warnings"


def test_distant_lines_are_joined_by_dots_and_a_single_line_between_is_shown() -> None:
    text = "a\nb\nc\nd\ne\nf\n"
    near, far = Label(spot(text, "c", "x.incept"), "C"), Label(spot(text, "f", "x.incept"), "F")
    assert rendered(one(text, "a", "A", labels=(far, near))) == [
        "1 | a",
        "  | ^ A",
        "2 | b",
        "3 | c",
        "  | - C",
        "...",
        "6 | f",
        "  | - F",
    ]


def test_two_labels_on_one_line_get_a_row_each_the_primary_first() -> None:
    text = "conv(64, filters=32)"
    first = Label(spot(text, "64", "x.incept"), "first here")
    assert rendered(one(text, "filters=32", "given twice", labels=(first,))) == [
        "1 | conv(64, filters=32)",
        "  |          ^^^^^^^^^^ given twice",
        "  |      -- first here",
    ]


def test_a_label_in_another_file_gets_a_frame_of_its_own() -> None:
    other = Label(spot("let conv = 3", "conv", "blocks.incept"), "defined here")
    assert rendered(one("conv(3)", "conv", labels=(other,))) == [
        "1 | conv(3)",
        "  | ^^^^",
        " ::: blocks.incept:1:5",
        "  |",
        "1 | let conv = 3",
        "  |     ---- defined here",
    ]


def test_a_note_on_the_same_source_is_drawn_in_the_frame() -> None:
    text = "a = relu()\na = tanh()\n"
    note = Note("it is bound here first", Span(Source("x.incept", text), 0, 1))
    second = Span(Source("x.incept", text), 11, 12)
    assert rendered(Diagnostic("E0204", "the title", second, "the second", notes=(note,))) == [
        "1 | a = relu()",
        "  | - it is bound here first",
        "2 | a = tanh()",
        "  | ^ the second",
    ]


def test_a_note_with_a_place_names_it() -> None:
    note = Note("the name is bound here", spot("let conv = 3", "conv", "blocks.incept"))
    assert rendered(one("conv(3)", "conv", notes=(note,)))[-2:] == [
        "  = note: the name is bound here",
        "    --> blocks.incept:1:5",
    ]


@pytest.mark.parametrize(
    ("text", "at", "frame"),
    [
        ("\tconv(1)", "conv", ["1 |     conv(1)", "  |     ^^^^ L"]),
        ("a\tconv(1)", "conv", ["1 | a   conv(1)", "  |     ^^^^ L"]),
        ("# 网络 conv", "conv", ["1 | # 网络 conv", "  |        ^^^^ L"]),
        ("网络 conv", "网络", ["1 | 网络 conv", "  | ^^^^ L"]),
        ("# e\u0301 conv", "conv", ["1 | # e\u0301 conv", "  |     ^^^^ L"]),
        ("# \x1b[31m conv", "conv", ["1 | # \\x1b[31m conv", "  |            ^^^^ L"]),
        ("a\u00a0b", "\u00a0", ["1 | a\\xa0b", "  |  ^^^^ L"]),
        ("a\r\nconv\r\n", "conv", ["2 | conv", "  | ^^^^ L"]),
        ("a\r\nconv\r\n", "conv\r\n", ["2 | conv", "  | ^^^^ L"]),
        ("if x {\n}\n", "{\n}", ["1 | if x {", "  |      ^ L"]),
        ("a\n", "\n", ["1 | a", "  |  ^ L"]),
    ],
    ids=["tab", "tab-stop", "wide", "wide-span", "combining", "control", "nbsp", "crlf", "crlf-end",
         "multi-line", "line-end"],
)  # fmt: skip
def test_carets_stand_under_the_characters_they_mean(text: str, at: str, frame: list[str]) -> None:
    assert rendered(one(text, at, "L")) == frame


@pytest.mark.parametrize(("text", "line"), [("", 1), ("a", 1), ("a\n", 2), ("a\n\n", 3)])
def test_the_end_of_a_file_has_a_caret(text: str, line: int) -> None:
    end = Span(Source("x.incept", text), len(text), len(text))
    shown = rendered(Diagnostic("E0402", "the title", end, "the file ends here"))
    column = len("a") if text == "a" else 0
    assert shown == [
        f"{line} | {text.splitlines()[-1] if text == 'a' else ''}".rstrip(),
        "  | " + " " * column + "^ the file ends here",
    ]


def test_a_long_line_is_cut_around_the_span() -> None:
    text = "a -> " * 40 + "wrong" + " -> b" * 40
    source, under = rendered(one(text, "wrong", "here"), columns=60)
    assert width(source) <= 60
    assert source.startswith("1 | ...")
    assert source.endswith("...")
    assert under.index("^") == source.index("wrong")


def test_two_spans_too_far_apart_for_one_line_are_shown_one_after_the_other() -> None:
    text = "first" + " -> b" * 40 + "second"
    label = Label(spot(text, "first", "x.incept"), "before")
    shown = rendered(one(text, "second", "again", labels=(label,)), columns=60)
    for source, under in (shown[:2], shown[2:]):
        word = "second" if "^" in under else "first"
        assert under.index("^" if word == "second" else "-") == source.index(word)


def test_a_label_with_no_room_beside_its_span_wraps_below_it() -> None:
    text = "conv(" + "filters, " * 7 + ")"
    shown = rendered(one(text, text, "there are more arguments than conv has parameters"))
    assert [line.strip(" |") for line in shown[2:]] == [
        "there are more arguments than conv has parameters"
    ]


def test_a_name_of_any_length_does_not_flood_the_terminal() -> None:
    name = "x" * 10_000
    shown = render_text([Diagnostic("E0201", f"unknown operation `{name}`", spot(name, name))])
    assert len(shown.splitlines()) < 16


HOSTILE = (
    "\n", "\r", "\r\n", "\t", "\x00", "\x1b[2J", "\x9b1A", "\x85", "\u2028", "\u2029", "\u202e",
    "\u200f", "\u2066", "\ufeff", "e\u0301\u0323", "网络", "\uff57", "\U0001f469\u200d\U0001f52c",
    "\ud800", "::", "%0A", ",", "x" * 500,
)  # fmt: skip
hostile = st.lists(
    st.one_of(st.sampled_from(HOSTILE), st.characters(), st.sampled_from("ab {}#")), max_size=30
).map("".join)


@st.composite
def spans(draw: st.DrawFn, source: Source) -> Span:
    """Anywhere in the source, its end included."""
    places = st.integers(0, len(source.text))
    return Span(source, *sorted((draw(places), draw(places))))


@st.composite
def records(draw: st.DrawFn) -> Diagnostic:
    """Any code, hostile words, and labels, notes and edits anywhere in two hostile sources."""
    here, there = (Source(draw(hostile), draw(hostile)) for _ in range(2))
    place = st.one_of(spans(here), spans(there))
    return Diagnostic(
        draw(st.sampled_from(list(CODES))),
        draw(hostile),
        draw(spans(here)),
        draw(hostile),
        tuple(draw(st.lists(st.builds(Label, place, hostile), max_size=5))),
        tuple(draw(st.lists(st.builds(Note, hostile, st.none() | place), max_size=4))),
        draw(st.none() | hostile),
        tuple(draw(st.lists(st.builds(Edit, place, hostile), max_size=3))),
    )


@given(records(), st.integers(40, 120))
def test_no_text_can_steer_the_terminal_or_leave_its_columns(
    record: Diagnostic, columns: int
) -> None:
    shown = render_text([record], width=columns)
    assert shown.replace("\n", "").isprintable()
    assert all(width(line) <= columns for line in shown.split("\n"))
    coloured = render_text([record], width=columns, color=True)
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == shown


@given(records())
def test_a_workflow_command_is_one_line_whose_properties_a_spec_cannot_end(
    record: Diagnostic,
) -> None:
    (line, rest) = render_github([record]).split("\n")
    assert rest == ""
    assert line.isprintable()
    command = re.fullmatch(
        r"::(error|warning) file=[^:,]*,line=\d+(,col=\d+)?,endLine=\d+(,endColumn=\d+)?,"
        r"title=[^:,]*::(.*)",
        line,
    )
    assert command is not None
    assert set(re.findall(r"%(?!25|0A|3A|2C).?", line)) == set()


@given(records())
def test_json_and_sarif_are_ascii_and_keep_every_word(record: Diagnostic) -> None:
    text = render_json([record]) + render_sarif([record])
    assert text.isascii()
    (entry,) = json.loads(render_json([record]))
    assert (entry["message"], entry["help"]) == (record.message, record.help)
    (run,) = json.loads(render_sarif([record]))["runs"]
    assert run["results"][0]["message"]["text"].startswith(record.message)


# The members that sarif-schema-2.1.0.json (OASIS, 2020) allows where we write objects, its required
# ones first. All other objects of ours are checked by name in `test_sarif_places_and_rules`.
REGION = ("startLine", "startColumn", "endLine", "endColumn")
RESULT = ("message", "ruleId", "ruleIndex", "level", "locations", "relatedLocations", "fixes")


@given(records())
def test_sarif_has_what_its_schema_asks_for_and_nothing_else(record: Diagnostic) -> None:
    log = json.loads(render_sarif([record]))
    assert set(log) == {"$schema", "version", "runs"}
    (run,) = log["runs"]
    assert set(run) == {"tool", "columnKind", "results"}
    (result,) = run["results"]
    assert set(result) <= set(RESULT)
    assert result["level"] in ("none", "note", "warning", "error")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    places = [each["physicalLocation"] for each in result["locations"] + result["relatedLocations"]]
    regions = [place["region"] for place in places]
    uris = [place["artifactLocation"]["uri"] for place in places]
    for fix in result.get("fixes", ()):
        assert set(fix) == {"description", "artifactChanges"}
        assert fix["artifactChanges"]  # minItems 1
        for change in fix["artifactChanges"]:
            uris.append(change["artifactLocation"]["uri"])
            assert change["replacements"]  # minItems 1
            regions += [each["deletedRegion"] for each in change["replacements"]]
            assert all(
                isinstance(e["insertedContent"]["text"], str) for e in change["replacements"]
            )
    assert all(re.fullmatch(r"([\w.~/-]|%[0-9A-F]{2})*", uri, re.ASCII) for uri in uris)
    for region in regions:
        assert tuple(region) == REGION
        assert all(number >= 1 for number in region.values())
        ends = [(region["startLine"], region["startColumn"])]
        ends.append((region["endLine"], region["endColumn"]))
        assert ends == sorted(ends)


def test_sarif_fixes_say_which_text_replaces_which_region() -> None:
    span = spot(MODULE, "stride=2")
    record = Diagnostic("E0402", "title", span, help="leave it out", fix=(Edit(span, "stride=1"),))
    (result,) = json.loads(render_sarif([record]))["runs"][0]["results"]
    (fix,) = result["fixes"]
    assert fix["description"]["text"] == "leave it out"
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "specs/my_net.incept"
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 4, "startColumn": 30, "endLine": 4, "endColumn": 38},
            "insertedContent": {"text": "stride=1"},
        }
    ]


@given(st.text(max_size=80), st.integers(8, 30))
def test_wrapping_keeps_every_letter(text: str, columns: int) -> None:
    seen = visible(text)
    lines = wrap(seen, columns)
    assert "".join(lines).replace(" ", "") == seen.replace(" ", "")
    assert all(width(line) <= columns for line in lines)


@pytest.mark.parametrize(
    "text", ["abc", "网络", "e\u0301\u0323", "\uff57", "\U0001f469", "한국", "ß"]
)
def test_columns_are_counted_as_terminals_count_them(text: str) -> None:
    assert width(text) == cell_len(text)


def test_a_file_name_wider_than_the_terminal_is_broken_and_keeps_its_place() -> None:
    record = one("conv", "conv", name="deep/" * 40 + "x.incept", notes=(Note("n"),))
    shown = render_text([record])
    assert max(map(len, shown.splitlines())) == 80
    assert "".join(shown.split()).count("deep/" * 40 + "x.incept:1:1") == 1


def test_colour_changes_no_letter() -> None:
    plain = render_text([GRIDS])
    assert re.sub(r"\x1b\[[\d;]*m", "", render_text([GRIDS], color=True)) == plain


def test_json_has_the_documented_members_and_the_labels_among_its_notes() -> None:
    (entry,) = json.loads(render_json([GRIDS]))
    place = ["file", "line", "column", "end_line", "end_column"]
    assert list(entry) == ["code", "severity", "message", *place, "notes", "help"]
    assert [entry[key] for key in place] == ["specs/my_net.incept", 2, 5, 2, 11]
    assert [(note["message"], note["line"]) for note in entry["notes"]] == [
        ("cannot join 35x35 with 17x17", 2),
        ("96x17x17", 4),
        ("64x35x35", 3),
        ("in: module `inception_a`, called at specs/my_net.incept:58:5 with pool=32", None),
    ]
    assert all(list(note) == ["message", *place] for note in entry["notes"])


def test_github_properties_escape_what_would_end_them() -> None:
    record = Diagnostic("W0104", "50% of a,b: lost", spot("ab", "a", "a,b:c.incept"), "100%")
    assert render_github([record]) == (
        "::warning file=a%2Cb%3Ac.incept,line=1,col=1,endLine=1,endColumn=2,"
        "title=W0104%3A 50%25 of a%2Cb%3A lost::100%25\n"
    )


def test_github_gives_no_columns_to_a_span_of_several_lines() -> None:
    command = render_github([one("if x {\n}\n", "{\n}")])
    assert "line=1,endLine=2,title" in command


def test_sarif_places_and_rules(tmp_path: Path) -> None:
    inside = one(MODULE, "concat", "here", name=str(tmp_path / "my nets" / "a#1.incept"))
    log = json.loads(render_sarif([inside, GRIDS], root=tmp_path))
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert (log["version"], [rule["id"] for rule in rules]) == ("2.1.0", list(CODES))
    first, second = run["results"]
    assert rules[first["ruleIndex"]]["id"] == first["ruleId"] == "E0402"
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20nets/a%231.incept"
    assert place["region"] == {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 11}
    assert [location["message"]["text"] for location in second["relatedLocations"]] == [
        "96x17x17",
        "64x35x35",
    ]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Conv2D", "conv2d"),
        ("maxpool", "max_pool"),
        ("avgpool", "avg_pool"),
        ("cnov2d", "conv2d"),
        ("batchnorm2", "batch_norm"),
        ("linaer", "linear"),
        ("x", None),
        ("transformer", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_the_one_that_was_meant(name: str, found: str | None) -> None:
    known = ["conv1d", "conv2d", "conv3d", "max_pool", "avg_pool", "batch_norm", "linear", "lrn"]
    assert nearest(name, known) == found


def test_a_tie_goes_to_the_first_in_sorted_order_whatever_order_they_come_in() -> None:
    assert nearest("conv4d", ["conv3d", "conv1d", "conv2d"]) == "conv1d"
    assert nearest("conv4d", ["conv2d", "conv1d", "conv3d"]) == "conv1d"


def test_a_name_is_never_suggested_for_itself() -> None:
    assert nearest("relu", ["relu"]) is None


@given(st.text(min_size=1, max_size=12), st.integers(0, 11), st.sampled_from("abz"))
def test_a_name_with_one_letter_changed_is_found(name: str, at: int, letter: str) -> None:
    typed = name[:at] + letter + name[at + 1 :]
    if typed != name:
        assert nearest(typed, [name]) == name


def test_suggestions_are_statements() -> None:
    assert suggestion("conv2", ["conv2d"], "operation") == (
        "an operation with a similar name exists: `conv2d`"
    )
    assert suggestion("conv2", ["conv2d"], "module") == (
        "a module with a similar name exists: `conv2d`"
    )
    assert suggestion("conv2", ["conv2d"]) == "a similar name exists: `conv2d`"
    assert suggestion("conv2", ["relu"], "module") is None


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("0" * 50 + "1" * 10, [f"{i:0>60}" for i in range(100_000)]),
        ("x" * 10_000, ["x" * (9_990 + i % 7) for i in range(1_000)]),
    ],
    ids=["many", "long"],
)
def test_hostile_names_get_a_bounded_search(
    name: str, known: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []
    measure = suggest._distance

    def counted(a: str, b: str, limit: int) -> tuple[int, int]:
        result = measure(a, b, limit)
        compared.append(result[1])
        return result

    monkeypatch.setattr(suggest, "_distance", counted)
    nearest(name, known)
    assert sum(compared) <= suggest.EFFORT + suggest.LONGEST**2


def test_warnings_never_crowd_out_an_error() -> None:
    text = "abcdef"
    found = Diagnostics(limit=3)
    for letter in text[:5]:
        found.add(Diagnostic("W0104", "title", spot(text, letter)))
    found.add(Diagnostic("E0201", "title", spot(text, "f")))
    assert [record.code for record in found] == ["E0201", "W0104", "W0104", "W0104"]
    assert found.failed
    assert not found.full


def test_every_code_in_the_source_has_a_title_and_every_title_a_use() -> None:
    root = Path(inception_dsl.__file__).parent
    used = set()
    for path in root.rglob("*.py"):
        if path.name != "codes.py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    used |= set(re.findall(r"^[EW]\d{4}$", node.value))
    assert used == set(CODES)


def test_titles_stand_alone() -> None:
    assert all(title[0].islower() or title[0] == "`" for title in CODES.values())
    assert not any(title.endswith((".", "?")) for title in CODES.values())
    assert list(CODES) == sorted(CODES, key=lambda code: (code[0], code))
