"""Where the time of a hypergradient goes: a table of each case of cases.json, out of Linux's sampling profiler, perf.

    ./build.sh bench where [CASE...] [--threads N...] [--program FOLDER]

A sample belongs to the innermost of these that is on its stack: products (the tile kernels), what products need laid out (packing,
transposing, windows, Winograd's transforms), the passes over the network besides, the exact step (integers, and their floating-point
copies), the other work on weights (vectors), waiting for the other threads, and all else of the hypergradient (setting up, results, the
collector). What the program does before and after, and the compiler's threads, are left out. Milliseconds are the shares of the time that
the same process measured, of all threads together, over the number of threads.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "peers"))
sys.dont_write_bytecode = True

import cases  # noqa: E402
from case import write_case  # noqa: E402

PARTS = ["products", "laying out", "passes", "exact step", "vectors", "waiting", "else"]

# From the innermost frame out, the first that says what it is.
FRAMES = [
    (re.compile(r"Products\.(Tile|DotTile|StridedMultiplier|NarrowColumns)"), "products"),
    (re.compile(r"Products\.|PatchRows|PaddedImage|Winograd"), "laying out"),
    (re.compile(r"Updates\.|RealNumbers|FixedPoint|ManagedReversibleState|HashVectors|BytePlanes"), "exact step"),
    (re.compile(r"Operations\.|Losses\.|NetworkPasses|ExampleDerivatives"), "passes"),
    (re.compile(r"TileWork|MicrobatchGradients|ManagedPenalties|ManagedSession.*(Copy|Add|Clear)"), "vectors"),
]
WAITING = re.compile(r"SpinOnce|WaitForLoop|SemaphoreSlim|Workers::Serve|sched_yield")
WORK = re.compile(r"RunItem|TakeItems")
OURS = re.compile(r"Hypergradient::Compute|Hypergradient::TrainAndCarryBack|Hypergrad worke")


def part_of(thread, frames):
    """Which part a sample belongs to; None where it is none of the hypergradient's."""
    if not OURS.search(thread) and not any(OURS.search(frame) for frame in frames):
        return None
    for frame in frames:
        if WAITING.search(frame):
            return "waiting"
        for pattern, part in FRAMES:
            if pattern.search(frame):
                return part
        if WORK.search(frame):
            return "else"
    return "waiting" if OURS.search(thread) else "else"


def samples(text):
    """The thread and the frames, innermost first, of every sample that perf script prints."""
    thread, frames = None, []
    for line in text:
        if line.startswith((" ", "\t")) and thread is not None:
            frames.append(line.strip())
        elif line.strip():
            thread, frames = line, []
        elif thread is not None:
            yield thread, frames
            thread, frames = None, []


def measure(program, folder, threads, method):
    """The seconds of a case, and the share of each part."""
    with tempfile.TemporaryDirectory() as work:
        recording = os.path.join(work, "perf.data")
        answer = subprocess.run(
            ["perf", "record", "-q", "-o", recording, "-e", "cpu-clock", "-F", "997", "-g",
             "dotnet", os.path.join(program, "Hypergrad.Benchmarks.dll"),
             "peer-case", folder, os.path.join(work, "out"), str(threads), "managed", method],
            check=True, capture_output=True, text=True,
            # A map of compiled code for perf, which cannot follow what is mapped twice.
            env={**os.environ, "DOTNET_PerfMapEnabled": "1", "DOTNET_EnableWriteXorExecute": "0"})
        seconds = json.loads(answer.stdout.strip().splitlines()[-1])["seconds"]
        script = subprocess.run(
            ["perf", "script", "-i", recording, "-F", "comm,tid,ip,sym"], check=True, capture_output=True, text=True)
    counts = dict.fromkeys(PARTS, 0)
    for thread, frames in samples(script.stdout.splitlines()):
        part = part_of(thread, frames)
        if part is not None:
            counts[part] += 1
    total = sum(counts.values())
    if total == 0:
        sys.exit("perf saw nothing of the hypergradient; is it allowed to sample (kernel.perf_event_paranoid)?")
    return seconds, {part: count / total for part, count in counts.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", help="names of cases; the suite unless given")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--method", default="reversible")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--program", default=os.path.join(HERE, "../artifacts/bin/Hypergrad.Benchmarks/release"),
                        help="the folder of the program that is measured, to compare one with another")
    options = parser.parse_args()
    known = cases.read()
    unknown = [name for name in options.cases if name not in known]
    if unknown:
        sys.exit(f"There is no case '{unknown[0]}'; there are {', '.join(known)}.")
    print("| case | threads | ms | " + " | ".join(PARTS) + " |")
    print("|---|---|---|" + "---|" * len(PARTS))
    for name in options.cases or [name for name, case in known.items() if not case["claims"]]:
        with tempfile.TemporaryDirectory() as folder:
            write_case(folder, known[name], options.rounds)
            for threads in options.threads:
                seconds, shares = measure(options.program, folder, threads, options.method)
                print(f"| {name} | {threads} | {1000 * seconds:.4g} | "
                      + " | ".join(f"{1000 * seconds * shares[part]:.3g} ({100 * shares[part]:.0f} %)" for part in PARTS) + " |",
                      flush=True)


if __name__ == "__main__":
    main()
