"""Names, before anything is built: every definition is checked, called or not.

Reported here: unknown names, names bound twice or reserved, statements where they may not stand,
and signatures that cannot be called. What is never used is noted in the unit.
"""

from __future__ import annotations

from inception_dsl.diagnostics import Diagnostic, Diagnostics, Note
from inception_dsl.diagnostics.suggest import correction
from inception_dsl.elaborate.names import Calls, Names, Uses
from inception_dsl.elaborate.placement import check_placement
from inception_dsl.elaborate.units import DefinitionRef, Unit
from inception_dsl.elaborate.values import TYPES
from inception_dsl.syntax import tree

__all__ = ["Resolver"]


class Resolver:
    """Checks one unit; `calls` collects which definition mentions which."""

    def __init__(self, unit: Unit, diagnostics: Diagnostics, calls: Calls) -> None:
        self.unit, self.diagnostics = unit, diagnostics
        self.uses = Uses(unit, diagnostics, calls)

    def resolve(self) -> None:
        """Check every definition and network of the unit."""
        for item in self.unit.file.items:
            self.uses.owner = None
            match item:
                case tree.FileParam():
                    self.uses.bindable(item.name)
                    self._type(item.type)
                    self.uses.expr(item.default, Names("definition"))
                case tree.Let():
                    self.uses.bindable(item.name)
                    self.uses.expr(item.value, Names("definition"))
                case tree.Import():
                    for imported in item.names:
                        self.uses.bindable(imported.alias)
                case tree.Definition():
                    self.uses.bindable(item.name)
                    known = self.unit.definitions.get(item.name.text)
                    twice = known is None or known.tree is not item
                    self.uses.owner = DefinitionRef(self.unit, item) if twice else known
                    self._definition(item, item.operands)
                case tree.Network():
                    self.uses.bindable(item.name)
                    self.uses.owner = item
                    self._network(item)

    def _network(self, network: tree.Network) -> None:
        knobs = {param.name.text: param for param in self.unit.params}
        for param in network.params:
            name = param.name.text
            if name in knobs:
                notes = (Note("the file's parameter", knobs[name].name.span),)
                message = f"`{name}` is a parameter of the file and of the network"
                self.uses.report("E0213", param.name.span, message, "", "rename one of them", notes)
        self._definition(network, ())

    def _definition(
        self, item: tree.Definition | tree.Network, operands: tuple[tree.Ident, ...]
    ) -> None:
        self.uses.unread = {}
        scope = Names("definition")
        optional = False
        for param in item.params:
            if param.default:
                optional = True
                self.uses.expr(param.default, scope)
            elif optional:
                message = f"`{param.name.text}` has no default, the parameter before it has"
                help = "put parameters with defaults last"
                self.uses.report("E0311", param.span, message, help=help)
                optional = False  # one misplaced default, however many parameters follow it
            self._type(param.type)
            self.uses.bind(param.name, scope, "values")
            self.uses.unread[param.name.text] = param.name
        for ident in operands:
            self.uses.bind(ident, scope, "tensors")
        check_placement(item, self.diagnostics)
        self._body(item.body.statements, scope)
        self._note(item.note, scope)
        self.unit.unread += self.uses.unread.values()

    def _type(self, type: tree.Ident | None) -> None:
        if type and type.text not in TYPES:
            near, fix = correction(type.text, type.span, TYPES)
            message, label = f"no type is named `{type.text}`", "expected " + ", ".join(TYPES)
            self.diagnostics.add(Diagnostic("E0311", message, type.span, label, help=near, fix=fix))

    def _body(self, statements: tuple[tree.Statement, ...], scope: Names) -> None:
        for statement in statements:
            self._statement(statement, scope)
            self._note(getattr(statement, "note", None), scope)

    def _note(self, note: tree.ShapeNote | None, scope: Names) -> None:
        for extent in note.extents if note else ():
            if extent:
                self.uses.expr(extent, scope)

    def _statement(self, item: tree.Statement, scope: Names) -> None:
        match item:
            case tree.Apply():
                self._chain(item.chain, scope)
            case tree.Bind():
                self._chain(item.chain, scope)
                self.uses.bind(item.name, scope, "tensors")
            case tree.Let():
                self.uses.expr(item.value, scope)
                self.uses.bind(item.name, scope, "values")
            case tree.If():
                self.uses.expr(item.condition, scope)
                self._either(item, scope)
            case tree.Repeat():
                self._body(item.body.statements, self._round(item.count, item.variable, scope))
            case tree.Section():
                self._body(item.body.statements, scope)
                if item.name:
                    self.uses.bind(item.name, scope, "tensors")
            case _:
                self._of_network(item, scope)

    def _of_network(self, item: tree.Statement, scope: Names) -> None:
        match item:
            case tree.Aux():
                self.uses.bindable(item.name)
                self.uses.arguments(item.arguments, scope)
                self._chain(item.chain, scope)
            case tree.InputDecl():
                self._note(item.shape, scope)
                self.uses.bind(item.name, scope, "tensors")
            case tree.Settings():
                for entry in item.entries:
                    if isinstance(entry.value, tree.Call):  # the blocks have words of their own
                        self.uses.arguments(entry.value.arguments, scope)
                    elif not isinstance(entry.value, tree.Name):
                        self.uses.expr(entry.value, scope)
            case tree.Expect():
                self.uses.expr(item.value, scope)

    def _round(self, count: tree.Expr, variable: tree.Ident | None, scope: Names) -> Names:
        self.uses.expr(count, scope)
        inner = Names("repeat", scope)
        if variable:
            self.uses.bind(variable, inner, "values")
        return inner

    def _either(self, item: tree.If, scope: Names) -> None:
        """Both arms of an `if`, which opens no scope: each may bind the same names."""
        before = dict(scope.values), dict(scope.tensors), set(scope.rebound)
        self._body(item.then.statements, scope)
        after = scope.values, scope.tensors, scope.rebound
        scope.values, scope.tensors, scope.rebound = before
        self._body(item.otherwise.statements if item.otherwise else (), scope)
        scope.values = {**after[0], **scope.values}
        scope.tensors = {**after[1], **scope.tensors}
        scope.rebound |= after[2]

    def _chain(self, chain: tree.Chain, scope: Names) -> None:
        for link in chain.links:
            match link:
                case tree.Ref():
                    self.uses.tensor(link.name, scope)
                case tree.From():
                    for ident in link.names:
                        self.uses.tensor(ident, scope)
                case tree.Call():
                    self.uses.callee(link.name, scope)
                    self.uses.arguments(link.arguments, scope)
                case tree.Combine():
                    self._branches(link.items, scope)
                case tree.Residual():
                    self.uses.arguments(link.arguments, scope)
                    self._body(link.body.statements, Names("branch", scope))
                    if link.shortcut:
                        self._body(link.shortcut.statements, Names("branch", scope))

    def _branches(self, items: tuple[tree.BranchItem, ...], scope: Names) -> None:
        for item in items:
            match item:
                case tree.Branch():
                    if item.name:
                        self.uses.bindable(item.name)
                    inner = Names("branch", scope)
                    self._body(item.body.statements, inner)
                    self._note(item.note, inner)
                case tree.BranchIf():
                    self.uses.expr(item.condition, scope)
                    self._branches(item.then, scope)
                    self._branches(item.otherwise, scope)
                case tree.BranchRepeat():
                    inner = self._round(item.count, item.variable, scope)
                    self._branches(item.items, inner)
