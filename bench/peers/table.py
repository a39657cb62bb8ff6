"""The results as a page of Markdown: a table a case, tables of the sweeps, and the claims with what they are judged by."""
import platform
import re

from systems import OURS

QUANTITIES = {
    "learningRate": "learning rates", "momentum": "momenta", "beta1": "β₁", "beta2": "β₂", "weightDecay": "weight decays",
    "initialWeights": "initial weights", "l2": "L2",
}


def plural(count, noun):
    return f"{count} {noun}{'' if count == 1 else 's'}"


def milliseconds(seconds):
    return f"{1000 * seconds:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def megabytes(count):
    return f"{count / 1e6:.1f} MB" if count < 1e8 else f"{count / 1e6:.0f} MB"


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = re.search(r"^model name\s*: (.*)$", file.read(), re.MULTILINE)
    return found.group(1) if found else platform.machine()


def write_header(file, results, remarks, clock):
    runs = results["runs"]
    file.write("# Hypergradients by several systems\n\n")
    file.write("Exact hypergradients in single precision (double where a name says so, and numpy) of the optimizer's quantities at every "
               "step and tensor, of the initial weights and of an L2 per weight. Every gradient was compared with ours before any time was shown: *difference* is "
               "the relative one of the learning rates' gradient, in the norm, and then that of the quantity that differs most (of DrMAD, "
               "from our drmad; of those in double precision, from ours in double precision). Times are the best of the rounds "
               "and turns; memory is what the resident set rose by.\n\n")
    for run in runs:
        file.write(f"- {run['date']}, {processor()}, {plural(run['processors'], 'processor')}, load {run['load'][0]} before and "
                   f"{run['load'][1]} after: `{run['command']}`\n")
    versions = sorted({answer["system"] for entry in results["measured"] for answer in entry["answers"].values()})
    file.write(f"\nSystems: {'; '.join(versions)}.\n")
    if clock == "processorSeconds":
        file.write("\nOther programs used the machine: what may be compared is the *processor time* of all of a system's threads.\n")
    if remarks:
        file.write("\nNot in the tables:\n\n" + "".join(f"- {name}: {reason}\n" for name, reason in remarks.items()))


def write_case(file, entries, clock):
    case = entries[0]["case"]
    file.write(f"\n## {case['name']}\n\n{case['title']}; {case['optimizer']['name']}, batch {case['batch']}, {case['steps']} steps.\n\n")
    file.write("| system | threads | time | processor time | ÷ ours | memory | difference |\n|---|---:|---:|---:|---:|---:|---:|\n")
    for entry in entries:
        ours = entry["answers"][OURS][clock]
        for name, answer in entry["answers"].items():
            times = f"{milliseconds(answer['seconds'])} | {milliseconds(answer['processorSeconds'])}"
            file.write(f"| {name} | {entry['threads']} | {times} | "
                       f"{answer[clock] / ours:.2f} | {megabytes(answer['memory'])} | {difference_of(answer)} |\n")
    if any("atKinks" in answer for entry in entries for answer in entry["answers"].values()):
        file.write("\n† More than the tolerance: in single precision units fall on either side of kinks. In double the same system agrees with ours.\n")
    for entry in entries:
        for line in claims_of(entry, clock):
            file.write(f"\n{line}\n")


def difference_of(answer):
    """The learning rates', and the largest with its quantity."""
    differences = answer["differences"]
    worst = max(differences, key=differences.get)
    mark = " †" if "atKinks" in answer else ""
    return f"{differences['learningRate']:.0e}; {differences[worst]:.0e}, {QUANTITIES[worst]}{mark}" if differences[worst] > 0 else "0"


def claims_of(entry, clock):
    """What a case claims, with the ratio that was found."""
    lines = []
    for claim in entry["case"]["claims"]:
        other, ours = entry["answers"].get(claim["over"]), entry["answers"].get(OURS)
        if claim["threads"] != entry["threads"] or other is None or ours is None:
            continue
        ratio = other[clock] / ours[clock]
        verdict = "held" if ratio >= claim["times"] else "**not held**"
        if "wholeSteps" in entry["case"]:
            verdict = f"with fewer than its {entry['case']['wholeSteps']} steps, and so not judged"
        wanted = f"at least {claim['times']} times as fast as" if claim["times"] > 1 else "faster than"
        lines.append(f"Claim: {wanted} {claim['over']} on {plural(claim['threads'], 'thread')};\nfound: {ratio:.1f} times, {verdict}.")
    return lines


def write_sweep(file, kind, threads, entries, clock):
    against, unit = ("the number of steps", "T") if kind == "steps" else ("the width", "width")
    case = entries[0]["case"]
    what = case["title"] if kind == "steps" else f"two hidden layers, {plural(case['steps'], 'step')}"
    file.write(f"\n## Against {against}, {plural(threads, 'thread')}\n\n{what}; {case['optimizer']['name']}, batch {case['batch']}. "
               f"Milliseconds{' of the processor' if clock == 'processorSeconds' else ''}, and megabytes.\n")
    names = list(dict.fromkeys(name for entry in entries for name in entry["answers"]))
    for field, scale in ((clock, 1e3), ("memory", 1e-6)):
        file.write(f"\n| {'time' if field == clock else 'memory'} | " + " | ".join(f"{unit} = {entry['x']}" for entry in entries) + " |\n")
        file.write("|---" + "|---:" * len(entries) + "|\n")
        for name in names:
            cells = (f"{scale * entry['answers'][name][field]:.1f}" if name in entry["answers"] else "" for entry in entries)
            file.write(f"| {name} | {' | '.join(cells)} |\n")


def write_table(file, results, remarks, clock):
    write_header(file, results, remarks, clock)
    measured = results["measured"]
    for name in dict.fromkeys(entry["case"]["name"] for entry in measured if entry["kind"] == "case"):
        write_case(file, [entry for entry in measured if entry["kind"] == "case" and entry["case"]["name"] == name], clock)
    for kind in ("steps", "width"):
        for threads in sorted({entry["threads"] for entry in measured if entry["kind"] == kind}):
            write_sweep(file, kind, threads, [e for e in measured if (e["kind"], e["threads"]) == (kind, threads)], clock)
    if any(entry["kind"] != "case" for entry in measured):
        file.write("\n![Time and memory against steps and width](peers.svg)\n")
