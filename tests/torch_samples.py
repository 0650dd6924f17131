"""Small networks for the PyTorch back end, each with what generated code stumbles over."""

from __future__ import annotations

GOOGLENET_LIKE = """
## A small GoogLeNet.
layer conv(filters: int, kernel: size, stride: size = 1) {
    conv2d(filters, kernel, stride=stride, padding=same)
    relu()
}

## Inception module with dimension reduction.
module inception(n1x1: int, reduce3x3: int, n3x3: int, pool_proj: int) {
    concat {
        branch conv(n1x1, 1x1)
        branch conv(reduce3x3, 1x1) -> conv(n3x3, 3x3)
        branch max_pool(3x3, stride=1, padding=same) -> conv(pool_proj, 1x1)
    }
}

head auxiliary_classifier(classes: int) {
    avg_pool(3x3, stride=2)
    conv(8, 1x1)
    flatten() -> linear(16) -> relu() -> dropout(0.7)
    linear(classes)
}

network googlenet_like(classes: int = 5) {
    input image: 3x32x32
    stem {
        conv(8, 7x7, stride=2)
        max_pool(3x3, stride=2, ceil=true)
        lrn(5)
    }
    inception_3a = inception(4, 6, 8, 4)
    aux aux1(weight=0.3) = auxiliary_classifier(classes)
    inception_3b = inception(8, 8, 12, 4)
    aux aux2(weight=0.3) = auxiliary_classifier(classes)
    inception_3c = inception(8, 8, 12, 4)
    head { global_avg_pool() dropout(0.4) linear(classes) }
}
"""

V3_LIKE = """
layer conv(filters: int, kernel: size, stride: size = 1, padding: padding = same) {
    conv2d(filters, kernel, stride=stride, padding=padding, bias=false)
    batch_norm(eps=0.001, scale=false)
    relu()
}

module split(n: int) { concat { branch conv(n, 1x3) branch conv(n, 3x1) } }

module inception_c(width: int, pool: op = avg_pool) {
    concat {
        branch conv(width, 1x1)
        branch conv(width // 2, 1x1) -> split(width)
        branch pool(3x3, stride=1, padding=same) -> conv(width // 4, 1x1)
    }
}

reduction reduction_a(n: int) {
    concat {
        branch conv(n, 3x3, stride=2, padding=valid)
        branch conv(8, 1x1) -> conv(12, 1x7) -> conv(n, 3x3, stride=2, padding=valid)
        branch max_pool(3x3, stride=2)
    }
}

head auxiliary_classifier(classes: int) { conv(8, 1x1) global_avg_pool() linear(classes) }

network v3_like(classes: int = 5) {
    input image: 3x35x35
    stem { conv(8, 3x3, stride=2, padding=valid) conv(12, 3x3) }
    stage middle {
        mixed_a = inception_c(8)
        mixed_b = inception_c(16)
        aux aux_logits(weight=0.4) = auxiliary_classifier(classes)
    }
    reduction_a(16)
    mixed_c = inception_c(16, max_pool)
    repeat 3 { residual(scale=0.17) { conv(16, 1x1) -> conv(52, 3x3) } relu() }
    head { global_avg_pool() dropout(0.5) linear(classes) }
}
"""

CELLS = """
layer sep(filters: int, kernel: size) {
    relu()
    depthwise_conv2d(kernel, padding=same, bias=false)
    conv2d(filters, 1x1, bias=false)
    batch_norm()
}
module cell(width: int) on (prev, cur) {
    a = add { branch prev -> sep(width, 3x3) branch cur -> sep(width, 5x5) }
    b = add {
        branch cur -> avg_pool(3x3, stride=1, padding=same) -> sep(width, 1x1)
        branch a -> sep(width, 3x3)
    }
    concat { branch a -> identity() branch b -> identity() branch cur -> conv2d(width, 1x1) }
}
network cells(classes: int = 7) {
    input image: 3x16x16
    from (image, image) -> cell(4)
    cur = conv2d(8, 3x3, padding=same)
    prev = conv2d(8, 1x1)
    repeat 4 { next = from (prev, cur) -> cell(12)  prev = cur  cur = next }
    cur -> global_avg_pool() -> linear(classes)
}
"""

ONE_DIMENSION = """
layer conv(filters: int, kernel: int, stride: int = 1) {
    conv1d(filters, kernel, stride=stride, padding=same, bias=false)
    batch_norm(center=false)
    relu()
}
module inception(n: int, bottleneck: int = 32) {
    concat {
        branch {
            conv(bottleneck, 1)
            concat { branch conv(n, 9) branch conv(n, 19) branch conv(n, 39) }
        }
        branch max_pool(3, stride=1, padding=same) -> conv(n, 1)
    }
}
network one_dimension {
    input series: 1x128
    stem { conv(16, 7, stride=2) }
    repeat i in 0..3 {
        residual { inception(16) -> inception(8 * (i + 1), 16) } shortcut { conv(32 * (i + 1), 1) }
        relu()
    }
    repeat 2 { residual(scale=0.5) { inception(24) } }
    head { global_avg_pool() linear(5) }
}
"""

STRUCTURES = """
layer conv_bn(filters: int, kernel: size = 3x3, stride: size = 1, act: bool = true) {
    conv2d(filters, kernel, stride=stride, padding=same, bias=false)
    batch_norm(eps=0.001)
    if act { relu() }
}
block gate(ratio: int = 4) {
    mul {
        branch identity()
        branch {
            global_avg_pool(keep=true)
            conv2d(max(input.channels // ratio, 4), 1x1) -> relu()
            conv2d(input.channels, 1x1) -> sigmoid()
        }
    }
}
block bottleneck(filters: int, stride: int = 1, expansion: float = 0.5) {
    if stride == 1 and input.channels == filters {
        residual {
            conv_bn(round(filters * expansion), 1x1)
            conv_bn(filters, act=false) -> gate()
        }
    } else {
        residual {
            conv_bn(round(filters * expansion), 1x1)
            conv_bn(filters, stride=stride, act=false)
        }
        shortcut { conv_bn(filters, 1x1, stride=stride, act=false) }
    }
    relu()
}
module dense(growth: int, layers: int) {
    repeat layers {
        concat { branch identity() branch conv_bn(4 * growth, 1x1) -> conv_bn(growth) }
    }
}
reduction down(filters: int, padding: padding = same_upper) {
    concat {
        branch conv2d(filters, 3x3, stride=2, padding=padding)
        branch max_pool(2x2, stride=2, padding=padding)
        branch avg_pool(3x3, stride=2, padding=padding)
    }
}
layer part(first: int, last: int) { slice(first, last) scale(0.25) }
block any_rank() { max_pool(2) batch_norm() relu() }
head classifier(classes: int) { conv_bn(8, 1x1) global_avg_pool() linear(classes) }

network structures(classes: int = 10) {
    input image: 3x36x36
    stem {
        conv_bn(16, stride=2)
        stage early { bottleneck(32, stride=2) repeat 3 { bottleneck(32) } }
    }
    stage middle {
        skip = conv_bn(24)
        conv_bn(16)
        aux inner(weight=0.2) = classifier(classes)
        add { branch conv_bn(24, 1x1) branch skip -> identity() }
        scale(0.5)
    }
    dense(8, 3)
    dense(4, 3)
    down(16)
    low = part(0, 40)
    high = low -> part(8, 40) -> conv_bn(40)
    add { branch low -> conv_bn(40) branch high -> identity() branch low -> identity() }
    concat { repeat i in 0..3 { branch conv2d(i + 2, 1x1) } branch conv2d(7, 1x1) }
    channel_shuffle(2) -> upsample(2) -> layer_norm() -> group_norm(4) -> l2_normalize()
    pad([1, 0, 1, 0]) -> lrn(3) -> leaky_relu(0.2) -> any_rank()
    name = conv_bn(12) -> conv_bn(12)
    head {
        flatten() -> reshape([12, 25]) -> any_rank() -> conv1d(4, 3)
        residual(scale=0.1) {
            residual(scale=0.2) { conv1d(4, 3, padding=same) } shortcut { conv1d(4, 1) }
        }
        flatten() -> linear(classes) -> softmax()
    }
}
"""

# Every name here means something to Python, to torch, or to the file itself.
NAMES = """
layer chain(tensor: int, lambda: int = 3, torch: int = 1) {
    conv2d(tensor, lambda, stride=torch, padding=same)
    relu()
}
block tensor(nn: int, self: bool = false, in_channels: int = 4, min: int = 3, chain_: int = 5) {
    self = chain(nn)
    append = chain(in_channels)
    if self { forward = chain(max(nn, 3)) } else { x = chain(chain_) }
    F = chain(nn)
    torch = chain(min)
    add { branch self = F -> chain(4) branch torch -> chain(4) branch class = torch -> chain(4) }
}
block i(l: int) {
    O = conv2d(l, 1x1)
    I = conv2d(l, 1x1)
    add { branch O -> tanh() branch I -> tanh() }
}
head nothing() { identity() }
head named_tuple() { global_avg_pool() round = linear(2) logits = linear(3) }
network sequential {
    input x: 3x8x8
    y = tensor(6)
    tensor(7, true, 5, 6, 3)
    aux range = named_tuple()
    aux logits = named_tuple()
    training = tensor(8, true, 5, 6, 2)
    Tensor = tensor(8, false, 5, 6, 2)
    i(3) -> i(4)
    global_avg_pool()
    aux alike = nothing()
    linear(3)
}
"""

_LONG = "a_name_that_nearly_fills_a_line"
LONG_NAMES = f"""
layer {_LONG}(filters_{_LONG}: int, kernel_{_LONG}: size) {{
    conv_{_LONG} = conv2d(filters_{_LONG}, kernel_{_LONG}, padding=same)
    relu()
}}
module module_{_LONG}(n_{_LONG}: int) {{
    concat {{
        branch one_{_LONG} = {_LONG}(n_{_LONG}, 1x1) -> {_LONG}(n_{_LONG} + 2 * n_{_LONG}, 1x3)
        branch two_{_LONG} = {_LONG}(n_{_LONG}, 3x3)
    }}
    skip_{_LONG} = conv2d(4, 1x1)
    add {{ branch skip_{_LONG} -> conv2d(4, 1x1) branch skip_{_LONG} -> identity() }}
}}
head head_{_LONG}() {{ global_avg_pool() linear(2) }}
network network_{_LONG} {{
    input x: 3x8x8
    repeat 2 {{ module_{_LONG}(6) }}
    aux aux_{_LONG} = head_{_LONG}()
    residual(scale=0.5) {{ module_{_LONG}(2) }}
    head {{ global_avg_pool() linear(2) }}
}}
"""

WIDE = """
network wide {
    input x: 4x6x6
    add { repeat 40 { branch conv2d(4, 1x1) } branch identity() }
    concat { repeat 20 { branch conv2d(1, 1x1) } }
    mul { branch identity() branch global_avg_pool(keep=true) -> sigmoid() }
    global_avg_pool()
}
"""

SAMPLES = {
    "googlenet_like": GOOGLENET_LIKE,
    "v3_like": V3_LIKE,
    "cells": CELLS,
    "one_dimension": ONE_DIMENSION,
    "structures": STRUCTURES,
    "names": NAMES,
    "long_names": LONG_NAMES,
    "wide": WIDE,
}
