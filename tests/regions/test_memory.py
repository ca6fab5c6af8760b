"""What a region graph takes: no library whose numbers never appear, and at most the megabytes that it is to take."""

import subprocess
import sys

import pytest

from tests.benchmarks.bench_regions import NETS, job


def test_cells_and_walls_are_found_without_loading_python_flint() -> None:
    """They are integers, and what is asked of a cell is a Fraction."""
    session = """
        import sys
        from symflow.nets.network import Network
        from symflow.regions.region_graph import RegionGraph

        matrices = [[1, "1/2"], [0, 1]], [[1, -1], [2, "0.5"]], [[1, 1]]
        net = Network.from_weights(*matrices, activation=["relu", "identity"])
        graph = RegionGraph.of(net)
        print(graph.n_cells, graph.n_adjacencies, graph.cells[0].gradient, "flint" in sys.modules)
    """
    lines = "\n".join(line.strip() for line in session.splitlines())
    shown = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True).stdout
    assert shown == "4 4 ((Fraction(0, 1), Fraction(0, 1)),) False\n"


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory is counted otherwise elsewhere")
@pytest.mark.parametrize("name", [name for name, net in NETS.items() if net.megabytes])
def test_the_peak_stays_below_the_goal_of_the_benchmark(name: str) -> None:
    """Above the bare interpreter, imports included, as the benchmark measures it."""
    bare = job(sys.executable, "bare", None, 60)["peak"]
    peak = job(sys.executable, "symflow", job(sys.executable, "draw", name, 60), 300)["peak"]
    assert (peak - bare) / 1024 <= NETS[name].megabytes
