"""Writes docs/evidence.md from what scripts/soak left: usage: evidence.py FOLDER > docs/evidence.md"""

import collections
import glob
import json
import os
import sys

HEADER = """# Evidence

Written by `scripts/soak`; do not edit. A violation of what is not claimed is expected: it shows why it
is not claimed. A violation of a claim, or a difference from a real server, would be a bug.
"""


def lines_of(folder, name):
    with open(os.path.join(folder, name)) as file:
        return [line.rstrip() for line in file]


def first_violations(runs):
    """The first violating run of each cell, and how many there were."""
    found = {}
    count = collections.Counter()
    for run in runs:
        cell = (run["scenario"], run["driver"])
        if run["verdict"] == "violated":
            count[cell] += 1
            found.setdefault(cell, run)
    return [(found[cell], count[cell]) for cell in sorted(found)]


def print_controls(folder):
    """The table of the controls' own sweep."""
    path = os.path.join(folder, "controls.txt")
    if not os.path.exists(path):
        return
    output = lines_of(folder, "controls.txt")
    print("\n## Controls\n\n`conclave sim run 'redis/control/*'`: none may violate anything.\n\n```")
    for line in output[next(i for i, line in enumerate(output) if line.startswith("scenario ")):]:
        print(line)
    print("```")


def print_tortures(folder):
    """One row for each run of conclave torture."""
    reports = sorted(glob.glob(os.path.join(folder, "torture-*.json")))
    if not reports:
        return
    print("\n## Real clients of real servers\n")
    print("`conclave torture`: both are stopped and killed. With this seed the faults come again, the"
          " machine's timing does not.\n")
    print("| backend and workload | seed | calls | concurrent | unknown | faults drawn | claimed and held"
          " | claimed and not held | not claimed, violated |")
    print("|---|---|---|---|---|---|---|---|---|")
    for path in reports:
        with open(path) as file:
            run = json.load(file)
        kinds = collections.Counter(
            fault["kind"] + (" of a server" if fault["target"].startswith("server") else "")
            for fault in run["faults"])
        faults = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        claimed = [each for each in run["properties"] if each["claimed"]]
        name = os.path.basename(path)[len("torture-"):-len(".json")].replace("_", "-")
        broken = [f"{each['property']} {each['verdict']}" for each in claimed
                  if each["verdict"] != "held"]
        evidence = [each["property"] for each in run["properties"]
                    if not each["claimed"] and each["verdict"] == "violated"]
        print(f"| {name} | {run['seed']} | {run['calls']} | {run['concurrent']} | {run['unknown']}"
              f" | {faults or 'none'} | {len(claimed) - len(broken)}"
              f" | {', '.join(broken) or 'none'} | {', '.join(evidence) or 'none'} |")


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "sweep.json")) as file:
        runs = json.load(file)["runs"]
    verdicts = collections.Counter(run["verdict"] for run in runs)
    output = lines_of(folder, "sweep.txt")
    table = next(i for i, line in enumerate(output) if line.startswith("scenario "))

    print(HEADER)
    for line in lines_of(folder, "facts"):
        print(f"- {line}")
    print("\n## In the simulator\n")
    cells = {(run["scenario"], run["driver"]) for run in runs}
    print(f"{len(runs)} runs of {len(cells)} scenarios on their configurations:"
          f" {verdicts['held']} held, {verdicts['violated']} violated, {verdicts['undecided']} undecided;"
          f" {sum(1 for run in runs if run['claimed'])} violated a claim.\n")
    print("```")
    for line in output[table:]:
        print(line)
    print("```\n")
    print("The first violation of each, to be seen again at this commit:\n")
    print("| runs that violate | claimed | again with |")
    print("|---|---|---|")
    for run, count in first_violations(runs):
        print(f"| {count} | {'YES' if run['claimed'] else 'no'} | `conclave sim replay"
              f" {run['scenario']} --seed {run['seed']} --driver {run['driver']}` |")
    print_controls(folder)
    print("\n## Against real servers\n")
    for line in lines_of(folder, "live"):
        print(f"- {line}")
    print_tortures(folder)
    checkers = lines_of(folder, "checkers")
    if checkers:
        print("\n## Checkers against their oracle\n")
        for line in checkers:
            print(f"- {line}")


if __name__ == "__main__":
    main()
