"""Classes that PyTorch lacks, as source: each stands in a generated file that uses it."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["PRELUDE"]

PRELUDE: Mapping[str, str] = {
    "Chain": '''\
class Chain(nn.Sequential):
    """Modules applied in order, under the names they are given."""

    def __init__(self, /, **modules: nn.Module) -> None:
        super().__init__(OrderedDict(modules))
''',
    "ChannelBias": '''\
class ChannelBias(nn.Module):
    """A bias by itself: one number per channel of a feature map with so many grid axes."""

    def __init__(self, channels: int, axes: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(channels, *(1,) * axes))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.bias
''',
    "BatchNorm": '''\
class BatchNorm(nn.Module):
    """Batch norm with a shift but no gain, or with a gain but no shift."""

    def __init__(
        self,
        channels: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        scale: bool = True,
        center: bool = True,
    ) -> None:
        super().__init__()
        self.eps = eps
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(channels)) if scale else None
        self.bias = nn.Parameter(torch.zeros(channels)) if center else None
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        return F.batch_norm(
            x,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training,
            self.momentum,
            self.eps,
        )
''',
}
