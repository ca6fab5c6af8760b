"""symflow: exact nonsmooth calculus of small ReLU nets.

The Clarke differential of a net's output or risk at any point, kinks and corners included, as an exact set with a
certificate; what automatic differentiation returns there, and whether it is right; closed forms, piece by piece.

>>> from symflow import *
>>> net = Network.from_weights([[1, -1], [-1, 0]], [[1, "-1/2"]], activation="relu")
>>> R = EmpiricalRisk(net, Dataset(inputs=[(1, 1), (-1, -1)], labels=[1, -1]), loss="exponential")
>>> dR = clarke_differential(R)
>>> dR
ClarkeDifferential(segment in R^6, 2 vertices, exact)
>>> dR.contains(autodiff_selection(R)).is_refuted
True

Importing symflow imports nothing else: each name below brings its own part of the house when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symflow._version import __version__
    from symflow.activations.base import activation
    from symflow.cells.derivation import Derivation, derive
    from symflow.cells.star import Star, star
    from symflow.differentials.clarke import clarke_differential
    from symflow.differentials.clarke_set import ClarkeDifferential
    from symflow.differentials.conservative import conservative_outer_set
    from symflow.differentials.convex_subdifferential import convex_subdifferential
    from symflow.differentials.directional import clarke_directional_derivative, directional_derivative
    from symflow.differentials.regularity import (
        is_clarke_regular,
        is_differentiable,
        is_frechet_stationary,
        is_strictly_differentiable,
    )
    from symflow.differentials.selection import audit, autodiff_selection
    from symflow.differentials.stationarity import stationarity
    from symflow.errors import (
        BudgetExceededError,
        InexactNumberError,
        InputError,
        NotSupportedError,
        NotUniqueError,
        ProblemFileError,
        ShapeError,
        SymflowError,
        UnknownNameError,
        WrongTypeError,
    )
    from symflow.flows.crosscheck import crosscheck
    from symflow.flows.gradient_flow import gradient_flow
    from symflow.flows.trajectory import Trajectory
    from symflow.laws.conservation import ConservationLaws, conservation_laws, laws_on_cells
    from symflow.laws.of_problem import laws_of_problem
    from symflow.lecturing import LectureNotes, lecture_notes
    from symflow.losses.base import loss
    from symflow.nets.architecture import Architecture
    from symflow.nets.dataset import Dataset
    from symflow.nets.empirical_risk import EmpiricalRisk
    from symflow.nets.network import Network
    from symflow.nets.objective import Combination, LogSumExp, Output, Risk
    from symflow.nets.realization import Realization
    from symflow.pictures.laws_picture import laws_map
    from symflow.pictures.matplotlib_regions import plot_regions
    from symflow.pictures.matplotlib_trajectory import plot_trajectory
    from symflow.pictures.tikz_regions import tikz_regions
    from symflow.problem import Problem
    from symflow.problem_file import read_problem
    from symflow.problem_tree import problem_from_tree
    from symflow.proofs.claim import Claim
    from symflow.proofs.kernel import Theorem
    from symflow.proving import prove, verify
    from symflow.regions.region_graph import RegionGraph
    from symflow.reports.names import using_names
    from symflow.verdict import Proved, Refuted, Undecided

# Where each public name is at home; after a colon, what it is called there.
_HOMES = {
    "Network": "symflow.nets.network",
    "Architecture": "symflow.nets.architecture",
    "Dataset": "symflow.nets.dataset",
    "Realization": "symflow.nets.realization",
    "EmpiricalRisk": "symflow.nets.empirical_risk",
    "Output": "symflow.nets.objective",
    "Combination": "symflow.nets.objective",
    "Risk": "symflow.nets.objective",
    "LogSumExp": "symflow.nets.objective",
    "activation": "symflow.activations.base",
    "loss": "symflow.losses.base",
    "clarke_differential": "symflow.differentials.clarke",
    "ClarkeDifferential": "symflow.differentials.clarke_set",
    "autodiff_selection": "symflow.differentials.selection",
    "audit": "symflow.differentials.selection",
    "directional_derivative": "symflow.differentials.directional",
    "clarke_directional_derivative": "symflow.differentials.directional",
    "is_strictly_differentiable": "symflow.differentials.regularity",
    "is_differentiable": "symflow.differentials.regularity",
    "is_clarke_regular": "symflow.differentials.regularity",
    "is_frechet_stationary": "symflow.differentials.regularity",
    "stationarity": "symflow.differentials.stationarity",
    "convex_subdifferential": "symflow.differentials.convex_subdifferential",
    "conservative_outer_set": "symflow.differentials.conservative",
    "derive": "symflow.cells.derivation",
    "Derivation": "symflow.cells.derivation",
    "star": "symflow.cells.star",
    "Star": "symflow.cells.star",
    "RegionGraph": "symflow.regions.region_graph",
    "conservation_laws": "symflow.laws.conservation",
    "laws_on_cells": "symflow.laws.conservation",
    "laws_of_problem": "symflow.laws.of_problem",
    "ConservationLaws": "symflow.laws.conservation",
    "laws_map": "symflow.pictures.laws_picture",
    "plot_regions": "symflow.pictures.matplotlib_regions",
    "tikz_regions": "symflow.pictures.tikz_regions",
    "gradient_flow": "symflow.flows.gradient_flow",
    "Trajectory": "symflow.flows.trajectory",
    "crosscheck": "symflow.flows.crosscheck",
    "plot_trajectory": "symflow.pictures.matplotlib_trajectory",
    "prove": "symflow.proving",
    "verify": "symflow.proving",
    "lecture_notes": "symflow.lecturing",
    "LectureNotes": "symflow.lecturing",
    "Theorem": "symflow.proofs.kernel",
    "Claim": "symflow.proofs.claim",
    "Proved": "symflow.verdict",
    "Refuted": "symflow.verdict",
    "Undecided": "symflow.verdict",
    "Problem": "symflow.problem",
    "read_problem": "symflow.problem_file",
    "using_names": "symflow.reports.names",
    "problem_from_tree": "symflow.problem_tree",
    "SymflowError": "symflow.errors",
    "InputError": "symflow.errors",
    "InexactNumberError": "symflow.errors",
    "ShapeError": "symflow.errors",
    "ProblemFileError": "symflow.errors",
    "UnknownNameError": "symflow.errors",
    "NotSupportedError": "symflow.errors",
    "NotUniqueError": "symflow.errors",
    "BudgetExceededError": "symflow.errors",
    "WrongTypeError": "symflow.errors",
    "__version__": "symflow._version",
}

__all__ = [
    "Network",
    "Architecture",
    "Dataset",
    "Realization",
    "EmpiricalRisk",
    "Output",
    "Combination",
    "Risk",
    "LogSumExp",
    "activation",
    "loss",
    "clarke_differential",
    "ClarkeDifferential",
    "autodiff_selection",
    "audit",
    "directional_derivative",
    "clarke_directional_derivative",
    "is_strictly_differentiable",
    "is_differentiable",
    "is_clarke_regular",
    "is_frechet_stationary",
    "stationarity",
    "convex_subdifferential",
    "conservative_outer_set",
    "derive",
    "Derivation",
    "star",
    "Star",
    "RegionGraph",
    "conservation_laws",
    "laws_on_cells",
    "laws_of_problem",
    "ConservationLaws",
    "laws_map",
    "plot_regions",
    "tikz_regions",
    "gradient_flow",
    "Trajectory",
    "crosscheck",
    "plot_trajectory",
    "prove",
    "verify",
    "lecture_notes",
    "LectureNotes",
    "Theorem",
    "Claim",
    "Proved",
    "Refuted",
    "Undecided",
    "Problem",
    "read_problem",
    "using_names",
    "problem_from_tree",
    "SymflowError",
    "InputError",
    "InexactNumberError",
    "ShapeError",
    "ProblemFileError",
    "UnknownNameError",
    "NotSupportedError",
    "NotUniqueError",
    "BudgetExceededError",
    "WrongTypeError",
    "__version__",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home, _, called = _HOMES[name].partition(":")
    value = getattr(importlib.import_module(home), called or name)
    globals()[name] = value  # so that it is asked once
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
