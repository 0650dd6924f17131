"""A file that Keras saved gives our networks Keras's own numbers, wherever a block ends."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

pytest.importorskip("torch")

from keras_peers import KERAS_PEERS, keras_distances

from inception_dsl.weights import source_names

TOLERANCE = 1e-4

# Of the networks with 1000 classes, by Keras's own count.
TRAINABLE = {
    "keras.inception_v3": 23_817_352,
    "keras.inception_resnet_v2": 55_813_192,
    "keras.xception": 22_855_952,
}


def test_every_keras_source_has_a_peer() -> None:
    assert [name for name in source_names() if name.startswith("keras.")] == sorted(KERAS_PEERS)


# Keras's torch backend hands arrays to numpy in a way that numpy 2 warns about.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("source", KERAS_PEERS)
def test_keras_agrees_at_every_block(source: str) -> None:
    if find_spec("keras") is None:
        pytest.skip("keras is not installed")
    found = keras_distances(source)
    assert found.trainable == TRAINABLE[source]
    assert {path: value for path, value in found.blocks.items() if value >= TOLERANCE} == {}
    assert found.logits < TOLERANCE
    assert found.onnx < TOLERANCE
