"""Writes docs/evidence.md from what scripts/soak left: usage: evidence.py FOLDER > docs/evidence.md"""

import collections
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
    print("\n## Against real servers\n")
    for line in lines_of(folder, "live"):
        print(f"- {line}")
    checkers = lines_of(folder, "checkers")
    if checkers:
        print("\n## Checkers against their oracle\n")
        for line in checkers:
            print(f"- {line}")


if __name__ == "__main__":
    main()
