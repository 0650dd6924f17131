"""Weights as numpy arrays under state-dict keys: made, read, written and matched with a network."""

from __future__ import annotations

from inception_dsl.weights.calibrated import calibrated_weights
from inception_dsl.weights.initial import initial_weights
from inception_dsl.weights.keys import parameters_by_key
from inception_dsl.weights.match import Match, load_weights, match_network, network_weights
from inception_dsl.weights.name_map import NameMap
from inception_dsl.weights.sources import read_map, recognise, source_names
from inception_dsl.weights.stores import (
    Weights,
    WeightsError,
    WeightsSource,
    read_weights,
    write_safetensors,
)

__all__ = [
    "Match",
    "NameMap",
    "Weights",
    "WeightsError",
    "WeightsSource",
    "calibrated_weights",
    "initial_weights",
    "load_weights",
    "match_network",
    "network_weights",
    "parameters_by_key",
    "read_map",
    "read_weights",
    "recognise",
    "source_names",
    "write_safetensors",
]
