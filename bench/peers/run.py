"""Other systems' hypergradients beside ours, in one run: results are compared, then times and memory are shown in tables and a picture.

Usage: ./build.sh bench peers [CASE...] [OPTIONS]       --help lists them
Every system gets the same case (case.py), each in a process of its own, in turns. What is not here is named, with the remedy.
"""
import argparse
import datetime
import json
import os
import re
import shlex
import sys
import tempfile
import time

import cases
from case import write_case
from measuring import compare, measure, reference_of
from picture import draw
from systems import OURS, all_systems
from table import write_table

# Multiplications of a run's forward passes: above so many, a case takes minutes.
LONG = 2e10

HERE = os.path.dirname(os.path.abspath(__file__))


def named_cases():
    return list(cases.read())


def planned(options):
    """What is to be measured: (kind, place on the axis, case, threads). The claims' own threads go for them. What takes minutes comes last,
    and first with most threads, so that a limit of time leaves out as little as may be."""
    known, plan = cases.read(), []
    paper = known["paper"]
    steps, widths, width_steps = options.steps, options.widths, options.width_steps
    if options.quick:
        steps, widths, width_steps = [5, 10], [16, 32], 5
    sweep_threads = min(options.threads)
    most_steps = options.most_steps or (6 if options.quick else None)
    for name in options.cases or [*known, "steps", "width"]:
        if name == "steps":
            plan += [("steps", n, cases.of_length(paper, n), sweep_threads) for n in steps]
        elif name == "width":
            plan += [("width", n, cases.of_width(paper, n, width_steps), sweep_threads) for n in widths]
        else:
            case = known[name]
            if most_steps and most_steps < case["steps"]:
                case = {**case, "steps": most_steps, "wholeSteps": case["steps"]}
            all_threads = sorted({claim["threads"] for claim in case["claims"]}) or options.threads
            plan += [("case", 0, case, threads) for threads in all_threads]
    return sorted(plan, key=lambda item: 0 if not is_long(item[2]) else 1 if item[3] == max(options.threads) else 2)


def is_long(case):
    return cases.multiplications_of(case) * case["batch"] * case["steps"] > LONG


def chosen(options):
    """The systems whose names are asked for, and ours, which they are compared with."""
    systems = all_systems()
    asked = [system for system in systems if re.search(options.systems, system.name, re.IGNORECASE)]
    if not asked:
        sys.exit(f"No system's name has \"{options.systems}\" in it; they are: " + ", ".join(system.name for system in systems) + ".")
    needed = {OURS} | {reference_of(system.name) for system in asked}
    return [system for system in systems if system in asked or system.name in needed]


def arguments():
    parser = argparse.ArgumentParser(prog="./build.sh bench peers", description="Other systems' hypergradients beside ours.")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(named_cases())}, steps, width; all unless named")
    parser.add_argument("--quick", action="store_true", help="few steps and small widths, to see that everything works")
    parser.add_argument("--most-steps", type=int, help="cut the named cases to so many steps")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="every case with each of these; claims with their own")
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many counts; once where a run takes more than 3 s")
    parser.add_argument("--turns", type=int, default=1, help="so often each system is started, after all the others")
    parser.add_argument("--steps", type=int, nargs="+", default=[25, 50, 100, 200], help="against these, on the fewest of the threads")
    parser.add_argument("--widths", type=int, nargs="+", default=[64, 128, 256, 512], help="likewise")
    parser.add_argument("--width-steps", type=int, default=20, help="the steps against the width")
    parser.add_argument("--systems", default="", metavar="PATTERN", help="those whose name matches, and ours")
    parser.add_argument("--limit", type=float, default=60, help="a system known to take more seconds is left out of a case")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="after so long no further case begins")
    parser.add_argument("--out", default=os.path.join(HERE, "../../artifacts/peers"), help="the folder of peers.md, .svg and .json")
    parser.add_argument("--add", action="store_true", help="keep what peers.json has of other cases: one table out of several runs")
    parser.add_argument("--busy", action="store_true", help="other programs run here too: processor times are compared")
    options = parser.parse_args()
    counts = [options.rounds, options.turns, options.width_steps, options.most_steps or 1]
    if min(*counts, *options.threads, *options.steps, *options.widths) < 1:
        parser.error("numbers of threads, rounds, turns, steps and units must be at least 1")
    unknown = [name for name in options.cases if name not in [*named_cases(), "steps", "width"]]
    if unknown:
        parser.error(f"there is no case {unknown[0]}; they are {', '.join(named_cases())}, steps and width")
    return options


def key(entry):
    return entry["kind"], entry["x"], entry["case"]["name"], entry["threads"]


def earlier(options):
    path = os.path.join(options.out, "peers.json")
    if options.add and os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    return {"runs": [], "measured": [], "remarks": {}}


def write_files(results, clock, options):
    os.makedirs(options.out, exist_ok=True)
    order = [*named_cases()]
    results["measured"].sort(key=lambda e: (e["kind"], order.index(e["case"]["name"]) if e["kind"] == "case" else 0, e["threads"], e["x"]))
    with open(os.path.join(options.out, "peers.json"), "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)
    with open(os.path.join(options.out, "peers.md"), "w", encoding="utf-8") as file:
        write_table(file, results, results["remarks"], clock)
    if any(entry["kind"] != "case" for entry in results["measured"]):
        with open(os.path.join(options.out, "peers.svg"), "w", encoding="utf-8") as file:
            file.write(draw(results["measured"], clock))


def load():
    return f"{os.getloadavg()[0]:.1f}"


def main():
    options = arguments()
    systems, results, wrong, failures = chosen(options), earlier(options), [], []
    clock = "processorSeconds" if options.busy else "seconds"
    begin, load_before = time.monotonic(), load()
    this_run = {"date": str(datetime.date.today()), "processors": os.cpu_count(), "load": [load_before, load_before],
                "command": f"./build.sh bench peers {shlex.join(sys.argv[1:])}"}
    results["runs"].append(this_run)
    for kind, x, case, threads in planned(options):
        if time.monotonic() - begin > 60 * options.minutes:
            results["remarks"][f"{case['name']}, threads: {threads}"] = f"{options.minutes:g} minutes were over"
            continue
        with tempfile.TemporaryDirectory() as folder:
            write_case(folder, case, options.rounds)
            answers, failed = measure(case, folder, systems, threads, options, results["remarks"])
        failures += failed
        problems = compare(case, answers)
        for answer in answers.values():
            answer.pop("gradient")
        entry = {"kind": kind, "x": x, "threads": threads, "case": case, "answers": answers}
        results["measured"] = [other for other in results["measured"] if key(other) != key(entry)]
        where = f"{case['name']}, threads: {threads}"
        if problems:
            wrong += [f"{where}: {problem}" for problem in problems]
            results["remarks"][where] = "the results differ, and so no times are shown: " + "; ".join(problems)
        else:
            results["measured"].append(entry)
            results["remarks"].pop(where, None)
        this_run["load"][1] = load()
        # After every case, so that a run that is ended early leaves what it found.
        write_files(results, clock, options)
    if not wrong:
        print("The results agree.")
    write_table(sys.stdout, results, results["remarks"], clock)
    print(f"\nWritten in {time.monotonic() - begin:.0f} s: peers.md, peers.svg and peers.json in {os.path.relpath(options.out)}.")
    complaints = []
    if wrong:
        complaints += ["The results of these differ, and so no times of them are shown:", *wrong]
    if failures:
        complaints += ["Not everything was measured:", *failures]
    if complaints:
        sys.exit("\n".join(complaints))


main()
