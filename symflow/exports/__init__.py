"""Claims written for a second kernel: Coq scripts in which the net is defined, and the claim is about it.

``nets_over_q.v`` defines nets over the rationals, with maxima, as they are, and proves once what every script needs:
on a cell, that is, under the signs of the preactivations, the net is the polynomial with the slopes of the cell. Each
exported claim is one theorem about the net itself, with its certificate in the proof: multipliers, squares, arcs,
convex weights, functionals. Nothing is left to search: the tactics are ``ring``, evaluation of numbers, and glue.

An exporter reads a result from its JSON, the file that ``symflow verify`` reads too, and never decides whether a claim
is true: from a wrong one comes a script that Coq refuses. What has no script yet is named, with the reason.

Examples
--------
>>> from symflow.exports.results import export_result
>>> problem = {
...     "network": {"activation": ["relu"], "weights": [[["1", "-1"]], [["2"]]]},
...     "data": {"inputs": [["1", "1"]]}, "objective": {"kind": "output"},
... }
>>> cell = {"pattern": "+", "gradient": ["2", "2", "0"], "certificate": {"kind": "arc", "arc": [["1", "0", "0"]]}}
>>> export = export_result({"command": "clarke", "problem": problem, "cells": [cell], "refuted": []})
>>> [claim.kind for claim in export.claims]
['cell', 'gradient']
"""
