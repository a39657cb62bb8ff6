"""The shapes of bench/Hypergrad.Benchmarks/ProductShape.cs with numpy over OpenBLAS: one line per shape, GFLOP/s, median of many runs.
numpy's own call, measured on a product of 1x1, is taken off: it is a third of the smallest shapes.

Run as OPENBLAS_CORETYPE=SKYLAKEX OPENBLAS_NUM_THREADS=1 python3 openblas_products.py (numpy and libopenblas0-pthread of the distribution).
"""
import time

import numpy

SHAPES = [
    ("NN", 1024, 1024, 1024), ("NN", 2048, 2048, 2048),
    ("NN", 200, 784, 50), ("TN", 784, 200, 50), ("NT", 200, 50, 784),
    ("NN", 200, 50, 50), ("TN", 50, 200, 50), ("NT", 200, 50, 50),
    ("NN", 200, 50, 10), ("TN", 50, 200, 10), ("NT", 200, 10, 50),
    ("NN", 200, 784, 100), ("TN", 784, 200, 100), ("NN", 200, 784, 1),
    ("NN", 256, 4096, 4096), ("TN", 4096, 256, 4096), ("NT", 256, 4096, 4096),
    ("NN", 224, 128, 128), ("TN", 128, 224, 128), ("NT", 224, 128, 128),
    ("NN", 224, 128, 512), ("TN", 128, 224, 512), ("NT", 224, 512, 128),
    ("NN", 224, 512, 128), ("TN", 512, 224, 128), ("NT", 224, 128, 512),
]
RUN_SECONDS = 0.001
RUNS = 101


def median_seconds(left, right, out):
    def measure(repeats):
        start = time.perf_counter()
        for _ in range(repeats):
            numpy.matmul(left, right, out=out)
        return (time.perf_counter() - start) / repeats

    measure(3)
    repeats = max(1, int(RUN_SECONDS / measure(1)))
    seconds = sorted(measure(repeats) for _ in range(RUNS // 8 if repeats == 1 else RUNS))
    return seconds[len(seconds) // 2]


def rate(kind, m, k, n, dtype, overhead):
    random = numpy.random.default_rng(1)
    a = random.uniform(-0.5, 0.5, (k, m) if kind[0] == "T" else (m, k)).astype(dtype)
    b = random.uniform(-0.5, 0.5, (n, k) if kind[1] == "T" else (k, n)).astype(dtype)
    c = numpy.zeros((m, n), dtype)
    left, right = a.T if kind[0] == "T" else a, b.T if kind[1] == "T" else b
    return 2 * m * k * n / (median_seconds(left, right, c) - overhead) / 1e9


print("# type kind m k n GFLOP/s")
for name, dtype in (("float", numpy.float32), ("double", numpy.float64)):
    one = numpy.ones((1, 1), dtype)
    overhead = median_seconds(one, one, one.copy())
    for kind, m, k, n in SHAPES:
        print(name, kind, m, k, n, f"{rate(kind, m, k, n, dtype, overhead):.1f}", flush=True)
