"""A language and compiler for multi-branch convolutional networks.

>>> import inception_dsl as idsl
>>> net = idsl.load("inception_v3", classes=10)
>>> model = net.to_torch()
"""

from inception_dsl.diagnostics import Diagnostic, SpecError
from inception_dsl.elaborate.limits import Limits
from inception_dsl.loading import examine, load
from inception_dsl.network import Network
from inception_dsl.version import __version__

__all__ = ["Diagnostic", "Limits", "Network", "SpecError", "__version__", "examine", "load"]
