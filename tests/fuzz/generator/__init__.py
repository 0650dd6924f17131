"""Random valid specs, over the whole language, with their shapes and counts.

Nothing here knows the compiler: names, shapes and counts follow the language's reference alone.
"""

from tests.fuzz.generator.spec import Counts, GeneratedSpec, Operation
from tests.fuzz.generator.whole import random_spec

__all__ = ["Counts", "GeneratedSpec", "Operation", "random_spec"]
