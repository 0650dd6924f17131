"""What the tests share: the networks to compare with, and which tests run without torch."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

if "PYTEST_XDIST_WORKER" in os.environ:  # a worker for each core, which has to wait for no other's
    os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile("same", derandomize=True)  # a change fails for what it did, not by chance
settings.load_profile("same")

_registered: list[object] = []  # operators live as long as the library that defines them


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Without torch only the text path is tested: the other files import what is not there."""
    if find_spec("torch") or collection_path.suffix != ".py":
        return None
    return "pytest.mark.text" not in collection_path.read_text(encoding="utf-8") or None


def import_torchvision() -> ModuleType:
    """torchvision, whose own build may be for another torch than ours."""
    try:
        return import_module("torchvision")
    except RuntimeError:  # operator torchvision::nms does not exist
        _define_operators()
        return import_module("torchvision")


@pytest.fixture(autouse=True)
def same_threads() -> Iterator[None]:
    """A test that sets PyTorch's threads sets them for itself: their number changes last digits."""
    torch = sys.modules.get("torch")
    threads = torch.get_num_threads() if torch else 0
    yield
    if torch:
        torch.set_num_threads(threads)


@pytest.fixture
def one_thread(same_threads: None) -> None:
    """PyTorch on one thread: more cost time on small networks."""
    sys.modules["torch"].set_num_threads(1)


@pytest.fixture(scope="session")
def torchvision() -> ModuleType:
    """torchvision, if it is installed."""
    if find_spec("torchvision") is None:
        pytest.skip("torchvision is not installed")
    return import_torchvision()


@pytest.fixture(scope="session")
def timm(torchvision: ModuleType) -> ModuleType:
    """timm, which needs torchvision."""
    if find_spec("timm") is None:
        pytest.skip("timm is not installed")
    return import_module("timm")


def _define_operators() -> None:
    """Declare the operators that torchvision extends when it is imported."""
    from torch.library import Library

    library = Library("torchvision", "DEF")
    library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _registered.append(library)
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        del sys.modules[name]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` writes what was found over what was expected; look at the diff."""
    parser.addoption("--update-golden", action="store_true", default=False)
