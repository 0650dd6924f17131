"""Faults of every kind, each planted alone in a valid spec."""

from tests.fuzz.planting import arguments, names, shapes, structure, syntax
from tests.fuzz.planting.host import Host, host_of
from tests.fuzz.planting.planter import PLANTERS, Fault, Planter, plant

__all__ = ["GROUPS", "PLANTERS", "Fault", "Host", "Planter", "host_of", "plant"]

GROUPS = (syntax, names, arguments, shapes, structure)
"""The modules whose planters are registered in `PLANTERS`."""
