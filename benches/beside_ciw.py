#!/usr/bin/env python3
"""How many calls a second does Ciw play? The queues are those of `cargo bench -p cordboard-benches --bench staffed`.

    python3 benches/beside_ciw.py

Ciw comes from PyPI into an environment that is thrown away afterwards. CPU time, the best of three; reading the records
of the calls is told apart, for a service level needs them.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

CIW = "ciw==3.2.7"
# Agents, load on each, mean patience in seconds: those of benches/staffed.rs.
CASES = [(10, 0.80, None), (50, 0.90, None), (50, 0.96, 120.0), (200, 0.95, None)]
AHT_S = 180.0
CALLS = 30_000
WITHIN_S = 20.0
BEST_OF = 3


def play(ciw, agents, load, patience_s, seed):
    served = ciw.dists.Exponential(1 / AHT_S)
    pace = agents * load / AHT_S
    terms = {}
    if patience_s is not None:
        terms["reneging_time_distributions"] = [ciw.dists.Exponential(1 / patience_s)]
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(pace)],
        service_distributions=[served],
        number_of_servers=[agents],
        **terms,
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    began = time.process_time()
    simulation.simulate_until_max_time(CALLS / pace)
    played = time.process_time() - began
    records = simulation.get_all_records()
    read = time.process_time() - began
    in_time = sum(one.record_type == "service" and one.waiting_time <= WITHIN_S for one in records)
    return len(records), played, read, in_time / len(records)


def main():
    import ciw

    print(f"ciw {ciw.__version__}, python {sys.version.split()[0]}: calls a second, {CALLS} calls of {AHT_S} s on average")
    print("| agents | load | patience s | calls/s | with records | sl.offered |")
    print("|---:|---:|---:|---:|---:|---:|")
    for agents, load, patience_s in CASES:
        runs = [play(ciw, agents, load, patience_s, seed) for seed in range(BEST_OF)]
        bare = max(calls / played for calls, played, _, _ in runs)
        read = max(calls / read for calls, _, read, _ in runs)
        level = sum(level for *_, level in runs) / len(runs)
        patience = "–" if patience_s is None else patience_s
        print(f"| {agents} | {load} | {patience} | {bare:.0f} | {read:.0f} | {level:.4f} |", flush=True)


if __name__ == "__main__":
    if "--here" in sys.argv:
        main()
    else:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            python = Path(folder) / "bin" / "python"
            subprocess.run([python, "-m", "pip", "install", "--quiet", CIW], check=True)
            subprocess.run([python, __file__, "--here"], check=True)
