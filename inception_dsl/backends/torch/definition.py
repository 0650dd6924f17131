"""Generated source as an imported module: tracebacks, pickles and compilers know its classes.

A pickle of a generated class names this module and carries the source, which is executed again
where the pickle is read: in a spawned worker, or another day. These names must not change.
"""

from __future__ import annotations

import copyreg
import linecache
import sys
import threading
from hashlib import sha256
from types import ModuleType
from typing import Any

__all__ = ["blank", "define", "network_class", "values"]


_LOCK = threading.RLock()


def define(source: str) -> ModuleType:
    """The module that `source` defines; the same source gives the same module."""
    digest = sha256(source.encode()).hexdigest()[:16]
    name = f"inception_dsl.generated.{digest}"
    with _LOCK:
        return sys.modules.get(name) or _execute(source, name, f"<inception_dsl {digest}>")


def _execute(source: str, name: str, filename: str) -> ModuleType:
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    module = ModuleType(name)
    module.__file__ = filename
    # `typing` and `inspect` look a class up by the name of its module, already while it is made.
    sys.modules[name] = module
    try:
        exec(compile(source, filename, "exec"), module.__dict__)  # noqa: S102 - our own source
    except BaseException:
        del sys.modules[name]
        raise
    for member in _classes(module):
        _make_picklable(member, source)
    return module


def network_class(source: str) -> type[Any]:
    """The network's class, which is the last one in the source."""
    return _classes(define(source))[-1]


def blank(source: str, name: str) -> object:
    """An instance of a class in `source` without its state, which unpickling sets."""
    member = getattr(define(source), name)
    return object.__new__(member)


def values(source: str, name: str, fields: tuple[object, ...]) -> object:
    """An instance of a named tuple in `source`."""
    return getattr(define(source), name)(*fields)


def _classes(module: ModuleType) -> list[type[Any]]:
    members = vars(module).values()
    return [m for m in members if isinstance(m, type) and m.__module__ == module.__name__]


def _make_picklable(member: type[Any], source: str) -> None:
    def reduce(instance: Any) -> tuple[object, ...]:
        if isinstance(instance, tuple):
            return values, (source, member.__name__, tuple(instance))
        return blank, (source, member.__name__), vars(instance)

    copyreg.pickle(member, reduce)  # type: ignore[arg-type]
