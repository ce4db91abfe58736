"""Writes docs/evidence.md: usage: evidence.py SWEEP_JSON LIVE_SUMMARIES > docs/evidence.md"""

import collections
import json
import sys


def main():
    runs = json.load(open(sys.argv[1]))["runs"]
    cells = collections.defaultdict(collections.Counter)
    example = {}
    for run in runs:
        cell = (run["scenario"], run["driver"])
        cells[cell][run["verdict"]] += 1
        cells[cell]["seeds"] += 1
        if run["verdict"] == "violated":
            example.setdefault(cell, (run["seed"], run["claimed"]))
    print("# Evidence\n")
    print("Written by `scripts/soak`; do not edit. A violation of what is not claimed is expected:")
    print("it shows why it is not claimed. A violation of a claim would be a bug.\n")
    print("## Sweeps in the simulator\n")
    print("| scenario | driver | seeds | held | violated | undecided | claimed | first violating seed |")
    print("|---|---|---|---|---|---|---|---|")
    for (scenario, driver), count in sorted(cells.items()):
        seed, claimed = example.get((scenario, driver), ("", ""))
        words = {True: "yes", False: "no", "": ""}[claimed]
        print(f"| {scenario} | {driver} | {count['seeds']} | {count['held']} | {count['violated']} |"
              f" {count['undecided']} | {words} | {seed} |")
    lines = [line.strip() for line in open(sys.argv[2])]
    if lines:
        print("\n## Against real servers\n")
        for line in lines:
            print(f"- {line}")


if __name__ == "__main__":
    main()
