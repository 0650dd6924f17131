"""Settings from outside, `--set NAME=VALUE` and `load(..., name=value)`, and their defaults."""

from __future__ import annotations

from inception_dsl.diagnostics import Diagnostics, Note
from inception_dsl.diagnostics.suggest import suggestion
from inception_dsl.elaborate.build import Builder, Frame
from inception_dsl.elaborate.faults import Fault, Unknown, fail
from inception_dsl.elaborate.load import Loader
from inception_dsl.elaborate.request import Request
from inception_dsl.elaborate.scopes import Scope
from inception_dsl.elaborate.units import Unit
from inception_dsl.elaborate.values import coerce, describe, show
from inception_dsl.ir.formula import Bound, Literal, Parameter
from inception_dsl.ir.types import Dims
from inception_dsl.source import Source, Span
from inception_dsl.syntax import tree
from inception_dsl.syntax.parse import parse

__all__ = ["file_settings", "network_settings"]

_OPTION = "--set "


def file_settings(
    loader: Loader, unit: Unit, network: tree.Network | None, request: Request
) -> dict[str, Bound]:
    """The settings that are the file's, after a check that every setting is known."""
    knobs = {param.name.text: param for param in unit.params}
    own = {param.name.text: param for param in network.params} if network else {}
    found: dict[str, Bound] = {}
    for name, value in (request.settings or {}).items():
        if name in knobs:
            found[name] = _setting(loader, knobs[name], value, unit)
        elif name not in own and network:
            known = [*own, *knobs]
            listed = f"its settings are {', '.join(known)}" if known else "it has none"
            message = f"`{network.name.text}` has no setting `{name}`"
            note = Note(f"`{network.name.text}` is declared here", network.name.span)
            help = suggestion(name, known) or listed
            fail("E0212", _typed(name, value, value=False), message, notes=(note,), help=help)
    return found


def network_settings(
    builder: Builder, network: tree.Network, loader: Loader, request: Request, frame: Frame
) -> None:
    """Set the network's parameters in its scope; mistakes are reported."""
    given = request.settings or {}
    for param in network.params:
        name = param.name.text
        value: object = Unknown
        try:
            if name in given:
                value = _setting(loader, param, given[name], frame.scope.unit).value
            elif param.default is None:
                message = f"`{network.name.text}` needs a value for `{name}`"
                help = f"give it one, or set it: `--set {name}=...`"
                fail("E0302", param.span, message, "no default", help=help)
            else:
                value = loader.setting(param, param.default, frame.scope).value
        except Fault as fault:
            builder.report(fault.diagnostic, frame)
        except Unknown:
            pass
        twice = name in frame.scope.values  # which is reported where names are resolved
        frame.scope.values[name] = Bound(Unknown if twice else value, Parameter(name))


def _setting(
    loader: Loader, param: tree.FileParam | tree.Param, value: object, unit: Unit
) -> Bound:
    """A setting's value as its parameter takes it; text is read as an expression."""
    name, type = param.name.text, param.type.text if param.type else "any"
    if isinstance(value, str) and type != "string":
        return loader.setting(param, _expression(loader, name, value), Scope(unit, "network"))
    value = Dims(value) if isinstance(value, list) and type in ("size", "any") else value
    value = tuple(value) if isinstance(value, list) else value
    try:
        value = coerce(value, type)
    except TypeError:
        message = f"`{name}` is declared {type}, found {describe(value)}"
        note = Note(f"`{name}` is declared here", param.span)
        fail("E0304", _typed(name, value, value=True), message, notes=(note,))
    return Bound(value, Literal(value))


def _expression(loader: Loader, name: str, value: str) -> tree.Expr:
    """The expression that a setting's text is.

    Raises: Fault with the first mistake in it.
    """
    place = _typed(name, value, value=True)
    mistakes = Diagnostics()
    text = f"let   {name}={value}"  # as long as what is shown of it
    parsed = parse(place.source, mistakes, nesting=loader.limits.nesting, text=text)
    if len(parsed.items) == 1 and isinstance(parsed.items[0], tree.Let) and not mistakes.failed:
        return parsed.items[0].value
    message = f"`{name}` is set to no value of the language"
    first = next(iter(mistakes), None)
    if first is None or not value.strip():
        fail("E0304", place, message, "one value is expected here")
    label = first.message.replace("the end of the file", "nothing")
    fail("E0304", first.span, message, label, help=first.help)


def _typed(name: str, given: object, *, value: bool) -> Span:
    """The name or the value of a setting, as typed on the command line."""
    written = given if isinstance(given, str) else show(given)
    source = Source(f"--set {name}", f"{_OPTION}{name}={written}")
    start, end = len(_OPTION), len(_OPTION) + len(name)
    return Span(source, end + 1, len(source.text)) if value else Span(source, start, end)
