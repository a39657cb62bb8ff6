#!/usr/bin/env bash
# Matrix products beside OpenBLAS's, one thread each, in turns so that both meet the same machine.
# Prints medians over the rounds and their ratio.
# Usage: bench/products.sh [rounds]      CORETYPES="SKYLAKEX ZEN": the OpenBLAS kernels to try; the best of them counts, shape by shape.
set -euo pipefail
cd "$(dirname "$0")"
rounds=${1:-3}
coretypes=${CORETYPES:-SKYLAKEX ZEN}
python=${PYTHON:-/usr/bin/python3}
if ! "$python" -c 'import numpy' 2>/dev/null; then
  echo "products.sh needs numpy over OpenBLAS: apt-get install python3-numpy libopenblas0-pthread" >&2
  exit 1
fi
dotnet build -c Release -v quiet --nologo Hypergrad.Benchmarks/Hypergrad.Benchmarks.csproj >&2
program=../artifacts/bin/Hypergrad.Benchmarks/release/Hypergrad.Benchmarks
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
for ((round = 0; round < rounds; round++)); do
  "$program" products | grep -v '^#' | sed 's/^/ours /' >> "$lines"
  for coretype in $coretypes; do
    OPENBLAS_CORETYPE=$coretype OPENBLAS_NUM_THREADS=1 "$python" peers/openblas_products.py |
      grep -v '^#' | sed "s/^/$coretype /" >> "$lines"
  done
done
"$python" - "$lines" <<'PYTHON'
import statistics
import sys

rates, ceilings, shapes = {}, {}, []
for line in open(sys.argv[1]):
    who, *shape, value = line.split()[:7]
    shape = tuple(shape)
    rates.setdefault((who, shape), []).append(float(value))
    if who == "ours":
        ceilings.setdefault(shape, []).append(float(line.split()[7]))
        if shape not in shapes:
            shapes.append(shape)
print("| type | product m×k×n | Hypergrad GFLOP/s | of the kernel in L1 | OpenBLAS GFLOP/s | its kernel | ratio |")
print("|---|---|---:|---:|---:|---|---:|")
for shape in shapes:
    ours, ceiling = statistics.median(rates["ours", shape]), statistics.median(ceilings[shape])
    peer, kernel = max((statistics.median(values), who) for (who, other), values in rates.items() if other == shape and who != "ours")
    product = f"{shape[1]} {'×'.join(shape[2:])}"
    print(f"| {shape[0]} | {product} | {ours:.1f} | {ours / ceiling:.0%} | {peer:.1f} | {kernel} | {ours / peer:.2f} |")
PYTHON
