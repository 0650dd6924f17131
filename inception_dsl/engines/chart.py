"""A benchmark as a figure: a bar for each way to run a network."""

from __future__ import annotations

from xml.sax.saxutils import escape

from inception_dsl.engines.bench import Bench, Measured

__all__ = ["bar_chart", "milliseconds"]

_WIDTH, _LEFT, _BARS, _ROW, _TOP = 760, 170, 420, 30, 44
_REACH = 1.3  # so far beyond the longest bar may a spread reach; one that goes on is cut
_OURS, _OTHERS, _WRONG = "#2a78b5", "#a9b4bf", "#c0392b"


def milliseconds(time: float) -> str:
    """A time in three significant digits."""
    return f"{time:,.0f}" if time >= 100 else f"{time:#.3g}"


def bar_chart(bench: Bench) -> str:
    """SVG: medians as bars, a line from where a tenth of the rounds lies below to where above."""
    rows = [row for row in bench.rows if row.timing]
    timings = [row.timing for row in rows if row.timing]
    slowest = max(timing.median_ms for timing in timings)
    most = min(max(timing.spread_ms[1] for timing in timings), _REACH * slowest)
    marks = [mark for place, row in enumerate(rows) for mark in _row(row, place, _BARS / most)]
    below = _TOP + len(rows) * _ROW + 22
    notes = [_text(16, below + 16 * place, note, 11) for place, note in enumerate(bench.notes)]
    height = below + 16 * len(notes)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
            f'width="{_WIDTH}" height="{height}" font-family="sans-serif" fill="#222">',
            f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
            _text(16, 26, f"{bench.title}: milliseconds", 15, weight="bold"),
            *marks,
            *notes,
            "</svg>\n",
        ]
    )


def _row(row: Measured, place: int, scale: float) -> list[str]:
    assert row.timing
    top, middle = _TOP + place * _ROW, _TOP + place * _ROW + 11
    low, high = (_LEFT + min(each * scale, _BARS) for each in row.timing.spread_ms)
    color = _WRONG if row.wrong else _OURS if row.ours else _OTHERS
    told = f"{milliseconds(row.timing.median_ms)} ms, {row.speedup:.2f} times"
    if row.wrong:
        told = f"wrong: relative error {row.relative_error:.0e}"
    return [
        _text(_LEFT - 8, middle + 4, row.name, 13, anchor="end"),
        f'<rect x="{_LEFT}" y="{top}" width="{row.timing.median_ms * scale:.1f}" height="22" '
        f'fill="{color}"/>',
        f'<path d="M{low:.1f} {middle}H{high:.1f}" stroke="#222" stroke-width="1.5"/>',
        _text(max(high, _LEFT + row.timing.median_ms * scale) + 8, middle + 4, told, 13),
    ]


def _text(
    x: float, y: float, words: str, size: int, *, anchor: str = "start", weight: str = "normal"
) -> str:
    style = f'font-size="{size}" text-anchor="{anchor}" font-weight="{weight}"'
    return f'<text x="{x:.1f}" y="{y}" {style}>{escape(words)}</text>'
