"""The networks of other libraries: each by the name of its source, as the library builds it."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from conftest import import_torchvision
from torch import nn

__all__ = ["PEERS", "Absent", "build"]

PEERS = (
    "torchvision.googlenet",
    "torchvision.inception_v3",
    "torchvision.alexnet",
    "torchvision.vgg16",
    "torchvision.resnet50",
    "torchvision.resnet152",
    "torchvision.mobilenet_v2",
    "torchvision.efficientnet_b0",
    "timm.inception_v3",
    "timm.inception_v4",
    "timm.inception_resnet_v2",
    "timm.legacy_xception",
    "timm.nasnetalarge",
    "pretrainedmodels.bninception",
    "pretrainedmodels.inceptionv4",
    "pretrainedmodels.inceptionresnetv2",
    "pretrainedmodels.xception",
    "pretrainedmodels.nasnetamobile",
    "facenet_pytorch.inception_resnet_v1",
    "pytorch_fid.inception_v3",
)


class Absent(Exception):
    """A library that is not there, or does not import; the message says why."""


def build(source: str, **options: Any) -> nn.Module:
    """The library's own module for the source, freshly made.

    Raises: Absent if the library does not import.
    """
    library, _, name = source.partition(".")
    if find_spec(library) is None:
        raise Absent(f"{library} is not installed")
    try:
        import_torchvision()
        return _BUILDERS[library](name, **options)
    except ImportError as error:
        raise Absent(f"{library} does not import here: {error}") from error


def _torchvision(name: str, **options: Any) -> nn.Module:
    from torchvision import models

    if name in ("googlenet", "inception_v3"):
        options = {"init_weights": False, "aux_logits": True} | options
    return getattr(models, name)(weights=None, **options)


def _timm(name: str) -> nn.Module:
    import timm

    return timm.create_model(name)


def _pretrainedmodels(name: str) -> nn.Module:
    import pretrainedmodels

    return pretrainedmodels.__dict__[name](num_classes=1000, pretrained=None)


def _facenet_pytorch(name: str) -> nn.Module:
    from facenet_pytorch import InceptionResnetV1

    return InceptionResnetV1(pretrained=None, device="cpu")


def _pytorch_fid(name: str) -> nn.Module:
    """As `pytorch_fid.inception.fid_inception_v3`, which downloads weights."""
    from pytorch_fid import inception as fid

    network = _torchvision(name, num_classes=1008, aux_logits=False)
    for letter, channels, features in (("b", 192, 32), ("c", 256, 64), ("d", 288, 64)):
        setattr(network, f"Mixed_5{letter}", fid.FIDInceptionA(channels, features))
    for letter, channels in (("b", 128), ("c", 160), ("d", 160), ("e", 192)):
        setattr(network, f"Mixed_6{letter}", fid.FIDInceptionC(768, channels))
    network.Mixed_7b = fid.FIDInceptionE_1(1280)
    network.Mixed_7c = fid.FIDInceptionE_2(2048)
    return network


_BUILDERS: dict[str, Callable[..., nn.Module]] = {
    "torchvision": _torchvision,
    "timm": _timm,
    "pretrainedmodels": _pretrainedmodels,
    "facenet_pytorch": _facenet_pytorch,
    "pytorch_fid": _pytorch_fid,
}
