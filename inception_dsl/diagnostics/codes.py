"""Every code a diagnostic can carry, by stage, with the title of its page in `explain/`."""

from __future__ import annotations

from typing import Final

__all__ = ["CODES"]

CODES: Final[dict[str, str]] = {
    # syntax
    "E0101": "a word that cannot stand here",
    "E0102": "a bracket is not closed",
    "E0103": "unknown character",
    "E0104": "a string is not closed",
    "E0105": "a number is malformed or out of range",
    "E0106": "a keyword as a name",
    "E0107": "a bracket that closes nothing",
    "E0108": "a name that starts with `_`",
    "E0109": "the file is not UTF-8",
    # names
    "E0201": "unknown operation or definition",
    "E0202": "unknown tensor",
    "E0203": "unknown value",
    "E0204": "a name is bound twice",
    "E0205": "a reserved word as a name",
    "E0206": "a definition calls itself",
    "E0207": "a definition takes the name of an operation",
    "E0208": "a call of what is no operation",
    "E0209": "an imported file is not found",
    "E0210": "files import each other in a cycle",
    "E0211": "an imported name is not in the file",
    "E0212": "unknown setting",
    "E0213": "a parameter of both the file and the network",
    "E0214": "two definitions share a name",
    "E0215": "a network cannot be imported",
    # arguments and expressions
    "E0301": "unknown parameter",
    "E0302": "missing argument",
    "E0303": "an argument too many",
    "E0304": "wrong type",
    "E0305": "value out of range",
    "E0306": "an operator does not fit its operands",
    "E0307": "a division that has no whole result",
    "E0308": "index out of range",
    "E0309": "unknown attribute",
    "E0310": "a condition is not a bool",
    "E0311": "a faulty list of parameters",
    "E0312": "no `input` here",
    # shapes
    "E0401": "wrong number of axes",
    "E0402": "branches end on different grids",
    "E0403": "operands of an element-wise combination differ",
    "E0404": "a window is larger than its input",
    "E0405": "groups do not divide the channels",
    "E0406": "a reshape changes the number of values",
    "E0407": "a shape note disagrees",
    "E0408": "`same` padding is not whole",
    "E0409": "a channel range leaves the tensor",
    # structure
    "E0501": "not allowed in a layer",
    "E0502": "a definition does not keep its role",
    "E0503": "no network, or several",
    "E0504": "the network's input is missing or repeated",
    "E0505": "a stem is not first, or a head not last",
    "E0506": "an auxiliary head is misplaced",
    "E0507": "a combination without branches",
    "E0508": "a negative number of repetitions",
    "E0509": "no current tensor",
    "E0510": "the number of tensors does not fit the definition",
    "E0511": "a statement is not allowed here",
    "E0512": "unknown key in `preprocess` or `recipe`",
    "E0513": "wrong value in `preprocess` or `recipe`",
    "E0514": "unknown metric",
    "E0515": "the network does nothing",
    # bounds
    "E0701": "the file is too large",
    "E0702": "too many imports",
    "E0703": "nesting is too deep",
    "E0704": "too many operations",
    "E0705": "too many statements are executed",
    "E0706": "an integer is out of range",
    "E0707": "a string is too long",
    "E0708": "a list is too long",
    "E0709": "too many parameters",
    # figures
    "E0801": "a published figure is not reproduced",
    # warnings
    "W0101": "a definition is not used",
    "W0102": "an import is not used",
    "W0103": "a parameter is not used",
    "W0104": "a result that nothing reads",
}
