"""Specs that ask for far more than a spec may, with the codes of the errors that each gets."""

from __future__ import annotations

__all__ = ["BOMBS", "network"]


def network(body: str, before: str = "", input: str = "3x8x8") -> str:
    """A network of that body behind some definitions."""
    return f"{before}\nnetwork n {{ input x: {input}\n{body}\n}}"


def doubled(step: str, first: str, rounds: int, name: str = "a") -> str:
    """`let a0 = first`, and `rounds` further ones in which `@` is the one before."""
    lines = [f"let {name}0 = {first}"]
    lines += [f"let {name}{i} = {step.replace('@', f'{name}{i - 1}')}" for i in range(1, rounds)]
    return "\n".join(lines)


def calling(body: str, first: str, rounds: int, params: str = "") -> str:
    """`block d0`, and `rounds` further ones in whose bodies `@` is the one before."""
    lines = [f"block d0({params}) {{ {first} }}"]
    lines += [
        f"block d{i}({params}) {{ {body.replace('@', f'd{i - 1}')} }}" for i in range(1, rounds + 1)
    ]
    return "\n".join(lines)


def several(text: str, number: int, between: str = "\n") -> str:
    """A text so many times, with the number of the time for `#`."""
    return between.join(text.replace("#", str(i)) for i in range(number))


LISTS = doubled("[@, @]", "[1, 2]", 60)
LONG = "let b = [" + "1, " * 9_900 + "]"
OPS = "block g(a: op, b: op) { a() b() }\n" + doubled("g(@, @)", "relu", 60, "o")
UNTIL = "if n == 1 { @(n) @(n) }"

BOMBS: dict[str, tuple[str, str]] = {
    # work
    "definitions doubled": (network("d40()", calling("@() @()", "relu()", 40)), "E0704"),
    "definitions doubled in branches": (
        network("d40()", calling("concat { branch @() branch @() }", "relu()", 40)),
        "E0704",
    ),
    "values doubled": (
        network("d40(relu)", calling("@(f) @(f)", "f()", 40, "f: op")),
        "E0705",
    ),
    "conditions doubled": (network("d40(1)", calling(UNTIL, "relu()", 40, "n: int")), "E0705"),
    "nothing doubled": (network("relu() d40(1)", calling(UNTIL, "", 40, "n: int")), "E0705"),
    "repeats in repeats": (network("repeat 10 { " * 60 + "relu()" + " }" * 60), "E0704"),
    "repeats of nothing": (network("relu() " + "repeat 10 { " * 20 + "}" * 20), "E0705"),
    "a repeat of nothing": (network("relu() repeat 1_000_000_000_000_000_000 { }"), "E0705"),
    "a range": (
        network("relu() repeat i in -1_000_000_000_000_000_000..1_000_000_000_000_000_000 { }"),
        "E0705",
    ),
    "branches of nothing": (network("concat { repeat 1_000_000_000 { branch input } }"), "E0705"),
    "a computed repeat": (network("let n = 60_000 repeat n { relu() }"), "E0704"),
    "lists in a repeat": (network("relu() repeat 190_000 { let a = b + [1] }", LONG), "E0710"),
    "lists compared": (
        network("relu() repeat 190_000 { let a = b == c }", LONG + LONG.replace("b", "c")),
        "E0710",
    ),
    "lists searched": (network("relu() repeat 190_000 { let a = max(b) }", LONG), "E0710"),
    "lists handed over": (
        network("repeat 40_000 { f(b) }", LONG + " block f(l: list) { relu() }"),
        "E0710",
    ),
    "sizes in a repeat": (
        network("relu() repeat 190_000 { let a = b + b }", "let b = " + "x".join("1" * 9_900)),
        "E0710",
    ),
    "names": (network("repeat 49_000 { " + "n" * 100_000 + " = relu() }"), "E0711"),
    "figures under other settings": (
        "network n(k: int = 1) { input x: 3x8x8 repeat 2_000 { conv2d(k, 1x1) }\n"
        + several('expect params(k=#) in 0..1_000_000_000_000 "s"', 2_000).replace("k=0", "k=9")
        + "}",
        "E0705",
    ),
    # values
    "numbers doubled": (network("relu()", doubled("@ * @", "3", 200)), "E0706"),
    "floats doubled": (network("relu()", doubled("@ * @", "3.5", 200)), "E0706"),
    "digits": (network("conv2d(" + "9" * 5_000 + ", 1x1)"), "E0706"),
    "a product": (network("let a = 4_000_000_000 let b = a * a * a\nrelu()"), "E0706"),
    "a size": (network("conv2d(4, " + "9" * 100_000 + "x1)"), "E0706"),
    "a feature map": (network("upsample(4_000_000_000) upsample(4_000_000_000)"), "E0706"),
    "a string": (network("relu()", 'let a = "' + "a" * 70_000 + '"'), "E0707"),
    "strings doubled": (network("relu()", doubled("@ + @", '"aaaaaaaa"', 40)), "E0707"),
    "lists doubled": (network("relu()", doubled("@ + @", "[1, 2]", 40)), "E0708"),
    "lists in lists": (network("relu()", LISTS), "E0708"),
    "operations in operations": (network("relu()", OPS), "E0708"),
    "a deep list": (network("relu()", doubled("[@]", "[1]", 5_000)), "E0708"),
    "a list": (network("relu()", "let a = [" + "1," * 20_000 + "]"), "E0708"),
    "axes": (network("conv2d(4, " + "x".join("1" * 100_000) + ")"), "E0708"),
    "parameters of a layer": (network("global_avg_pool() -> linear(1_000_000_000_000)"), "E0709"),
    # text
    "text": (network("relu()") + " " * 300_000, "E0701"),
    "definitions inside each other": (network("a(a)", "block a(f: op) { f(f) }"), "E0703"),
    "a chain of definitions": (network("d300()", calling("@()", "relu()", 300)), "E0703"),
    "braces": (network("concat { branch { " * 120 + "relu()" + " } }" * 120), "E0703"),
    "conditions": (network("if true { " * 120 + "relu()" + " }" * 120), "E0703"),
    "brackets": (network("conv2d(" + "(" * 100_000 + ")" * 100_000 + ", 1x1)"), "E0703"),
    "a sum": (network("conv2d(" + "+".join("1" * 20_000) + ", 1x1)"), "E0703"),
    "signs": (network("conv2d(" + "- " * 50_000 + "1, 1x1)"), "E0703"),
    "negations": (network("relu()", "let a = " + "not " * 50_000 + "true"), "E0703"),
    "indices": (network("relu()", "let b = [1] let a = b" + "[0]" * 50_000), "E0703"),
    "else ifs": (network("if false { } " + "else if false { } " * 10_000), "E0703"),
    "choices": (network("conv2d(" + "if false then 1 else " * 10_000 + "4, 1x1)"), "E0703"),
    "a ring": (network("d0()", several("block d#() { d#0() }", 1) + " block d00() { d0() }"),
               "E0206"),
}  # fmt: skip
