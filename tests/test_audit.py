"""`incept audit`: verdicts that follow from numbers, and published figures that all have one."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from markdown_it import MarkdownIt

from inception_dsl.analysis.audit import Finding, audit_claims
from inception_dsl.analysis.published import Claim, Published, read_published
from inception_dsl.analysis.verdict import judge, judge_more, judge_similar, show_computed
from inception_dsl.backends.table.findings import render_findings
from inception_dsl.cli.main import incept
from inception_dsl.shipped import shipped_specs

pytestmark = pytest.mark.text

SMALL = {"small": "network small { input x: 3x9x9   conv2d(4, 3x3, bias=false) }"}  # 108 weights
CLAIM = Claim("small", "weights", "108", "a text", compute="small.params")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(incept, ["audit", *arguments])


def found(claim: Claim) -> Finding:
    (finding,) = audit_claims(Published((claim,), SMALL), [claim.about])
    return finding


@pytest.fixture(scope="module")
def everything() -> list[dict[str, str]]:
    done = run("--format", "json")
    assert done.exit_code == 0, done.output
    findings: list[dict[str, str]] = json.loads(done.stdout)
    return findings


# Verdicts


@pytest.mark.parametrize(
    ("printed", "computed", "verdict"),
    [
        ("22", 22, "exact"),
        ("22", 23, "differs"),
        ("~22", 22, "exact"),
        ("6,998,552", 6_998_552, "exact"),
        ("6,998,552", 6_998_553, "differs"),
        ("23.9M", 23_850_000, "rounds to it"),
        ("23.9M", 23_949_999, "rounds to it"),
        ("23.9M", 23_849_999, "differs"),
        ("23.9M", 23_950_001, "differs"),
        ("~61M", 61_100_840, "rounds to it"),
        ("~61M", 60_499_999, "differs"),
        ("5 billion", 5_713_216_096, "differs"),
        ("5 billion", 5_499_999_999, "rounds to it"),
        ("1.5 billion", 1_498_677_248, "rounds to it"),
        ("159K", 159_000, "exact"),
        ("59%", Fraction(98_304, 165_888), "rounds to it"),
        ("28%", Fraction(7, 25), "exact"),
        ("33%", Fraction(1, 3), "rounds to it"),
        ("33%", Fraction(2, 5), "differs"),
        ("20x", Fraction(1977, 100), "rounds to it"),
        ("12x", Fraction(871, 100), "differs"),
        ("0.9", Fraction(9001, 10_000), "rounds to it"),
        ("0.0001", Fraction(1, 10_000), "exact"),
        ("0.1 to 0.3", Fraction(1, 10), "in range"),
        ("0.1 to 0.3", Fraction(1), "differs"),
        ("224x224", "224x224", "exact"),
        ("224x224", "299x299", "differs"),
    ],
)
def test_a_printed_figure_stands_for_what_rounds_to_it(
    printed: str, computed: int | Fraction | str, verdict: str
) -> None:
    value = computed if isinstance(computed, str) else Fraction(computed)
    assert judge(printed, value) == verdict


def test_similar_is_within_five_per_cent() -> None:
    assert judge_similar(Fraction(100), Fraction(95)) == "similar"
    assert judge_similar(Fraction(100), Fraction(94)) == "differs"
    assert judge_more(Fraction(48), Fraction(76)) == "more"
    assert judge_more(Fraction(48), Fraction(48)) == "differs"


def test_computed_numbers_are_shown_in_full() -> None:
    assert show_computed(Fraction(6_998_552)) == "6,998,552"
    assert show_computed(Fraction(16, 27), "59%") == "59.26%"
    assert show_computed(Fraction(2012), "2012") == "2012"
    assert show_computed(Fraction(138_357_544, 6_998_552)) == "19.77"


# Findings


def test_a_reproduced_figure_is_settled() -> None:
    finding = found(CLAIM)
    assert (finding.computed, finding.verdict, finding.settled) == ("108", "exact", True)


def test_a_figure_that_differs_needs_an_explanation() -> None:
    wrong = replace(CLAIM, printed="109")
    assert (found(wrong).verdict, found(wrong).settled) == ("differs", False)
    explained = replace(wrong, wrong="a misprint: {small.params} it is, {1 - 1/4%} of 144")
    assert found(explained).settled
    assert found(explained).remark == "a misprint: 108 it is, 75.00% of 144"


def test_an_explanation_of_what_is_right_is_a_mistake() -> None:
    assert not found(replace(CLAIM, wrong="a misprint")).settled


def test_a_claim_about_a_spec_that_does_not_exist_is_not_passed_over() -> None:
    finding = found(Claim("inception_v9", "depth", "9", "a text", compute="inception_v9.depth"))
    assert not finding.settled
    assert "no spec is named `inception_v9`" in finding.remark


def test_settings_and_arithmetic_in_formulas() -> None:
    formula = "2 * googlenet.params(classes=10) - googlenet.macs('inception_3a') / 2"
    finding = found(replace(CLAIM, compute=formula))
    assert finding.computed == f"{2 * (6_998_552 - 990 * 1025) - 128_049_152 // 2:,}"


@pytest.mark.parametrize(
    "formula", ["__import__('os')", "small.params ** 9", "small.parms", "[small.params]", "small"]
)
def test_formulas_are_measures_and_arithmetic_alone(formula: str) -> None:
    with pytest.raises((AssertionError, KeyError)):
        found(replace(CLAIM, compute=formula))


def test_claims_are_computed_or_beyond_computing() -> None:
    with pytest.raises(AssertionError, match="`compute` or `beyond`"):
        Claim("small", "weights", "108", "a text")
    beyond = found(Claim("small", "year", "2014", "a text", beyond="a date"))
    assert (beyond.verdict, beyond.remark, beyond.settled) == ("not computed", "a date", True)


# The figures that ship


def test_claims_speak_of_specs_that_ship() -> None:
    published = read_published()
    known = {*shipped_specs(), *published.networks}
    for claim in published.claims:
        assert claim.about in {*shipped_specs(), ""}, claim
        formulas = [claim.compute, claim.similar_to, claim.more_than]
        formulas += re.findall(r"\{(.+?)%?\}", claim.note + claim.wrong)
        trees = [ast.parse(formula, mode="eval") for formula in formulas if formula]
        names = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)]
        assert {node.id for node in names} <= known, claim


def test_every_figure_is_reproduced_or_explained(everything: list[dict[str, str]]) -> None:
    assert len(everything) > 150
    assert all(each["settled"] for each in everything)
    assert all(each["remark"] for each in everything if each["verdict"] == "differs")
    assert {each["about"] for each in everything} == {*shipped_specs(), ""}


@pytest.mark.parametrize(
    ("about", "printed", "computed", "verdict"),
    [
        ("googlenet", "6,998,552", "6,998,552", "exact"),
        ("googlenet", "~6.8M", "6,998,552", "differs"),
        ("googlenet", "27", "27", "exact"),
        ("bn_inception", "~13.6M", "11,295,240", "differs"),
        ("inception_v3", "23,885,392", "23,885,392", "exact"),
        ("inception_v3", "~5 billion", "5,713,216,096", "differs"),
        ("inception_v3", "~0.9", "0.9001", "rounds to it"),
        ("inception_v4", "~42.7M", "42,679,816", "rounds to it"),
        ("inception_resnet_v2", "~55.8M", "55,843,464", "rounds to it"),
        ("inception_resnet_v2", "3039", "3039", "exact"),
        ("resnet152", "152", "152", "exact"),
        ("", "165,888", f"{192 * 96 * 9:,}", "exact"),
        ("", "67,584", f"{192 * 64 + 64 * 96 * 9:,}", "exact"),
        ("", "~59%", "59.26%", "rounds to it"),
        ("", "28%", "28.00%", "exact"),
        ("", "33%", "33.33%", "rounds to it"),
    ],
)
def test_verdicts_on_what_the_article_says(
    everything: list[dict[str, str]], about: str, printed: str, computed: str, verdict: str
) -> None:
    claims = {(claim.about, claim.figure, claim.printed) for claim in read_published().claims}
    seen = [
        (each["computed"], each["verdict"])
        for each in everything
        if (each["about"], each["published"]) == (about, printed)
        and (about, each["figure"], printed) in claims
    ]
    assert seen
    assert set(seen) == {(computed, verdict)}


# The command


def test_one_spec_has_its_own_figures_alone() -> None:
    done = run("inception_v4", "--format", "json")
    findings = json.loads(done.stdout)
    assert {each["about"] for each in findings} == {"inception_v4"}
    assert {each["figure"] for each in findings} >= {"params", "parameters", "input"}


def test_a_figure_that_is_neither_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "published.toml"
    claims = (
        '[[claim]]\nabout = "googlenet"\nfigure = "depth"\nprinted = "23"\nsource = "a text"\n'
        'compute = "googlenet.depth"\n'
    )
    path.write_text(claims)
    published = read_published(path)
    monkeypatch.setattr("inception_dsl.analysis.published.read_published", lambda: published)
    done = run("googlenet")
    assert done.exit_code == 1
    assert re.search(r"depth +23 +22  differs, UNEXPLAINED", done.stdout)


def test_a_spec_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.incept"
    text = 'network mine { input x: 3x9x9  conv2d(4, 3x3)  expect params == %d "me" }'
    path.write_text(text % 112)
    done = run(str(path), "--format", "csv")
    assert done.exit_code == 0
    (line,) = csv.DictReader(io.StringIO(done.stdout))
    assert (line["figure"], line["computed"], line["source"]) == ("params", "112", "me")
    path.write_text(text % 113)
    done = run(str(path))
    assert done.exit_code == 1
    assert "E0801" in done.stderr


def test_a_name_that_leads_nowhere() -> None:
    done = run("googlenett")
    assert done.exit_code == 2
    assert "`googlenet`" in done.stderr


HOSTILE = "=1+1 | <b>x</b> `y` *z* \x1b[31m [a](b) &amp; \\"


def test_hostile_text_stays_text() -> None:
    finding = Finding("a", HOSTILE, "1", HOSTILE, "1", "exact", HOSTILE, True)
    page = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(
        render_findings([finding], "markdown")
    )
    inline = [token for token in page if token.type == "inline"]
    assert len(inline) == 2 * 6
    kinds = {child.type for token in inline[6:] for child in token.children or ()}
    assert kinds <= {"text", "text_special"}
    for format in ("table", "markdown", "csv"):
        assert "\x1b" not in render_findings([finding], format)
    (line,) = csv.DictReader(io.StringIO(render_findings([finding], "csv")))
    assert line["figure"].startswith("'=")


def test_a_terminal_gets_lines_that_fit() -> None:
    long = Finding("a", "figure", "1", "who " * 60, "1", "exact", "why " * 60, True)
    lines = render_findings([long], "table", width=72).splitlines()
    assert max(map(len, lines)) <= 72
    assert lines[-1] == "1 published figures: 1 exact"
