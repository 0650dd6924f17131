"""What this machine can do at best: the fastest convolution found, as multiply-adds a second."""

from __future__ import annotations

from inception_dsl.engines.runner import Dtype

__all__ = ["measure_roof"]

# Channels in, channels out, kernel and cells of the grid, at which oneDNN comes near the
# processor's peak; a matrix product through PyTorch stays far below it.
_SHAPES = ((192, 192, (1, 7), 17), (512, 512, (3, 3), 28), (80, 192, (3, 3), 73))
_ROUNDS = 12


def measure_roof(dtype: Dtype = "float32", device: str = "cpu") -> float:
    """Multiply-adds a second of the best of a few convolutions, each at its best of some runs.

    A network's own speed divided by this says how much is left to win without fewer
    multiplications.
    """
    import torch

    from inception_dsl.engines.timing import interleaved

    best = 0.0
    kind: torch.dtype = getattr(torch, dtype)
    last = torch.channels_last
    for channels, filters, kernel, cells in _SHAPES:
        x = torch.randn(1, channels, cells, cells, device=device).to(kind, memory_format=last)
        weight = torch.randn(filters, channels, *kernel, device=device)
        weight = weight.to(kind, memory_format=last)
        with torch.inference_mode():
            macs = torch.conv2d(x, weight).numel() * channels * kernel[0] * kernel[1]

            def call(x: torch.Tensor = x, weight: torch.Tensor = weight) -> None:
                torch.conv2d(x, weight)
                if x.is_cuda:
                    torch.cuda.synchronize()

            timing = interleaved({"convolution": call}, _ROUNDS)["convolution"]
        best = max(best, macs / (min(timing.rounds_ms) / 1e3))
    return best
