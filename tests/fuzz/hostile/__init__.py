"""Hostile strings in every slot, checked: each output says the same as a harmless twin's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from inception_dsl.diagnostics import Diagnostics, SpecError
from inception_dsl.format import formatted
from inception_dsl.loading import examine, load
from inception_dsl.network import Network
from inception_dsl.source import Source
from inception_dsl.syntax.parse import parse
from tests.fuzz.campaign import Failure
from tests.fuzz.hostile.outputs import figure_faults, pdf_faults, table_faults
from tests.fuzz.hostile.python_tree import differences
from tests.fuzz.hostile.strings import filled, harmless, hostile
from tests.fuzz.rendered import broken_promises
from tests.fuzz.specs import MAIN

__all__ = ["faults_of", "run"]

_RARELY = 0.1


def run(seed: int) -> Failure | None:
    """Whether hostile strings stay strings, in every output."""
    random = Random(seed)
    values = hostile(random)
    fault = next(faults_of(values, slow=random.random() < _RARELY), None)
    return fault and Failure(fault, {MAIN: filled(values)})


def faults_of(values: Mapping[str, str], *, slow: bool) -> Iterator[str]:
    """What hostile values do to the outputs, in a line each; the slow ones on request."""
    try:
        network, twin = _loaded(values), _loaded(harmless(values))
    except SpecError as error:
        yield f"a valid spec is refused: {error}"
        return
    yield from _format_faults(values)
    yield from _source_faults(network, twin)
    yield from _onnx_faults(network, twin)
    yield from table_faults(network, twin)
    yield from figure_faults(network, twin)
    yield from _diagnostic_faults(values)
    if slow:
        yield from pdf_faults(network)
        yield from _module_faults(network)


def _loaded(values: Mapping[str, str]) -> Network:
    return load(Source("a spec", filled(values)))


def _format_faults(values: Mapping[str, str]) -> Iterator[str]:
    source = Source("a spec", filled(values))
    text = formatted(source, Diagnostics())
    if text is None:
        yield "the formatter refuses a valid spec"
    elif parse(Source("a spec", text), Diagnostics()) != parse(source, Diagnostics()):
        yield "formatted it is another spec"


def _source_faults(network: Network, twin: Network) -> Iterator[str]:
    from inception_dsl.backends.torch import emit_source

    for aux in (True, False):
        sources = (emit_source(each.graph, aux=aux) for each in (network, twin))
        yield from differences(*sources)


def _module_faults(network: Network) -> Iterator[str]:
    import torch

    from inception_dsl.weights import parameters_by_key

    module = network.to_torch()
    wanted = set(parameters_by_key(network.graph))
    found = {key for key in module.state_dict() if not key.endswith("num_batches_tracked")}
    if found != wanted:
        yield f"other keys: {sorted(found ^ wanted)[:3]}"
    for training in (False, True):
        module.train(training)(torch.zeros(2, *network.graph.input_map.dims))


def _onnx_faults(network: Network, twin: Network) -> Iterator[str]:
    import onnx

    for functions in (False, True):
        models = [n.to_onnx(weights=False, functions=functions) for n in (network, twin)]
        model, wanted = (onnx.load_model_from_string(m.SerializeToString()) for m in models)
        onnx.checker.check_model(model, full_check=True)
        operations = ([node.op_type for node in m.graph.node] for m in (model, wanted))
        if not functions and len(set(map(tuple, operations))) > 1:
            yield "ONNX has other operations"
        if len(model.functions) != len(wanted.functions):
            yield "ONNX has other functions"


def _diagnostic_faults(values: Mapping[str, str]) -> Iterator[str]:
    """A faulty spec whose errors speak of all the strings."""
    text = filled(values)
    faulty = (
        text.replace("in 0..1_000_000", "== 1"),
        text.replace("(12) }", "(7) }"),
        text.replace("repeat", f"branch {values['first']}_ -> {values['layer']}_(2) repeat"),
        text.replace("stride=1", "stride=2"),
        text.replace("param", "praam"),
        text.replace("1x1)", f"1x1, {values['width']}_=3)"),
        text.replace("(2)\n", "(2) : 1x1x1\n"),
        text.replace("weight=0.3", '=<b>"'),
        text.replace("expect", f'recipe {{ optimizer = "{values["label"]}" }}\n    expect'),
        text.replace("expect", f'preprocess {{ channels = "{values["label"]}" }}\n    expect'),
        f'from "{values["label"]}" import {values["first"]} as {values["second"]}\n' + text,
    )
    for each in faulty:
        network, records = examine(Source('a "spec"::file=x\n%0A', each))
        if network is not None:
            yield "a faulty spec is accepted"
        yield from broken_promises(records)
