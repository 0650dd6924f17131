"""A module of your own: write it once in a spec, then run it, and look at its source."""

from __future__ import annotations

from pathlib import Path

import torch

import inception_dsl as idsl
from inception_dsl.backends.torch import emit_source

network = idsl.load(Path(__file__).with_name("new_module.incept"), width=16)
print(network.summary())

model = network.to_torch().eval()
with torch.inference_mode():
    print("logits", tuple(model(torch.randn(1, 3, 64, 64)).shape))

Path("looker.py").write_text(emit_source(network.graph), encoding="utf-8")
print("wrote looker.py")
