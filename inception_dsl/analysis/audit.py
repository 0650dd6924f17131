"""Published figures held against what the specs compute, with a verdict on each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from inception_dsl.analysis.calculator import Calculator, Unavailable
from inception_dsl.analysis.expectations import Expectation
from inception_dsl.analysis.published import Claim, Published
from inception_dsl.analysis.verdict import (
    Verdict,
    judge,
    judge_more,
    judge_similar,
    show_computed,
)

__all__ = ["Finding", "audit_claims", "audit_expectations"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One published figure with our own beside it.

    `settled` says that it is reproduced, or that `remark` explains why it is not.
    """

    about: str
    figure: str
    published: str
    source: str
    computed: str
    verdict: Verdict
    remark: str
    settled: bool


def audit_expectations(spec: str, expectations: Iterable[Expectation]) -> list[Finding]:
    """The findings on a spec's own `expect`s."""
    return [_expectation(spec, each) for each in expectations]


def audit_claims(published: Published, about: Iterable[str]) -> list[Finding]:
    """The findings on the claims about these specs; the empty name has those on building blocks."""
    calculator = Calculator(published.networks)
    wanted = tuple(about)
    return [_claim(claim, calculator) for claim in published.claims if claim.about in wanted]


def _expectation(spec: str, each: Expectation) -> Finding:
    exact = each.low == each.high
    verdict: Verdict = ("exact" if exact else "in range") if each.met else "differs"
    return Finding(
        about=spec,
        figure=each.metric,
        published=_number(each.low) if exact else f"{_number(each.low)} to {_number(each.high)}",
        source=each.source,
        computed=_number(each.found),
        verdict=verdict,
        remark="",
        settled=each.met,
    )


def _claim(claim: Claim, calculator: Calculator) -> Finding:
    computed: str
    verdict: Verdict
    try:
        if claim.beyond:
            computed, verdict = "", "not computed"
        else:
            computed, verdict = _computed(claim, calculator)
        remark = _filled(claim.beyond or claim.wrong or claim.note, calculator)
        settled = bool(claim.wrong) == (verdict == "differs")
    except Unavailable as reason:
        computed, verdict, remark, settled = "", "not computed", str(reason), False
    return Finding(
        about=claim.about,
        figure=claim.figure,
        published=claim.printed,
        source=claim.source,
        computed=computed,
        verdict=verdict,
        remark=remark,
        settled=settled,
    )


def _computed(claim: Claim, calculator: Calculator) -> tuple[str, Verdict]:
    """The number for people, and the verdict on the published one."""
    found = calculator.value(claim.compute)
    shown = show_computed(found, claim.printed)
    if claim.similar_to:
        return shown, judge_similar(calculator.value(claim.similar_to), found)
    if claim.more_than:
        return shown, judge_more(calculator.value(claim.more_than), found)
    return shown, judge(claim.printed, found)


def _filled(remark: str, calculator: Calculator) -> str:
    """A remark with its formulas computed; `{formula%}` is shown in per cent."""

    def fill(found: re.Match[str]) -> str:
        return show_computed(calculator.value(found[1]), found[2])

    return re.sub(r"\{(.+?)(%?)\}", fill, remark)


def _number(figure: float) -> str:
    return f"{int(figure):,}" if figure == int(figure) else f"{figure:,}"
