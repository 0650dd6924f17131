"""What is allowed and yet looks like a mistake: one warning per file, found in a spec that checks.

Warnings are looked for only where there is no error: what is unused may be what an error misspells.
"""

from inception_dsl.lint.lint import lint

__all__ = ["lint"]
