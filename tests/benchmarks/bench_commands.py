"""Times whole commands, start-up included: ``python -m tests.benchmarks.bench_commands``.

The problems: three neurons on a common kink with six data in the plane, 12 cells a neuron, 1728 joint
patterns; and a newcomer's net, 3-4-4-1 with weights that are floats and eight data, as training leaves it. The baseline
is the same command's ``--help``, which is the price of starting Python and parsing arguments.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.formats.nets_to_sweep import NETS

THREE_NEURONS = {
    "network": {"activation": "relu", "weights": [[["0", "0"]] * 3, [["1", "-2", "3"]]]},
    "data": {
        "inputs": [["1", "0"], ["0", "1"], ["1", "1"], ["1", "2"], ["2", "1"], ["-1", "1"]],
        "labels": ["1", "-1", "1", "1", "-1", "-1"],
    },
    "objective": {"kind": "risk", "loss": "exponential"},
}


def median_time(command: list[str], runs: int = 7) -> float:
    """Return the median wall time of a command, in seconds, after one run that is not counted."""
    times = []
    for i in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        if i:
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print the table."""
    symflow = [sys.executable, "-m", "symflow"]
    with tempfile.TemporaryDirectory() as folder:
        problem = Path(folder) / "three_neurons.json"
        problem.write_text(json.dumps(THREE_NEURONS))
        result = Path(folder) / "result.json"
        trained, scripts = Path(folder) / "trained.json", Path(folder) / "scripts"
        trained.write_text(json.dumps(NETS["trained, logistic"]))
        start = median_time([*symflow, "--help"])
        print(f"{'command':<44}{'median':>9}{'/ --help':>10}  goal")
        print(f"{'symflow --help':<44}{start:>7.3f} s{1:>9.1f}x  0.15 s")
        for name, command, goal in (
            (
                "symflow clarke --json, 3 neurons x 6 data",
                ["clarke", str(problem), "--json", "--output", str(result)],
                "2 s",
            ),
            ("symflow clarke, the same as text", ["clarke", str(problem)], "2 s"),
            ("symflow audit, the same", ["audit", str(problem)], ""),
            ("symflow verify of that result", ["verify", str(result)], ""),
            ("symflow notes, 3-4-4-1 trained, 8 data", ["notes", str(trained)], "4 s"),
            ("symflow notes --beamer, the same", ["notes", str(trained), "--beamer"], "4 s"),
            ("symflow export --coq, the same", ["export", str(trained), "--coq", "--output", str(scripts)], "5 s"),
        ):
            took = median_time([*symflow, *command])
            print(f"{name:<44}{took:>7.3f} s{took / start:>9.1f}x  {goal}")


if __name__ == "__main__":
    main()
