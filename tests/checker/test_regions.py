"""Results of ``symflow regions``: accepted as they stand, refused when anything in them is changed or left out."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symflow.checker import region_faces, regions
from symflow.checker.verify import verify_text
from symflow.checker.work import Work
from tests.checker.regions_by_hand import counted, network_tree, regions_by_hand, without_cell
from tests.checker.test_verify import THIRDS, changed, entries, other_values

Json = dict[str, Any]


def report(result: Json) -> Json:
    found = verify_text(json.dumps(result))
    assert not any("broke off" in entry["reason"] for entry in found["rejected"]), found  # type: ignore[attr-defined]
    return found


def accepted(result: Json) -> Any:
    return report(result)["accepted"]


def reasons(result: Json) -> str:
    return json.dumps(report(result)["rejected"])


# ---------------------------------------------------------------------- networks


def maxpool(*groups: list[int]) -> Json:
    return {"name": "maxpool", "groups": list(groups)}


LEAKY = {"name": "leaky_relu", "slope": "1/3"}
XY = [["1", "0"], ["0", "1"]]
OUT = [["1", "1"]]

# Name: problem, then n_cells, n_adjacencies, n_bounded, n_maps, n_pieces, each with its reason.
NETWORKS: dict[str, tuple[Json, tuple[int, int, int, int, int]]] = {
    # The contract's samples.
    "three lines": (
        network_tree("relu", [[*XY, ["1", "1"]], [["1", "1", "1"]]], [["0", "0", "-1"], ["0"]]),
        (7, 9, 1, 7, 7),
    ),
    "three lines through a point": (
        network_tree("relu", [[*XY, ["1", "-1"]], [["1", "2", "1"]]]),
        (6, 6, 0, 6, 6),
    ),
    "a fold cut by a second layer": (
        network_tree(
            ["relu", "relu"],
            [[["1", "0"], ["-1", "0"]], [["1", "1"], ["1", "-1"]], OUT],
            [["0", "0"], ["-1", "1/2"], ["0"]],
        ),
        (5, 4, 0, 4, 4),
    ),
    # x = 0 and x = 1: three intervals, the middle one bounded. Outputs 0, x, 1: f is relu(x) - relu(x - 1).
    "a ramp": (network_tree("relu", [[["1"], ["1"]], [["1", "-1"]]], [["0", "-1"], ["0"]]), (3, 2, 1, 3, 3)),
    # x = 0 twice (once as -2x) and a zero row with bias 1: two cells, one adjacency with two flips. |x| + relu(1).
    "a line twice, and a constant": (
        network_tree("relu", [[["1"], ["-2"], ["0"]], [["1", "1", "1"]]], [["0", "0", "1"], ["0"]]),
        (2, 1, 0, 2, 2),
    ),
    # relu(x) - relu(x): the same map on both sides, so one piece.
    "two pieces that are one": (network_tree("relu", [[["1"], ["1"]], [["1", "-1"]]]), (2, 1, 0, 1, 1)),
    # Two vertical and two horizontal lines: 9 boxes, 12 walls, one bounded; |.| is injective enough for 9 maps.
    "a grid": (
        network_tree("abs", [[*XY, *XY], [["1", "3", "1/2", "5"]]], [["0", "0", "-1", "-1"], ["0"]]),
        (9, 12, 1, 9, 9),
    ),
    # Where x < 0 the first unit is off, so the second layer's z = -relu(x) vanishes there: a dead unit, character 0.
    "a dead unit": (network_tree(["relu", LEAKY], [[["1"]], [["-1"]], [["1"]]]), (2, 1, 0, 2, 2)),
    # max(x, y, 0): three sectors.
    "a maximum": (network_tree(maxpool([0, 1, 2]), [[*XY, ["0", "0"]], [["1"]]]), (3, 3, 0, 3, 3)),
    # max(x, x, -x): the second member never wins. |x| twice is one kink.
    "a maximum with a member twice": (
        network_tree(maxpool([0, 2, 1]), [[["1"], ["-1"], ["1"]], [["1"]]]),
        (2, 1, 0, 2, 2),
    ),
    # max(x, y) shifts along (1, 1) without a kink, then the second layer cuts at max(x, y) = 1: an L, in four parts.
    "a maximum, then a threshold": (
        network_tree([maxpool([0, 1]), "relu"], [XY, [["1"]], [["1"]]], [["0", "0"], ["-1"], ["0"]]),
        (4, 4, 0, 3, 3),
    ),
    # The plane along which max(x, y) grows: cells are half-planes, every cell contains the line through (1, 1).
    "a maximum alone": (network_tree(maxpool([0, 1]), [XY, [["2"]]]), (2, 1, 0, 2, 2)),
    # x + y and 2x + 2y after an identity layer: parallel lines, lineality (1, -1), though W_1 is regular.
    "identity first": (
        network_tree(["identity", "relu"], [XY, [["1", "1"], ["2", "2"]], OUT], [["0", "0"], ["0", "-1"], ["0"]]),
        (3, 2, 0, 3, 3),
    ),
    # One neuron of three inputs: two half-spaces, a plane of lineality.
    "one neuron in space": (network_tree("relu", [[["1", "2", "0"]], [["1"]]], [["1/3"], ["1"]]), (2, 1, 0, 2, 2)),
    # No units: all of the plane is one cell.
    "affine": (network_tree([], [[["1", "2"], ["0", "3"]]], [["1", "2"]]), (1, 0, 0, 1, 1)),
    # One line through a square, two outputs.
    "a square": (
        network_tree("relu", [[["1", "1"]], [["1"], ["2"]]], domain={"box": [["-1", "1"], ["-1", "1/2"]]}),
        (2, 1, 2, 2, 2),
    ),
    # x ≥ 0 as a domain and x = 0 as a kink: the kink only touches the boundary, z > 0 inside.
    "a half-plane with its boundary": (
        network_tree("relu", [XY, OUT], domain={"A": [["-1", "0"], ["0", "0"]], "b": ["0", "3"]}),
        (2, 1, 0, 2, 2),
    ),
    # A strip in one direction only: with it the cells still contain the line along y.
    "a strip": (
        network_tree("relu", [[["1", "0"]], [["1"]]], domain={"A": [["1", "0"], ["-1", "0"]], "b": ["1", "1"]}),
        (2, 1, 0, 2, 2),
    ),
    # The octahedron |x| + |y| + |z| ≤ 1 cut through four of its corners: these lie on more walls than a simple
    # polytope has, so the faces are followed down.
    "an octahedron": (
        network_tree(
            "relu",
            [[["0", "0", "1"]], [["1"]]],
            domain={"A": [[a, b, c] for a in ("1", "-1") for b in ("1", "-1") for c in ("1", "-1")], "b": ["1"] * 8},
        ),
        (2, 1, 2, 2, 2),
    ),
    # Planes x, y, z, x + y + z = 0 through a point: 14 cells (16 - 2), each of the 4 planes has 6 walls.
    "four planes through a point": (
        network_tree("relu", [[["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"], ["1", "1", "1"]], [["1"] * 4]]),
        (14, 24, 0, 14, 14),
    ),
}
CASES = [pytest.param(problem, id=name) for name, (problem, _) in NETWORKS.items()]
LARGE = (
    *("a grid", "four planes through a point", "three lines", "three lines through a point"),
    "a maximum, then a threshold",
)
FEWER = [
    pytest.param(problem, id=name, marks=pytest.mark.slow if name in LARGE else ())
    for name, (problem, _) in NETWORKS.items()
]
POINTED = [case for case in FEWER if regions_by_hand(NETWORKS[str(case.id)][0])["lineality"] == []]
NAMES = ("a ramp", "a fold cut by a second layer", "a dead unit", "a maximum", "identity first", "a square", "affine")
SMALL = [pytest.param(NETWORKS[name][0], id=name) for name in NAMES]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_complete_result_is_accepted_and_its_counts_are_known(name: str) -> None:
    problem, counts = NETWORKS[name]
    result = regions_by_hand(problem)
    keys = ("n_cells", "n_adjacencies", "n_bounded", "n_maps", "n_pieces")
    assert tuple(result[key] for key in keys) == counts
    found = report(result)
    assert found["rejected"] == []
    assert found["not_checked"] == []
    assert found["n_certificates"] == result["n_cells"] + result["n_adjacencies"]


def test_the_patterns_are_what_they_should_be() -> None:
    def patterns(name: str) -> list[str]:
        return [cell["pattern"] for cell in regions_by_hand(NETWORKS[name][0])["cells"]]

    assert patterns("a fold cut by a second layer") == ["-+-+", "-+--", "-++-", "+--+", "+-++"] or patterns(
        "a fold cut by a second layer"
    ) == ["-+--", "-+-+", "-++-", "+--+", "+-++"]
    assert patterns("a dead unit") == ["-0", "+-"]
    assert patterns("a maximum with a member twice") == ["1", "3"]


@pytest.mark.parametrize("problem", FEWER)
def test_the_faces_alone_show_the_same_as_simple_corners(problem: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(region_faces, "_has_simple_corners", lambda *_: False)
    result = regions_by_hand(problem)
    assert accepted(result)
    for i in range(result["n_cells"]):
        assert not accepted(without_cell(result, i))


# ---------------------------------------------------------------------- tampering


@pytest.mark.parametrize("problem", CASES)
def test_a_cell_left_out_with_all_that_belongs_to_it_is_missed(problem: Json) -> None:
    result = regions_by_hand(problem)
    for i in range(result["n_cells"]):
        fewer = without_cell(result, i)
        beyond = result["cells"][i]["pattern"]
        expected = f"the cell {beyond}, which is not listed" if result["n_cells"] > 1 else "has a cell"
        assert expected in reasons(fewer)


def is_witness(path: tuple[Any, ...]) -> bool:
    """Whether another value may serve as well: another interior point, another point of the facet."""
    return "interior_point" in path or ("adjacencies" in path and "point" in path)


@pytest.mark.parametrize("third", THIRDS)
@pytest.mark.parametrize("problem", FEWER)
def test_a_result_with_any_entry_changed_is_rejected(problem: Json, third: int) -> None:
    result = regions_by_hand(problem)
    for path, value in list(entries(result))[third::3]:
        if path[0] in ("problem", "symflow", "command") or is_witness(path):
            continue
        if result["lineality"] and path[0] in ("lineality", "generators") and isinstance(value, str):
            continue  # another basis, another section
        for other in other_values(value):
            assert not accepted(changed(result, path, other)), (path, other)


@pytest.mark.parametrize("third", THIRDS)
@pytest.mark.parametrize("problem", SMALL)
def test_a_result_with_any_key_or_entry_missing_is_rejected(problem: Json, third: int) -> None:
    result = regions_by_hand(problem)
    for path, _ in list(entries(result))[third::3]:
        if path[0] not in ("problem", "symflow", "command"):
            assert not accepted(changed(result, path, None, removed=True)), path


JUNK: tuple[Any, ...] = (None, True, 7, "1", "x", [], {}, [[]], "9" * 200_000)


@pytest.mark.parametrize("problem", SMALL)
@pytest.mark.parametrize("shift", [0, *(pytest.param(shift, marks=pytest.mark.slow) for shift in (1, 4, 6))])
def test_junk_in_any_place_never_breaks_the_check(problem: Json, shift: int) -> None:
    result = regions_by_hand(problem)
    for i, (path, value) in enumerate(entries(result)):
        junk = JUNK[(i + shift) % len(JUNK)]
        if path == ("command",) or (path == ("generators",) and junk is None):
            continue
        found = report(changed(result, path, junk))
        is_free = is_witness(path) or (result["lineality"] and path[0] in ("lineality", "generators"))
        if path[0] not in ("problem", "symflow") and value != junk and junk != [] and not is_free:
            assert not found["accepted"], path


@pytest.mark.parametrize("name", [name for name in NETWORKS if "twice" not in name])  # max(x, t x, -x) may be |x|
def test_a_result_of_another_network_is_rejected(name: str) -> None:
    result = regions_by_hand(NETWORKS[name][0])
    for path, value in entries(result["problem"]["network"]):
        if isinstance(value, str) and "activation" not in path:
            other = changed(result, ("problem", "network", *path), str(int(value[0] == "0") + 2) + "/7")
            assert not accepted(other), path


@pytest.mark.parametrize("problem", FEWER)
def test_an_adjacency_removed_or_added_is_rejected(problem: Json) -> None:
    result = regions_by_hand(problem)
    listed = [tuple(adjacency["cells"]) for adjacency in result["adjacencies"]]
    for k in range(len(listed)):
        fewer = counted(result | {"adjacencies": result["adjacencies"][:k] + result["adjacencies"][k + 1 :]})
        assert "share a facet and are not listed" in reasons(fewer)
    for i in range(result["n_cells"]):
        for j in range(i + 1, result["n_cells"]):
            if (i, j) in listed:
                continue
            words = result["cells"][i]["pattern"], result["cells"][j]["pattern"]
            units = [flip for adjacency in result["adjacencies"] for flip in adjacency["flips"]]
            places = sorted({tuple(unit) for unit in units})
            flips = [list(p) for p, a, b in zip(places, *words, strict=False) if a != b]
            new = {"cells": [i, j], "flips": flips, "point": result["cells"][i]["interior_point"]}
            more = sorted([*result["adjacencies"], new], key=lambda adjacency: adjacency["cells"])
            assert not accepted(counted(result | {"adjacencies": more}))


def test_a_pair_that_only_touches_is_no_adjacency() -> None:
    # The quadrants -- and ++ meet in a point.
    result = regions_by_hand(network_tree("relu", [XY, OUT]))
    assert [cell["pattern"] for cell in result["cells"]] == ["--", "-+", "+-", "++"]
    new = {"cells": [0, 3], "flips": [[1, 1], [1, 2]], "point": ["0", "0"]}
    more = counted(result | {"adjacencies": sorted([*result["adjacencies"], new], key=lambda a: a["cells"])})
    assert "share no facet" in reasons(more)
    assert "not in the relative interior of a facet of cells[0]" in reasons(unspanned(more))


@pytest.mark.parametrize("spans", [True, False])
def test_a_point_off_the_facet_or_on_its_end_is_rejected(spans: bool) -> None:
    result = regions_by_hand(NETWORKS["three lines"][0], generators=spans)
    patterns = [cell["pattern"] for cell in result["cells"]]
    # Between +-- (x > 0 > y, x + y < 1) and ++- lies the segment from (0, 0) to (1, 0).
    k = next(
        k
        for k, adjacency in enumerate(result["adjacencies"])
        if {patterns[i] for i in adjacency["cells"]} == {"+--", "++-"}
    )
    for point, fits in [
        (["1/7", "0"], True),
        (["0", "0"], False),
        (["1", "0"], False),
        (["2", "0"], False),
        (["-1/2", "0"], False),
        (["1/7", "1/9"], False),
        (["1/7", "-1/9"], False),
    ]:
        assert accepted(changed(result, ("adjacencies", k, "point"), point)) is fits, point


@pytest.mark.parametrize("spans", [True, False])
def test_an_interior_point_on_a_wall_or_elsewhere_is_rejected(spans: bool) -> None:
    result = regions_by_hand(NETWORKS["three lines"][0], generators=spans)
    k = [cell["pattern"] for cell in result["cells"]].index("++-")
    for point, fits in [
        (["1/3", "1/4"], True),
        (["0", "1/2"], False),
        (["1/2", "1/2"], False),
        (["1", "0"], False),
        (["2", "2"], False),
    ]:
        assert accepted(changed(result, ("cells", k, "interior_point"), point)) is fits, point


def test_zeros_in_a_pattern_are_zeros_on_the_whole_cell() -> None:
    # At x = 0 of relu(x) the sign is 0, but no cell has it.
    for spans in (True, False):
        result = regions_by_hand(network_tree("relu", [[["1"]], [["1"]]]), generators=spans)
        forged = changed(result, ("cells", 1, "pattern"), "0")
        forged = changed(forged, ("cells", 1, "interior_point"), ["0"])
        forged["cells"] = [forged["cells"][0], forged["cells"][1]]
        assert not accepted(forged)
        forged["cells"] = forged["cells"][1:]
        forged["adjacencies"] = []
        assert not accepted(counted(forged))


def test_of_members_that_are_equal_the_first_one_wins() -> None:
    problem = network_tree(maxpool([0, 1]), [[["1"], ["1"]], [["1"]]])
    for spans in (True, False):
        result = regions_by_hand(problem, generators=spans)
        assert result["cells"][0]["pattern"] == "1"
        assert "the first one is the winner" in reasons(changed(result, ("cells", 0, "pattern"), "2"))


def test_a_cell_twice_or_in_another_order_is_rejected() -> None:
    result = regions_by_hand(NETWORKS["three lines"][0])
    twice = result["cells"][:1] + result["cells"]
    assert "sorted by their patterns" in reasons(counted(result | {"cells": twice}))
    swapped = [result["cells"][1], result["cells"][0], *result["cells"][2:]]
    assert "sorted by their patterns" in reasons(result | {"cells": swapped})
    adjacencies = result["adjacencies"]
    assert "sorted by their cells" in reasons(counted(result | {"adjacencies": [*adjacencies, adjacencies[-1]]}))
    other_way = changed(result, ("adjacencies", 0, "cells"), adjacencies[0]["cells"][::-1])
    assert "the smaller one first" in reasons(other_way)


def test_patterns_are_sorted_by_sign_then_digits_then_letters() -> None:
    # The maximum of ten lines t x - t^2 / 2, t = 0 .. 9: t wins near t, and the tenth member is "a".
    problem = network_tree(
        maxpool(list(range(10))), [[[str(t)] for t in range(10)], [["1"]]], [[f"-{t * t}/2" for t in range(10)], ["0"]]
    )
    result = regions_by_hand(problem)
    assert "".join(cell["pattern"] for cell in result["cells"]) == "123456789a"
    assert accepted(result)


@pytest.mark.parametrize("problem", POINTED)
def test_points_and_rays_are_each_there_once_and_used(problem: Json) -> None:
    result = regions_by_hand(problem)
    n = len(result["generators"])
    for k, generator in enumerate(result["generators"]):
        assert "stands twice" in reasons(result | {"generators": [*result["generators"], generator]})
        ((kind, vector),) = generator.items()
        moved = {kind: [str(int(v) + 1) if v.lstrip("-").isdigit() else "17" for v in vector]}
        assert not accepted(changed(result, ("generators", k), moved))
        for c, cell in enumerate(result["cells"]):
            others = [i for i in cell["generators"] if i != k]
            if len(others) < len(cell["generators"]):
                assert not accepted(changed(result, ("cells", c, "generators"), others))
            else:
                assert not accepted(changed(result, ("cells", c, "generators"), sorted([*others, k])))
    far = {"point": [str(97 + i) for i in range(len(result["generators"][0].get("point", [1])))]}
    if "domain" not in problem and len(far["point"]) == len(problem["network"]["weights"][0][0]):
        assert f"generators[{n}]" in reasons(result | {"generators": [*result["generators"], far]})


@pytest.mark.parametrize(
    ("generator", "reason"),
    [
        ({"ray": ["0", "2"]}, "coprime"),
        ({"ray": ["0", "1/2"]}, "coprime"),
        ({"ray": ["0", "0"]}, "lineality space, or zero"),
        ({"point": ["0"]}, "expected 2 entries"),
        ({"point": ["0", "0"], "ray": ["0", "1"]}, "expected {"),
        ({"vertex": ["0", "0"]}, "expected {"),
        (["0", "0"], "expected {"),
        ({"point": ["1e3", "0"]}, "expected"),
    ],
)
def test_a_generator_is_a_point_or_a_primitive_ray(generator: Any, reason: str) -> None:
    result = regions_by_hand(NETWORKS["three lines"][0])
    assert reason.replace('"', '\\"') in reasons(changed(result, ("generators", 0), generator))


def test_outside_the_domain_nothing_is_believed() -> None:
    result = regions_by_hand(NETWORKS["a square"][0])
    k = next(k for k, generator in enumerate(result["generators"]) if "point" in generator)
    assert "outside the domain" in reasons(changed(result, ("generators", k), {"point": ["7", "7"]}))
    assert "outside the domain" in reasons(changed(result, ("cells", 0, "interior_point"), ["-7", "-7"]))
    # The same cells in a larger domain leave their outer walls with one cell.
    larger = changed(result, ("problem", "domain"), {"box": [["-2", "1"], ["-1", "1/2"]]})
    assert not accepted(larger)


@pytest.mark.parametrize(
    "domain",
    [
        {},
        {"box": [["0", "1"]]},
        {"box": [["1", "0"], ["0", "1"]]},
        {"box": [["0", "1"], ["0"]]},
        {"box": [["0", "1"], ["0", "1"]], "A": []},
        {"A": [["1", "0"]]},
        {"A": [["1", "0"]], "b": ["1", "2"]},
        {"A": [["1"]], "b": ["1"]},
        {"A": [["1", "x"]], "b": ["1"]},
        [],
        None,
    ],
)
def test_a_domain_that_is_none_is_refused(domain: Any) -> None:
    result = regions_by_hand(NETWORKS["a square"][0])
    found = report(changed(result, ("problem", "domain"), domain))
    assert found["rejected"][0]["place"].startswith("problem.domain")


def test_a_domain_without_points_has_no_cells() -> None:
    result = regions_by_hand(NETWORKS["three lines"][0])
    empty = changed(result, ("problem", "domain"), {"A": [["0", "0"]], "b": ["-1"]})
    assert "outside the domain" in reasons(empty)
    nothing: Json = {"cells": [], "adjacencies": [], "generators": []}
    assert "has a cell" in reasons(counted(empty | nothing))


# ---------------------------------------------------------------------- lineality


@pytest.mark.parametrize(
    ("lineality", "reason"),
    [
        ([], "contain lines in 2 directions, 0 are given"),
        ([["2", "-1", "0"]], "contain lines in 2 directions, 1 are given"),
        ([["2", "-1", "0"], ["-4", "2", "0"]], "not independent"),
        ([["2", "-1", "0"], ["0", "0", "0"]], "not independent"),
        ([["2", "-1", "0"], ["1", "0", "0"]], "change in this direction"),
        ([["2", "-1", "0"], ["0", "1"]], "expected 3 entries"),
    ],
)
def test_the_lineality_space_is_all_directions_without_change(lineality: Any, reason: str) -> None:
    result = regions_by_hand(NETWORKS["one neuron in space"][0])
    assert reason in reasons(result | {"lineality": lineality})


def test_another_basis_and_another_section_serve_as_well() -> None:
    result = regions_by_hand(NETWORKS["one neuron in space"][0])
    assert accepted(result | {"lineality": [["2", "-1", "1/2"], ["0", "0", "-3"]]})
    # z = x + 2 y + 1/3. The section x = z = 0, then x = y, z = 0.
    assert (
        sorted(map(str, result["generators"]))
        == sorted(map(str, [{"ray": ["0", "-1", "0"]}, {"ray": ["0", "1", "0"]}, {"point": ["0", "-1/6", "0"]}]))
        or len(result["generators"]) == 3
    )
    sides = {-1: {"ray": ["-1", "-1", "0"]}, 1: {"ray": ["1", "1", "0"]}}
    moved = []
    for generator in result["generators"]:
        if "point" in generator:
            moved.append({"point": ["-1/9", "-1/9", "0"]})
        else:
            x, y, _ = map(int, generator["ray"])
            moved.append(sides[1 if x + 2 * y > 0 else -1])
    assert accepted(result | {"generators": moved})
    # Each of these is right as it stands, but they lie in no one section.
    k = next(k for k, generator in enumerate(moved) if "ray" in generator)
    moved[k] = {"ray": [moved[k]["ray"][0], moved[k]["ray"][1], "1"]}
    assert "transversal" in reasons(result | {"generators": moved})


def test_rays_in_the_lineality_space_and_bounded_cells_with_lines_are_refused() -> None:
    result = regions_by_hand(NETWORKS["one neuron in space"][0])
    k = next(k for k, generator in enumerate(result["generators"]) if "ray" in generator)
    assert "lineality space, or zero" in reasons(changed(result, ("generators", k), {"ray": ["0", "0", "1"]}))
    bare = unspanned(result)
    assert report(bare)["not_checked"] == []
    assert "contains a line" in reasons(counted(changed(bare, ("cells", 0, "bounded"), True)))


def test_a_map_is_checked_along_the_lineality_space_too() -> None:
    # 2 max(x, y): at the points and rays of the section alone, other gradients would fit.
    result = regions_by_hand(NETWORKS["a maximum alone"][0])
    assert result["lineality"] in ([["1", "1"]], [["-1", "-1"]])
    for cell in range(2):
        gradient = result["cells"][cell]["map"]["gradient"][0]
        for i in range(2):
            other = [str(int(g) + (j == i)) for j, g in enumerate(gradient)]
            forged = changed(result, ("cells", cell, "map", "gradient"), [other])
            assert "not the network's map" in reasons(forged)


# ---------------------------------------------------------------------- incomplete results


def admitted(result: Json, missing: list[str]) -> Json:
    return result | {"status": "incomplete", "missing": missing}


@pytest.mark.parametrize("problem", FEWER)
def test_a_cell_may_be_left_out_only_by_saying_so(problem: Json) -> None:
    result = regions_by_hand(problem)
    for i in range(result["n_cells"]):
        fewer, word = without_cell(result, i), result["cells"][i]["pattern"]
        found = report(admitted(fewer, [word]))
        assert found["accepted"], found
        assert found["not_checked"] == ["missing"]
        assert accepted(admitted(fewer, ["*" * len(word)]))
        assert accepted(admitted(fewer, [word[:1] + "*" * (len(word) - 1), "*" * len(word)]))
        assert not accepted(fewer | {"missing": [word]})
        assert not accepted(fewer | {"status": "incomplete"})
        assert not accepted(admitted(fewer, [word + "*"]))
        assert not accepted(admitted(fewer, ["?" * len(word)])) or not word
        others = [cell["pattern"] for cell in fewer["cells"]]
        if others:
            assert "neither listed nor missing" in reasons(admitted(fewer, others))
            assert not accepted(counted(admitted(fewer, [word])) | {"n_cells": result["n_cells"]})


def test_nothing_listed_claims_nothing() -> None:
    result = regions_by_hand(NETWORKS["three lines"][0])
    for i in reversed(range(result["n_cells"])):
        result = without_cell(result, i)
    found = report(admitted(result, ["***"]))
    assert found["accepted"]
    assert found["not_checked"] == ["missing"]
    bare = report(admitted(unspanned(result), ["***"]))
    assert bare["accepted"]
    assert {"missing", "n_adjacencies", "n_pieces"} <= set(bare["not_checked"])


def test_of_an_incomplete_result_adjacencies_may_neither_be_left_out_nor_invented() -> None:
    """Cells that are listed and share a facet are adjacent, whatever else is missing; the counts are those of all."""
    result = without_cell(regions_by_hand(NETWORKS["three lines"][0]), 0)
    assert accepted(admitted(result, ["***"]))
    fewer = counted(result | {"adjacencies": result["adjacencies"][1:]})
    assert "share a facet and are not listed" in reasons(admitted(fewer, ["***"]))
    assert not accepted(admitted(fewer | {"n_adjacencies": result["n_adjacencies"]}, ["***"]))
    invented = {"cells": [0, 5], "flips": [], "point": ["0", "0"]}
    assert not accepted(admitted(counted(result | {"adjacencies": [invented, *result["adjacencies"]]}), ["***"]))


# ---------------------------------------------------------------------- without points and rays


def unspanned(result: Json) -> Json:
    cells = [{key: value for key, value in cell.items() if key != "generators"} for cell in result["cells"]]
    return result | {"generators": None, "cells": cells}


@pytest.mark.parametrize("problem", CASES)
def test_without_points_and_rays_an_arrangement_is_counted(problem: Json) -> None:
    result = unspanned(regions_by_hand(problem))
    found = report(result)
    assert found["accepted"], found
    is_arrangement = "domain" not in problem and all(
        activation in ("relu", "abs", "identity", LEAKY) for activation in problem["network"]["activation"]
    )
    is_arrangement = is_arrangement and len(problem["network"]["activation"]) < 2
    assert ("status" not in found["not_checked"]) is is_arrangement
    for i in range(result["n_cells"] if is_arrangement else 0):
        assert "recomputed" in reasons(without_cell(result, i)) or result["n_cells"] == 1
    for k in range(result["n_adjacencies"] if is_arrangement else 0):
        fewer = result["adjacencies"][:k] + result["adjacencies"][k + 1 :]
        assert "n_adjacencies" in reasons(counted(result | {"adjacencies": fewer}))


@pytest.mark.parametrize("problem", FEWER)
def test_without_points_and_rays_maps_flips_and_patterns_are_still_checked(problem: Json) -> None:
    result = unspanned(regions_by_hand(problem))
    for path, value in entries(result):
        if path[0] not in ("cells", "adjacencies", "lineality") or is_witness(path) or path[-1] == "bounded":
            continue
        if path[0] == "lineality" and accepted(changed(result, path, other_values(value)[0])):
            continue  # another basis
        for other in other_values(value):
            assert not accepted(changed(result, path, other)), (path, other)


def test_generators_of_a_cell_without_points_and_rays_are_not_checked() -> None:
    result = regions_by_hand(NETWORKS["three lines"][0]) | {"generators": None}
    assert "cells[0].generators" in report(result)["not_checked"]


# ---------------------------------------------------------------------- the rest


def test_what_is_not_known_is_not_checked() -> None:
    result = regions_by_hand(NETWORKS["three lines"][0])
    result["colour"] = "blue"
    result["cells"][2]["volume"] = "1/2"
    result["cells"][2]["map"]["rank"] = 1
    result["adjacencies"][1]["length"] = "1"
    found = report(result)
    assert found["accepted"]
    assert found["not_checked"] == ["adjacencies[1].length", "cells[2].map.rank", "cells[2].volume", "colour"]


def test_data_and_objective_do_not_matter_but_the_network_must_be_one() -> None:
    problem, _ = NETWORKS["three lines"]
    result = regions_by_hand(problem)
    assert accepted(changed(result, ("problem", "objective"), {"kind": "risk", "loss": "hinge"}))
    assert accepted(changed(result, ("problem", "data"), {"inputs": "symbolic"}))
    assert not accepted(changed(result, ("problem", "colour"), "blue"))
    no_weights: list[Any] = [[], [[]], [[[]]], [[["1"]]], "W", [[1]], [["1"]]]
    for weights in no_weights:
        assert "problem.network" in reasons(changed(result, ("problem", "network", "weights"), weights))
    cubes = changed(result, ("problem", "network", "activation"), [{"name": "relu_power", "power": 2}])
    assert "no affine pieces" in reasons(cubes)
    assert accepted(changed(result, ("problem", "network", "activation"), [{"name": "relu_power", "power": 1}]))
    assert '"variable"' in reasons(result | {"variable": "time"})


def test_what_would_take_too_long_is_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    result = regions_by_hand(NETWORKS["a grid"][0])
    with monkeypatch.context() as patch:
        patch.setattr(regions, "_MOST_STEPS_OF_COUNT", 3)
        assert accepted(result)  # the other proof stands
        assert not accepted(unspanned(result))
    for steps in (0, 10, 100, 500):
        with monkeypatch.context() as patch:
            patch.setattr(regions, "_MOST_STEPS", steps)
            assert not accepted(result)


def hostile() -> dict[str, Json]:
    three = regions_by_hand(NETWORKS["three lines"][0])
    units = network_tree("relu", [[["1"]] * 20_000, [["1"] * 20_000]])
    digits = "1" + "0" * 90_000
    below = [f"1/{10**4000 + 2 * k + 1}" for k in range(100)]
    many = list(range(4_000))
    return {
        "many units": three | {"problem": units},
        "long numbers": changed(three, ("generators", 0), {"point": [digits, f"1/{digits}1"]}),
        "many denominators": three | {"problem": network_tree("relu", [[below] * 2, [["1", "1"]]])},
        "many points on one cell": changed(
            three | {"generators": [{"point": [str(k), str(k * k)]} for k in many]}, ("cells", 0, "generators"), many
        ),
        "many missing": admitted(three, ["***"] * 5_000 + ["+**"] * 5_000),
    }


def test_hostile_sizes_are_refused_in_time() -> None:
    for name, result in hostile().items():
        start = time.process_time()
        found = report(result)
        assert time.process_time() - start < 20, name
        assert found["accepted"] is (name == "many missing"), (name, found)


def test_pieces_are_joined_whatever_the_order() -> None:
    assert regions.n_pieces([0] * 5, [(0, 1), (2, 3), (1, 3), (0, 2)]) == 2
    assert Work(5).left == 5


# ---------------------------------------------------------------------- drawn networks

numbers = st.sampled_from(["-1", "0", "1", "1/2", "-2"])


@st.composite
def networks(draw: st.DrawFn) -> Json:
    width = draw(st.integers(1, 3))
    n_inputs = width
    activation: list[Any] = []
    weights: list[Any] = []
    biases: list[Any] = []
    for _ in range(draw(st.integers(1, 3))):
        rows = draw(st.integers(1, 3))
        weights.append([[draw(numbers) for _ in range(width)] for _ in range(rows)])
        biases.append([draw(numbers) for _ in range(rows)])
        kind = draw(st.sampled_from(["relu", "relu", "abs", "identity", LEAKY, "maxpool"]))
        cut = draw(st.integers(1, rows))
        groups = [list(range(cut))] + ([list(range(cut, rows))] if cut < rows else [])
        activation.append(maxpool(*groups) if kind == "maxpool" else kind)
        width = len(groups) if kind == "maxpool" else rows
    weights.append([[draw(numbers) for _ in range(width)]])
    biases.append([draw(numbers)])
    domain = {"box": [["-1", "3/2"]] * n_inputs} if draw(st.integers(0, 3)) == 0 else None
    return network_tree(activation, weights, biases if draw(st.booleans()) else None, domain)


def check_drawn(problem: Json, n_left_out: int) -> None:
    result = regions_by_hand(problem)
    found = report(result)
    assert found["rejected"] == []
    assert found["not_checked"] == []
    assert accepted(unspanned(result))
    for i in range(min(result["n_cells"], n_left_out)):
        assert not accepted(without_cell(result, i))
        assert accepted(admitted(without_cell(result, i), [result["cells"][i]["pattern"]]))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(networks())
def test_drawn_networks(problem: Json) -> None:
    check_drawn(problem, 1)


@pytest.mark.slow
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(networks())
def test_many_drawn_networks(problem: Json) -> None:
    check_drawn(problem, 5)
