"""Names that nothing has, that two things have, or that have no meaning yet."""

from __future__ import annotations

from random import Random

from inception_dsl.ops import operation
from inception_dsl.syntax import tree
from tests.fuzz.planting.host import Host
from tests.fuzz.planting.misspelling import misspelt
from tests.fuzz.planting.places import insertion, insertions
from tests.fuzz.planting.planter import Edits, pick, planter


def _replaced(random: Random, host: Host, ident: tree.Ident | tree.Name | None) -> Edits | None:
    if ident is None:
        return None
    span, wrong = ident.span, misspelt(random, ident.text, host)
    return Edits(((span.start, span.end, wrong),))


@planter("E0201")
def _misspelt_operation(random: Random, host: Host) -> Edits | None:
    calls = (call.name for call, _ in host.calls() if call.name.text not in host.values)
    return _replaced(random, host, pick(random, (name for name in calls if operation(name.text))))


@planter("E0201")
def _misspelt_definition(random: Random, host: Host) -> Edits | None:
    known = host.definitions.keys() | host.imported.keys()
    names = (call.name for call, _ in host.calls() if call.name.text in known)
    return _replaced(random, host, pick(random, names))


@planter("E0202")
def _misspelt_tensor(random: Random, host: Host) -> Edits | None:
    refs = [ref.name for ref, _ in host.find(tree.Ref)]
    refs += [name for links, _ in host.find(tree.From) for name in links.names]
    return _replaced(random, host, pick(random, (name for name in refs if name.text != "input")))


@planter("E0203")
def _misspelt_value(random: Random, host: Host) -> Edits | None:
    names = (name for name, site in host.find(tree.Name) if name.text in host.values)
    return _replaced(random, host, pick(random, names))


@planter("E0203", "E0304")
def _misspelt_word(random: Random, host: Host) -> Edits | None:
    words = ("same", "valid", "same_upper", "bilinear", "nearest")
    values = (a.value for call, _ in host.calls() for a in call.arguments)
    names = (v for v in values if isinstance(v, tree.Name) and v.text in words)
    return _replaced(random, host, pick(random, names))


@planter("E0301")
def _misspelt_parameter(random: Random, host: Host) -> Edits | None:
    names = [a.keyword for call, _ in host.calls() for a in call.arguments]
    names += [a.keyword for aux, _ in host.find(tree.Aux) for a in aux.arguments]
    return _replaced(random, host, pick(random, (name for name in names if name)))


@planter("E0309")
def _misspelt_attribute(random: Random, host: Host) -> Edits | None:
    values = (a.value for call, _ in host.calls() for a in call.arguments)
    found = pick(random, (v.name for v in values if isinstance(v, tree.Attribute)))
    if found:
        return _replaced(random, host, found)
    body = host.main.body.span
    at = pick(random, (at for at in insertions(host) if body.start < at < body.end))
    return None if at is None else Edits(((at, at, "\n    let h_ = input.chanels\n"),))


@planter("E0211")
def _misspelt_import(random: Random, host: Host) -> Edits | None:
    names = (n.name for item, _ in host.find(tree.Import) for n in item.names)
    return _replaced(random, host, pick(random, names))


@planter("E0212")
def _misspelt_setting_of_an_import(random: Random, host: Host) -> Edits | None:
    item = pick(random, (item for item, _ in host.find(tree.Import)))
    if item is None:
        return None
    if item.settings and item.settings[0].keyword:
        return _replaced(random, host, item.settings[0].keyword)
    at = item.path_span.end
    return Edits(((at, at, " (no_such_knob = 1)"),))


@planter("E0209")
def _missing_file(random: Random, host: Host) -> Edits | None:
    item = pick(random, (item for item, _ in host.find(tree.Import)))
    return item and Edits(((item.path_span.start + 1, item.path_span.end - 1, "no_such_file"),))


@planter("E0210")
def _import_of_itself(random: Random, host: Host) -> Edits | None:
    name = host.name.removesuffix(".incept")
    at = min((d.span.start for d in host.definitions.values()), default=None)
    if at is None:
        return None
    at = host.text.rfind("\n", 0, host.text.rfind("\n\n", 0, at) + 1) + 1
    chosen = next(iter(host.definitions))
    return Edits(((at, at, f'\nfrom "{name}" import {chosen} as again_\n'),))


@planter("E0215")
def _import_of_a_network(random: Random, host: Host) -> Edits | None:
    return Edits(((end := len(host.text), end, '\nfrom "lenet5" import lenet5 as letters\n'),))


@planter("E0514")
def _misspelt_metric(random: Random, host: Host) -> Edits | None:
    expects = (expect for expect, _ in host.find(tree.Expect))
    words = [e.metric for e in expects if isinstance(e.metric, tree.Name)]
    return _replaced(random, host, pick(random, words))


@planter("E0311")
def _misspelt_type(random: Random, host: Host) -> Edits | None:
    types = (param.type for param, _ in host.find(tree.Param))
    return _replaced(random, host, pick(random, (type for type in types if type)))


@planter("E0512")
def _misspelt_key(random: Random, host: Host) -> Edits | None:
    keys = (setting.name for setting, _ in host.find(tree.Setting))
    return _replaced(random, host, pick(random, keys))


@planter("E0204")
def _name_bound_twice(random: Random, host: Host) -> Edits | None:
    ends = set(insertions(host))
    bind = pick(random, (bind for bind, _ in host.find(tree.Bind) if bind.span.end in ends))
    return bind and Edits(((bind.span.end, bind.span.end, f"\n    {bind.name.text} = relu()\n"),))


@planter("E0204")
def _parameter_twice(random: Random, host: Host) -> Edits | None:
    items = [host.main, *host.definitions.values()]
    optional = (param for item in items for param in item.params[-1:] if param.default)
    param = pick(random, optional)
    return param and Edits(((param.span.end, param.span.end, ", " + host.written(param)),))


@planter("E0214")
def _definition_twice(random: Random, host: Host) -> Edits | None:
    name = pick(random, host.definitions)
    end = len(host.text)
    return name and Edits(((end, end, f"\nblock {name}() {{ relu() }}\n"),))


@planter("E0207")
def _name_of_an_operation(random: Random, host: Host) -> Edits | None:
    end = len(host.text)
    name = random.choice(("conv2d", "relu", "max_pool", "linear"))
    return Edits(((end, end, f"\nlayer {name}() {{ tanh() }}\n"),))


@planter("E0202")
def _use_before_it_is_made(random: Random, host: Host) -> Edits | None:
    binds = (b for b, s in host.find(tree.Bind) if isinstance(s.around[-1], tree.Block))
    bind = pick(random, (b for b in binds if not _is_tensor_before(host, b)))
    return bind and Edits(
        ((bind.span.start, bind.span.start, f"{bind.name.text} -> relu()\n    "),)
    )


def _is_tensor_before(host: Host, bind: tree.Bind) -> bool:
    """Whether the name has a meaning before it is bound here: another's, or a round's before."""
    name, start = bind.name.text, bind.name.span.start
    others = [b.name for b, _ in host.find(tree.Bind)]
    others += [i for d in host.definitions.values() for i in d.operands]
    others += [d.name for d, _ in host.find(tree.InputDecl)]
    others += [s.name for s, _ in host.find(tree.Section) if s.name]
    return any(other.text == name and other.span.start != start for other in others)


@planter("E0206")
def _definition_of_itself(random: Random, host: Host) -> Edits | None:
    used = {call.name.text for call, _ in host.calls()}
    plain = (d for d in host.definitions.values() if not d.operands and d.name.text in used)
    definition = pick(random, (d for d in plain if d.role != "layer"))
    if definition is None:
        return None
    at = definition.body.span.end - 1
    call = f"\n    {definition.name.text}()\n"
    return Edits(((at, at, call),), (definition.name.span.start,))


@planter("E0208")
def _call_of_a_number(random: Random, host: Host) -> Edits | None:
    at = insertion(random, host)
    if at is None:
        return None
    return Edits(((at, at, "\n    let number_ = 3\n    number_(1)\n"),))


@planter("E0312")
def _input_of_no_definition(random: Random, host: Host) -> Edits | None:
    end = len(host.text)
    return Edits(((end, end, "\nlet far = input.height\n"),))


@planter("E0213")
def _parameter_of_file_and_network(random: Random, host: Host) -> Edits | None:
    param = pick(random, (p for p in host.main.params if p.type and p.default))
    if param is None:
        return None
    end = len(host.text)
    text = host.text[param.span.start : param.span.end]
    return Edits(((end, end, f"\nparam {text}\n"),), (param.span.start,))
