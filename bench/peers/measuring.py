"""Starts the systems on a case, compares their hypergradients with ours, and keeps the best of their times."""
import json
import os
import subprocess
import sys
import tempfile

import numpy

from cases import quantities_of, shapes_of
from systems import DOUBLES, OUR_DOUBLE, OUR_LINE, OURS, double_of, has_kinks

# Of a part of the hypergradient, in the norm: single precision against double, and what the exact arithmetic of AdamW rounds.
TOLERANCE = 5e-3
# A unit within rounding of a kink of its activation may fall on the other side, which moves the second derivatives: in single precision
# agreement says that the same thing is computed, and in double precision, in which no unit falls, that it is computed well.
TOLERANCE_AT_KINKS = 2e-1
TOLERANCE_OF_DOUBLE = 1e-6
BEST_OF = ("seconds", "processorSeconds", "memory")


class Failure(Exception):
    """A system did not answer."""


class TookTooLong(Failure):
    """It was stopped."""


def environment(threads):
    # OpenBLAS chooses slow kernels on processors that it does not know; these are the fastest of the AVX-512 ones (bench/products.sh).
    here = dict(os.environ, OPENBLAS_NUM_THREADS=str(threads), OMP_NUM_THREADS=str(threads), DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1")
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        if "avx512f" in file.read():
            here.setdefault("OPENBLAS_CORETYPE", "SKYLAKEX")
    return here


def run(system, folder, threads, limit):
    """A system's line and its gradient."""
    with tempfile.TemporaryDirectory() as results:
        out = os.path.join(results, "gradient.bin")
        try:
            done = subprocess.run(system.command(folder, out, threads), capture_output=True, text=True, timeout=limit,
                                  env=environment(threads), check=False)
        except subprocess.TimeoutExpired:
            raise TookTooLong(f"took more than {limit} s") from None
        if done.returncode != 0:
            raise Failure((done.stderr.strip().splitlines() or [f"ended with status {done.returncode}"])[-1])
        return {**json.loads(done.stdout.strip().splitlines()[-1]), "gradient": numpy.fromfile(out)}


def parts_of(case, gradient):
    """The gradient by quantity: schedules over steps and tensors, then the initial weights and L2 of each weight."""
    shapes = shapes_of(case)
    weights = sum(int(numpy.prod(shape)) for shape in shapes)
    sizes = {name: case["steps"] * len(shapes) for name in quantities_of(case)}
    sizes.update(initialWeights=weights, l2=weights)
    if len(gradient) != sum(sizes.values()):
        raise ValueError(f"it gave {len(gradient)} derivatives, and there are {sum(sizes.values())}")
    return dict(zip(sizes, numpy.split(gradient, numpy.cumsum(list(sizes.values()))[:-1])))


def tolerance_of(case, system):
    return TOLERANCE_OF_DOUBLE if system in DOUBLES else TOLERANCE_AT_KINKS if has_kinks(case) else TOLERANCE


def reference_of(system):
    """Which of our answers a system's is compared with."""
    return OUR_LINE if "drmad" in system.lower() else OUR_DOUBLE if system in DOUBLES else OURS


def differences(case, gradient, reference):
    """The relative difference of each quantity's gradient, in the norm."""
    found, expected = parts_of(case, gradient), parts_of(case, reference)
    return {name: float(numpy.linalg.norm(found[name] - part) / numpy.linalg.norm(part)) for name, part in expected.items()}


def compare(case, answers):
    """What is wrong with the answers: every exact one is compared with ours, that in double precision with ours in double precision, and
    DrMAD's with our drmad method. Where units pass kinks, single precisions may differ by more than the tolerance after many steps: a
    system is right then if in double precision it agrees with ours in double, and its answer is marked."""
    wrong = {}
    for name, answer in answers.items():
        reference, tolerance = answers.get(reference_of(name)), tolerance_of(case, name)
        if reference is None:
            wrong[name] = "there is nothing of ours to compare it with"
            continue
        try:
            answer["differences"] = differences(case, answer["gradient"], reference["gradient"])
        except ValueError as trouble:
            wrong[name] = str(trouble)
            continue
        loss = abs(answer["validationLoss"] - reference["validationLoss"]) / abs(reference["validationLoss"])
        # Not a number is wrong too.
        off = [f"{quantity} by {by:.1e}" for quantity, by in {**answer["differences"], "loss": loss}.items() if not by <= tolerance]
        if off:
            wrong[name] = f"differs by {', '.join(off)}"
    agreeing = [name for name in DOUBLES if name in answers and name not in wrong]
    for name in [name for name in wrong if has_kinks(case) and name not in DOUBLES and "differences" in answers[name]]:
        if agreeing if name == OUR_DOUBLE else double_of(name) in agreeing:
            answers[name]["atKinks"] = wrong.pop(name)
    return [f"{name}: {what}" for name, what in wrong.items()]


def measure(case, folder, systems, threads, options, remarks):
    """Every system's answer to a case, and what failed. They take turns, so that what else the machine does falls on all; the best time and
    memory count. Why one is not among them goes into the remarks: of a system, or of a system at a case."""
    answers, stopped, failures = {}, set(), []
    for turn in range(options.turns):
        for system in systems:
            if not system.takes(case) or system.name in stopped:
                continue
            if system.missing or system.seconds(case) > options.limit:
                why = system.missing or f"would take minutes at {case['name']}"
                remarks.setdefault(system.name if system.missing else f"{system.name}, {case['name']}", why)
                continue
            where = f"{system.name}, {case['name']}, {threads} thread{'s' if threads > 1 else ''}"
            print(f"turn {turn + 1}: {where}", file=sys.stderr, flush=True)
            try:
                answer = run(system, folder, threads, options.limit * 5)
            except Failure as trouble:
                remarks[where] = str(trouble)
                stopped.add(system.name)
                if not isinstance(trouble, TookTooLong):
                    failures.append(f"{where}: {trouble}")
                answers.pop(system.name, None)
                continue
            before = answers.get(system.name, answer)
            answers[system.name] = {**answer, **{field: min(answer[field], before[field]) for field in BEST_OF}}
    return answers, failures
