"""A training step of Inception v3 for ten classes, its auxiliary classifier included."""

from __future__ import annotations

import torch
from torch.nn.functional import cross_entropy

import inception_dsl as idsl

network = idsl.load("inception_v3", classes=10)
model = network.to_torch()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

images, labels = torch.randn(2, 3, 299, 299), torch.tensor([3, 7])
main, *auxiliary = model.train()(images)
loss = cross_entropy(main, labels)
for head, logits in zip(network.graph.graph.aux, auxiliary, strict=True):
    loss = loss + head.weight * cross_entropy(logits, labels)
loss.backward()
optimizer.step()
print(f"loss {loss.item():.3f}")

with torch.inference_mode():
    print("logits", tuple(model.eval()(images).shape))
