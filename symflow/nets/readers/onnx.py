"""Readers of ONNX files: chains of Gemm, MatMul, Add and activations.

Such a chain is x ↦ W_L σ(… σ(W₁ x + b₁) …) + b_L. Each node of the graph must consume the result of the one
before it and, besides, only stored arrays; whatever else a graph contains is refused by the node's name,
since the net without it would be another net. The package ``onnx`` (extra ``onnx``) parses the file.

================  ==========================================================
node              becomes
================  ==========================================================
Gemm              weight and bias; ``alpha`` and ``beta`` 1, ``transA`` 0
MatMul            weight (transposed where the input is multiplied from the left)
Add               bias of the layer before it
Relu, Abs         activation "relu", "abs"
LeakyRelu         activation "leaky_relu" with the node's slope, a float32
Identity          nothing
Constant          a stored array
================  ==========================================================

Two layers with no activation between them have the activation "identity".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, final

from symflow.errors import NotSupportedError, ProblemFileError
from symflow.exact.rationals import dyadic
from symflow.nets.readers.base import ActivationEntry, NamedArray, array_length

_ACTIVATIONS = {"Relu": "relu", "Abs": "abs"}


def read_chain(content: bytes, *, file: str) -> tuple[tuple[NamedArray, ...], tuple[ActivationEntry, ...]]:
    """Return the arrays W1, b1, W2, .. of a chain, and one activation a hidden layer.

    Raises
    ------
    NotSupportedError
        If the package ``onnx`` is missing.
    ProblemFileError
        If the file is no such chain.
    """
    try:
        import onnx  # an extra, and slow to import
    except ImportError:
        raise NotSupportedError(
            "reading .onnx needs the package onnx: pip install 'symflow[onnx]', or save the weights as npz", place=file
        ) from None
    try:
        graph = onnx.load_from_string(content).graph
    except Exception:  # the parser's error class belongs to protobuf and has moved between its versions
        raise ProblemFileError("is not an ONNX file, or only a part of one", place=file) from None
    stored = {tensor.name: _stored_array(tensor, file) for tensor in graph.initializer}
    inputs = [value.name for value in graph.input if value.name not in stored]
    if len(inputs) != 1 or len(graph.output) != 1:
        raise ProblemFileError("a net with one input and one output is needed", place=file)
    chain = _Chain(file, inputs[0])
    for node in graph.node:
        if node.op_type == "Constant" and len(node.attribute) == 1 and node.attribute[0].name == "value":
            stored[node.output[0]] = _stored_array(node.attribute[0].t, file)
        else:
            chain.extend(node, stored)
    if chain.current != graph.output[0].name:
        raise ProblemFileError("its output is not the end of the chain of nodes", place=file)
    return chain.result()


@final
@dataclass(slots=True)
class _Chain:
    """The layers found so far; changes while a graph is walked, and is not seen outside this file."""

    file: str
    current: str
    layers: list[tuple[NamedArray, NamedArray | None]] = field(default_factory=list)
    activations: list[ActivationEntry | None] = field(default_factory=list)

    def extend(self, node: Any, stored: dict[str, NamedArray]) -> None:  # a protobuf message, which has no types
        operands = [name for name in node.input if name]
        if operands.count(self.current) != 1 or len(node.output) != 1:
            raise self._refused(node, "does not continue the chain of the nodes before it")
        others = [name for name in operands if name != self.current]
        missing = [name for name in others if name not in stored]
        if missing:
            raise self._refused(node, f'needs "{missing[0]}", which is no stored array')
        arrays = [stored[name] for name in others]
        attributes = {attribute.name: attribute for attribute in node.attribute}
        if node.op_type == "Gemm":
            self._gemm(node, operands, arrays, attributes)
        elif node.op_type == "MatMul":
            is_left = operands[0] == self.current  # x W: the stored matrix has one column a unit
            self._affine(node, _transposed(arrays[0]) if is_left else arrays[0], None)
        elif node.op_type == "Add":
            self._add(node, arrays[0])
        elif node.op_type in (*_ACTIVATIONS, "LeakyRelu"):
            self._activate(node, attributes)
        elif node.op_type != "Identity":
            raise self._refused(node, "is not Gemm, MatMul, Add, Relu, LeakyRelu or Abs")
        self.current = node.output[0]

    def result(self) -> tuple[tuple[NamedArray, ...], tuple[ActivationEntry, ...]]:
        if not self.layers:
            raise ProblemFileError("has no Gemm or MatMul, so no layers", place=self.file)
        if self.activations[-1] is not None:
            raise ProblemFileError("ends with an activation; the last layer of a net is affine", place=self.file)
        arrays: list[NamedArray] = []
        for number, (weight, bias) in enumerate(self.layers, start=1):
            arrays.append(NamedArray(f"W{number}", weight.shape, weight.values))
            if bias is not None:
                arrays.append(NamedArray(f"b{number}", bias.shape, bias.values))
        return tuple(arrays), tuple(entry or "identity" for entry in self.activations[:-1])

    def _gemm(self, node: Any, operands: list[str], arrays: list[NamedArray], attributes: dict[str, Any]) -> None:
        for name, needed in (("alpha", 1.0), ("beta", 1.0)):
            if name in attributes and attributes[name].f != needed:
                raise self._refused(node, f"has {name} = {attributes[name].f}; only 1 is read")
        if operands[0] != self.current or ("transA" in attributes and attributes["transA"].i != 0):
            raise self._refused(node, "does not have its input as first factor, untransposed")
        is_by_units = "transB" in attributes and attributes["transB"].i == 1
        weight = arrays[0] if is_by_units else _transposed(arrays[0])
        self._affine(node, weight, arrays[1] if len(arrays) > 1 else None)

    def _affine(self, node: Any, weight: NamedArray, bias: NamedArray | None) -> None:
        if len(weight.shape) != 2:
            raise self._refused(node, f"multiplies by an array of {len(weight.shape)} dimensions, not a matrix")
        self.layers.append((weight, None))
        self.activations.append(None)
        if bias is not None:
            self._add(node, bias)

    def _add(self, node: Any, bias: NamedArray) -> None:
        if not self.layers or self.layers[-1][1] is not None or self.activations[-1] is not None:
            raise self._refused(node, "adds a vector where no matrix was just multiplied")
        weight = self.layers[-1][0]
        n_units = weight.shape[0]
        if bias.shape not in ((n_units,), (1, n_units)):
            raise self._refused(node, f"adds an array of shape {bias.shape} to {n_units} units")
        self.layers[-1] = (weight, NamedArray(bias.name, (n_units,), bias.values))

    def _activate(self, node: Any, attributes: dict[str, Any]) -> None:
        if not self.layers or self.activations[-1] is not None:
            raise self._refused(node, "is an activation where no layer came before")
        if node.op_type in _ACTIVATIONS:
            self.activations[-1] = _ACTIVATIONS[node.op_type]
            return
        slope = dyadic(attributes["alpha"].f if "alpha" in attributes else _DEFAULT_SLOPE)
        self.activations[-1] = {"name": "leaky_relu", "slope": str(slope)}

    def _refused(self, node: Any, reason: str) -> ProblemFileError:
        label = f'"{node.name[:60]}" ({node.op_type[:40]})' if node.name else node.op_type[:40]
        return ProblemFileError(f"node {label} {reason}; save the weights as npz", place=self.file)


# LeakyRelu's alpha is 0.01 where it is not given, as a float32: this is that number.
_DEFAULT_SLOPE = 0.009999999776482582


def _stored_array(tensor: Any, file: str) -> NamedArray:
    from onnx import TensorProto, numpy_helper

    place = f"{file}, {tensor.name[:60]}"
    if tensor.data_location == TensorProto.EXTERNAL:
        raise ProblemFileError("keeps its data in another file; save the model in one file", place=place)
    array_length(tuple(tensor.dims), place=place)
    kinds = (TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16, TensorProto.INT64, TensorProto.INT32)
    if tensor.data_type not in kinds:
        raise ProblemFileError("holds neither floats of 16, 32 or 64 bits nor integers", place=place)
    try:
        array = numpy_helper.to_array(tensor)
    except (ValueError, TypeError, AttributeError):
        raise ProblemFileError("has data that do not fit its shape", place=place) from None
    return NamedArray(tensor.name, tuple(map(int, array.shape)), array.ravel().tolist())


def _transposed(array: NamedArray) -> NamedArray:
    if len(array.shape) != 2:
        return array
    n_rows, n_columns = array.shape
    values = [array.values[i * n_columns + j] for j in range(n_columns) for i in range(n_rows)]
    return NamedArray(array.name, (n_columns, n_rows), values)
