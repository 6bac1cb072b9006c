"""What 8-bit products with fixed scales could save of a clip, at most; run in `.deps/bench-venv`.

    .deps/bench-venv/bin/python tests/bench/static_int8.py

All products of the Swin blocks of the published size, in parts as `HtsatEncoder` takes them, on one thread, best
of 17. "dynamic" is what clap-embed does: range of the activations, rounding, product, then GELU or the residual
sum. "fixed" is given 8-bit activations for nothing and has GELU, the residual sum and rounding of the hidden
layer in the product: no calibration can be faster. "range" is the search for the least and the largest alone.
"""

import time
import warnings

import torch

# rows of a part, channels, parts, blocks
STAGES = [(1024, 96, 4, 2), (1024, 192, 1, 2), (256, 384, 1, 6), (64, 768, 1, 1)]
SCALE, ZERO = 0.03, 128


class Layer:
    def __init__(self, rows, inputs, outputs):
        weight = torch.randn(outputs, inputs) / inputs**0.5
        self.bias = torch.randn(outputs)
        self.scales = weight.abs().amax(1) / 127
        zeros = torch.zeros(outputs, dtype=torch.long)
        quantized = torch.quantize_per_channel(weight, self.scales, zeros, 0, torch.qint8)
        self.packed = torch.ops.quantized.linear_prepack(quantized, self.bias)
        self.zeros = zeros.int()
        self.fixed_packed = torch.ops.onednn.qlinear_prepack(quantized.int_repr(), [rows, inputs])
        self.x = torch.randn(rows, inputs)
        self.bytes = torch.randint(0, 255, (rows, inputs), dtype=torch.uint8)

    def dynamic(self, x):
        return torch.ops.quantized.linear_dynamic(x, self.packed, False)

    def weights(self):
        return self.fixed_packed, self.scales, self.zeros

    def fixed(self):
        return torch.ops.onednn.qlinear_pointwise(
            self.bytes, SCALE, ZERO, *self.weights(), self.bias, 1.0, 0, torch.float32, "none", [], ""
        )

    def fixed_gelu(self):
        return torch.ops.onednn.qlinear_pointwise(
            self.bytes, SCALE, ZERO, *self.weights(), self.bias, SCALE, ZERO, torch.uint8, "gelu", [], "none"
        )

    def fixed_add(self, x, other):
        return torch.ops.onednn.qlinear_pointwise.binary(
            x, SCALE, ZERO, *self.weights(), other, self.bias, 1.0, 0, torch.float32,
            1.0, 0, "add", 1.0, "none", [], "",
        )  # fmt: skip


def milliseconds(work):
    best = float("inf")
    for _ in range(17):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best * 1e3


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    torch.backends.quantized.engine = "onednn"
    total = {"dynamic": 0, "fixed": 0, "range": 0}
    for rows, width, parts, blocks in STAGES:
        shapes = [(width, 3 * width), (width, width), (width, 4 * width), (4 * width, width)]
        qkv, proj, fc1, fc2 = layers = [Layer(rows, *shape) for shape in shapes]
        residual = torch.randn(rows, width)

        def dynamic():
            qkv.dynamic(qkv.x)
            proj.dynamic(proj.x).add_(residual)
            fc2.dynamic(torch.nn.functional.gelu(fc1.dynamic(fc1.x))).add_(residual)

        def fixed():
            qkv.fixed()
            proj.fixed_add(proj.bytes, residual)
            fc2.fixed_add(fc1.fixed_gelu(), residual)

        def find_range():
            for layer in layers:
                torch.aminmax(layer.x)

        for name, work in (("dynamic", dynamic), ("fixed", fixed), ("range", find_range)):
            total[name] += parts * blocks * milliseconds(work)
    print("\t".join(f"{name}_ms" for name in total))
    print("\t".join(f"{value:.1f}" for value in total.values()))


if __name__ == "__main__":
    with torch.inference_mode():
        main()
