"""GoogLeNet as an ONNX file, and one image through it in ONNX Runtime."""

from __future__ import annotations

import numpy as np
import onnxruntime

import inception_dsl as idsl
from inception_dsl.backends.onnx import save_onnx

network = idsl.load("googlenet")
save_onnx("googlenet.onnx", network.to_onnx())

session = onnxruntime.InferenceSession("googlenet.onnx", providers=["CPUExecutionProvider"])
image = np.random.default_rng(0).standard_normal((1, 3, 224, 224), dtype=np.float32)
(logits,) = session.run(None, {session.get_inputs()[0].name: image})
print("logits", logits.shape)
