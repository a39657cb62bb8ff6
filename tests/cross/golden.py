"""Every golden run by a hypergrad command, each exact method in both precisions: losses, last weights and all gradients against the expected
ones, and the reversal exact to the bit. A number that is missing, or that is none, is wrong.

Usage: golden.py BACKEND COMMAND...    such as  golden.py managed qemu-aarch64 -L /usr/aarch64-linux-gnu hypergrad
"""
import concurrent.futures
import glob
import json
import os
import subprocess
import sys
import tempfile

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Hypergrad.Tests/Golden")
FIELDS = ("validationLoss", "finalWeights", "trainingLosses")
# Of one run: an emulated processor is slow, and a command that stands still is a failure.
LONGEST_SECONDS = 600


def flat(value):
    return [number for part in value for number in flat(part)] if isinstance(value, list) else [float(value)]


def tolerance(golden, method, precision):
    if precision == "single":
        return 5e-3 if "format" in golden else 2e-3
    return 1e-4 if method == "reversible" and golden.get("optimizer", {}).get("name") == "adamw" else 1e-6


def difference(actual, expected):
    """The largest difference, relative to the largest expected number."""
    wanted, given = flat(expected), flat(actual)
    if len(wanted) == 1:
        # The files have one derivative for what is one number at all steps and weights.
        given = [sum(given)]
    if len(wanted) != len(given):
        return float("inf")
    largest = max(abs(a - b) if a == a and b == b else float("inf") for a, b in zip(given, wanted))
    return largest / (max(map(abs, wanted)) or 1)


def failures(command, backend, path, golden, method, precision):
    expected = golden["expected"]
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "result.json")
        asked = [*command, "gradient", path, "--method", method, "--precision", precision, "--backend", backend, "--out", out]
        try:
            done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            return [f"it had not ended after {LONGEST_SECONDS} s"]
        if done.returncode != 0:
            return [f"exit code {done.returncode}: {done.stderr.strip()[-300:]}"]
        with open(out, encoding="utf-8") as file:
            result = json.load(file)
    allowed, found = tolerance(golden, method, precision), []
    if result["backend"] != backend:
        found.append(f"it was computed by {result['backend']}")
    pairs = [(name, result.get(name, []), expected[name]) for name in FIELDS]
    pairs += [(name, result["gradient"].get(name, []), value) for name, value in expected["gradient"].items()]
    for name, actual, wanted in pairs:
        off = difference(actual, wanted)
        if not off <= allowed:
            found.append(f"{name} is off by {off:.1e}, and {allowed:.0e} is allowed")
    if method == "reversible" and result["reversal"]["exact"] is not True:
        found.append("the reversal was not exact")
    return found


def runs(paths):
    """Every run that is asked for: (path, golden, method, precision)."""
    for path in paths:
        with open(path, encoding="utf-8") as file:
            golden = json.load(file)
        nesterov = golden.get("optimizer", {}).get("name") == "nesterov"
        for method in ("stored", "checkpointed") if nesterov else ("reversible", "checkpointed", "stored"):
            for precision in ("single", "double"):
                yield path, golden, method, precision


def main():
    backend, command, failed = "".join(sys.argv[1:2]), sys.argv[2:], 0
    paths = sorted(glob.glob(os.path.join(FOLDER, "**/*.json"), recursive=True))
    if not command or not paths:
        sys.exit("golden.py: there is no command, or there are no golden runs")
    asked = list(runs(paths))
    # Most of a run's time is a start on one thread, so that there are as many at once as there are processors.
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("JOBS", os.cpu_count()))) as pool:
        found = pool.map(lambda run: failures(command, backend, *run), asked)
        for (path, _, method, precision), wrong in zip(asked, found):
            failed += bool(wrong)
            print(f"{os.path.basename(path)}, {backend}, {method}, {precision}: {'; '.join(wrong) or 'as expected'}", flush=True)
    print(f"golden runs, {backend}: {len(asked) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
