"""A spec with a mistake, and what the checker says of it."""

from __future__ import annotations

from inception_dsl.diagnostics.text import render_text
from inception_dsl.loading import examine

SPEC = """
network small {
    input image: 3x32x32
    conv2d(16, 3x3, padding=same)
    concat {
        branch conv2d(16, 1x1)
        branch conv2d(24, 3x3, stride=2, padding=same)
    }
    global_avg_pool()
    linear(10)
}
"""

network, diagnostics = examine(SPEC)
print(render_text(diagnostics), end="")
