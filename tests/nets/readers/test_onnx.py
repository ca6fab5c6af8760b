"""ONNX chains: the layers, the activations, and every other graph refused by the node's name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from symflow.errors import NotSupportedError, ProblemFileError
from symflow.nets.readers.base import WeightsFile
from symflow.nets.readers.weights_file import read_weights_file

W1 = np.array([[1, -2, 0.5], [0, 3, 0.25]], dtype="f4")
B1 = np.array([0.5, -1], dtype="f4")
W2 = np.array([[2, -0.75]], dtype="f4")
B2 = np.array([4], dtype="f4")


@pytest.fixture
def onnx() -> Any:
    return pytest.importorskip("onnx", reason="the package onnx is not installed: its files are not tested here")


def read(onnx: Any, folder: Path, nodes: list[Any], arrays: dict[str, np.ndarray], output: str = "y") -> WeightsFile:
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("x", kind, [1, 3])],
        [helper.make_tensor_value_info(output, kind, [1, 1])],
        [onnx.numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    (folder / "net.onnx").write_bytes(helper.make_model(graph).SerializeToString())
    return read_weights_file(folder / "net.onnx")


ARRAYS = {"W1": W1, "b1": B1, "W2": W2, "b2": B2, "W1t": W1.T.copy(), "W2t": W2.T.copy(), "row": B1.reshape(1, 2)}
WEIGHTS = (((1, -2, fmpq(1, 2)), (0, 3, fmpq(1, 4))), ((2, fmpq(-3, 4)),))
BIASES = ((fmpq(1, 2), -1), (4,))


def test_gemm_and_relu(onnx: Any, tmp_path: Path) -> None:
    node = onnx.helper.make_node
    nodes = [
        node("Gemm", ["x", "W1", "b1"], ["z"], transB=1),
        node("Relu", ["z"], ["a"]),
        node("Gemm", ["a", "W2t", "b2"], ["y"]),
    ]
    assert read(onnx, tmp_path, nodes, ARRAYS) == WeightsFile(WEIGHTS, BIASES, ("relu",))


def test_matmul_and_add_from_both_sides(onnx: Any, tmp_path: Path) -> None:
    node = onnx.helper.make_node
    constant = onnx.numpy_helper.from_array(B2, "")
    nodes = [
        node("MatMul", ["x", "W1t"], ["s"]),
        node("Add", ["s", "row"], ["z"]),
        node("Abs", ["z"], ["a"]),
        node("Identity", ["a"], ["c"]),
        node("Constant", [], ["k"], value=constant),
        node("MatMul", ["W2", "c"], ["t"]),
        node("Add", ["k", "t"], ["y"]),
    ]
    assert read(onnx, tmp_path, nodes, ARRAYS) == WeightsFile(WEIGHTS, BIASES, ("abs",))


def test_without_biases_or_activation(onnx: Any, tmp_path: Path) -> None:
    node = onnx.helper.make_node
    nodes = [node("MatMul", ["x", "W1t"], ["z"]), node("MatMul", ["z", "W2t"], ["y"])]
    assert read(onnx, tmp_path, nodes, ARRAYS) == WeightsFile(WEIGHTS, None, ("identity",))


def test_the_slope_of_leaky_relu_is_the_float32_it_is(onnx: Any, tmp_path: Path) -> None:
    node = onnx.helper.make_node
    for attributes, slope in (({"alpha": 0.25}, 0.25), ({}, 0.01), ({"alpha": 0.1}, 0.1)):
        nodes = [
            node("MatMul", ["x", "W1t"], ["z"]),
            node("LeakyRelu", ["z"], ["a"], **attributes),
            node("MatMul", ["a", "W2t"], ["y"]),
        ]
        expected = "/".join(map(str, float(np.float32(slope)).as_integer_ratio()))
        found = read(onnx, tmp_path, nodes, ARRAYS).activations
        assert found == ({"name": "leaky_relu", "slope": expected},)


def test_rationalize_holds_for_the_slope_too(onnx: Any, tmp_path: Path) -> None:
    node = onnx.helper.make_node
    nodes = [
        node("MatMul", ["x", "W1t"], ["z"]),
        node("LeakyRelu", ["z"], ["a"], alpha=0.1),
        node("MatMul", ["a", "W2t"], ["y"]),
    ]
    read(onnx, tmp_path, nodes, ARRAYS)
    net = read_weights_file(tmp_path / "net.onnx", rationalize=100)
    assert net.activations == ({"name": "leaky_relu", "slope": "1/10"},)


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([("Sigmoid", ["x"], ["y"])], "is not Gemm, MatMul, Add, Relu, LeakyRelu or Abs"),
        ([("MatMul", ["x", "x"], ["y"])], "does not continue the chain"),
        ([("MatMul", ["W1", "W2"], ["y"])], "does not continue the chain"),
        ([("MatMul", ["x", "V"], ["y"])], 'needs "V", which is no stored array'),
        ([("MatMul", ["x", "b1"], ["y"])], "not a matrix"),
        ([("Relu", ["x"], ["y"])], "is an activation where no layer came before"),
        ([("Add", ["x", "b1"], ["y"])], "adds a vector where no matrix was just multiplied"),
        ([("MatMul", ["x", "W1t"], ["z"]), ("Add", ["z", "b2"], ["y"])], "adds an array of shape (1,) to 2 units"),
        ([("MatMul", ["x", "W1t"], ["z"]), ("Relu", ["z"], ["y"])], "ends with an activation"),
        ([("Identity", ["x"], ["y"])], "has no Gemm or MatMul"),
        ([("MatMul", ["x", "W1t"], ["z"])], "its output is not the end of the chain"),
        ([("Gemm", ["W1", "x"], ["y"])], "does not have its input as first factor"),
        ([("Gemm", ["x", "W1t"], ["y"], {"alpha": 2.0})], "has alpha = 2.0; only 1 is read"),
        ([("Gemm", ["x", "W1t"], ["y"], {"transA": 1})], "does not have its input as first factor, untransposed"),
        (
            [("MatMul", ["x", "W1t"], ["z"]), ("Relu", ["z"], ["a"]), ("Relu", ["a"], ["y"])],
            "is an activation where no layer came before",
        ),
        (
            [("MatMul", ["x", "W1t"], ["z"]), ("Relu", ["z"], ["a"]), ("Add", ["a", "b1"], ["y"])],
            "adds a vector where no matrix was just multiplied",
        ),
        (
            [("MatMul", ["x", "W1t"], ["z"]), ("Relu", ["z"], ["a"]), ("Add", ["a", "z"], ["y"])],
            'needs "z", which is no stored array',
        ),
    ],
    ids=range(17),
)
def test_other_graphs_are_refused_by_the_name_of_the_node(
    onnx: Any, tmp_path: Path, nodes: list[tuple[Any, ...]], message: str
) -> None:
    made = [
        onnx.helper.make_node(kind, inputs, outputs, name=f"n{i}", **(rest[0] if rest else {}))
        for i, (kind, inputs, outputs, *rest) in enumerate(nodes)
    ]
    with pytest.raises(ProblemFileError) as caught:
        read(onnx, tmp_path, made, ARRAYS)
    assert message in str(caught.value)
    if message.startswith(("is not", "does", "needs", "adds", "is an")):
        assert f'node "n{len(nodes) - 1}" ({nodes[-1][0]})' in str(caught.value)


def test_several_inputs_and_outside_data_are_refused(onnx: Any, tmp_path: Path) -> None:
    node = onnx.helper.make_node("MatMul", ["x", "W"], ["y"])
    tensor = onnx.TensorProto(name="W", data_type=onnx.TensorProto.FLOAT, dims=[3, 1])
    tensor.data_location = onnx.TensorProto.EXTERNAL
    info = [onnx.helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, None) for n in ("x", "W", "y")]
    for initializers, message in (([tensor], "keeps its data in another file"), ([], "one input and one output")):
        graph = onnx.helper.make_graph([node], "net", info[:2], info[2:], initializers)
        (tmp_path / "net.onnx").write_bytes(onnx.helper.make_model(graph).SerializeToString())
        with pytest.raises(ProblemFileError, match=message):
            read_weights_file(tmp_path / "net.onnx")
    for name, tensor in (
        ("neither floats", onnx.helper.make_tensor("W", onnx.TensorProto.BOOL, [1, 1], [True])),
        ("do not fit its shape", onnx.TensorProto(name="W", data_type=1, dims=[3, 1], raw_data=b"1234")),
        ("entries; at most", onnx.TensorProto(name="W", data_type=1, dims=[2**40, 2**40])),
        ("has the shape", onnx.TensorProto(name="W", data_type=1, dims=[-1, -1])),
    ):
        graph = onnx.helper.make_graph([node], "net", info[:1], info[2:], [tensor])
        (tmp_path / "net.onnx").write_bytes(onnx.helper.make_model(graph).SerializeToString())
        with pytest.raises(ProblemFileError, match=name):
            read_weights_file(tmp_path / "net.onnx")


def test_files_that_are_no_onnx_are_refused(onnx: Any, tmp_path: Path) -> None:
    for content in (b"text", b"\xff" * 50, b"\0"):
        (tmp_path / "net.onnx").write_bytes(content)
        with pytest.raises(ProblemFileError, match=r"^net.onnx: "):
            read_weights_file(tmp_path / "net.onnx")


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    (tmp_path / "net.onnx").write_bytes(b"1")
    with pytest.raises(NotSupportedError, match=r"needs the package onnx: pip install"):
        read_weights_file(tmp_path / "net.onnx")
