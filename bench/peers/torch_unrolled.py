"""The hypergradient of bench's paper-sized case by unrolling training in PyTorch, for comparison: time beside plain training, and peak memory.

784-50-50-50-10, tanh, batch 200, single precision, learning rates and momenta per step and tensor, L2 per weight; random data of the same shape.
Usage: OPENBLAS_CORETYPE=SKYLAKEX python3 bench/peers/torch_unrolled.py [steps] [threads] [cpu|cuda]
"""
import resource
import statistics
import sys
import time

import torch

STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else 100
torch.set_num_threads(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
DEVICE = sys.argv[3] if len(sys.argv) > 3 else "cpu"
torch.manual_seed(1)
torch.backends.cuda.matmul.allow_tf32 = False
LAYERS = [784, 50, 50, 50, 10]
SHAPES = [shape for i, o in zip(LAYERS, LAYERS[1:]) for shape in ((i, o), (o,))]
inputs, labels = torch.rand(5000, 784, device=DEVICE), torch.randint(0, 10, (5000,), device=DEVICE)
validation_inputs, validation_labels = torch.rand(1000, 784, device=DEVICE), torch.randint(0, 10, (1000,), device=DEVICE)
start = [0.05 * torch.randn(shape, device=DEVICE) for shape in SHAPES]
batches = [torch.randint(0, 5000, (200,), device=DEVICE) for _ in range(STEPS)]


def loss_of(weights, x, y):
    for layer in range(len(LAYERS) - 1):
        x = x @ weights[2 * layer] + weights[2 * layer + 1]
        if layer < len(LAYERS) - 2:
            x = torch.tanh(x)
    return torch.nn.functional.cross_entropy(x, y)


def train(weights, rates, momenta, penalties, unroll):
    velocities = [torch.zeros_like(w) for w in weights]
    for step in range(STEPS):
        loss = loss_of(weights, inputs[batches[step]], labels[batches[step]])
        loss = loss + sum((p * w * w).sum() for p, w in zip(penalties, weights))
        gradients = torch.autograd.grad(loss, weights, create_graph=unroll)
        velocities = [g * v - (1 - g) * d for g, v, d in zip(momenta[step], velocities, gradients)]
        weights = [w + a * v for a, w, v in zip(rates[step], weights, velocities)]
        if not unroll:
            weights = [w.detach().requires_grad_() for w in weights]
            velocities = [v.detach() for v in velocities]
    return weights


def plain():
    rates, momenta = torch.full((STEPS, len(SHAPES)), 0.1, device=DEVICE), torch.full((STEPS, len(SHAPES)), 0.9, device=DEVICE)
    penalties = [torch.full(shape, 1e-6, device=DEVICE) for shape in SHAPES]
    weights = train([w.clone().requires_grad_() for w in start], rates, momenta, penalties, unroll=False)
    with torch.no_grad():
        loss_of(weights, validation_inputs, validation_labels)


def hypergradient():
    rates = torch.full((STEPS, len(SHAPES)), 0.1, device=DEVICE, requires_grad=True)
    momenta = torch.full((STEPS, len(SHAPES)), 0.9, device=DEVICE, requires_grad=True)
    penalties = [torch.full(shape, 1e-6, device=DEVICE, requires_grad=True) for shape in SHAPES]
    first = [w.clone().requires_grad_() for w in start]
    weights = train(first, rates, momenta, penalties, unroll=True)
    loss = loss_of(weights, validation_inputs, validation_labels)
    torch.autograd.grad(loss, [rates, momenta, *penalties, *first])


def seconds(action):
    begin = time.perf_counter()
    action()
    if DEVICE == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - begin


plain()
hypergradient()
times = [(seconds(plain), seconds(hypergradient)) for _ in range(5)]
where = torch.cuda.get_device_name() if DEVICE == "cuda" else f"{torch.get_num_threads()} threads"
print(f"torch {torch.__version__}, {where}, {STEPS} steps, medians of 5 rounds in turns")
print(f"plain training        {1000 * statistics.median(p for p, _ in times):.1f} ms")
print(f"exact hypergradient   {1000 * statistics.median(h for _, h in times):.1f} ms")
print(f"ratio                 {statistics.median(h / p for p, h in times):.2f}")
if DEVICE == "cuda":
    print(f"peak memory           {torch.cuda.max_memory_allocated() / 1e6:.0f} MB on the device")
else:
    print(f"peak memory           {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB, interpreter and data included")
