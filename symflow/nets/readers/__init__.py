"""Readers of weights files: npz, PyTorch state dicts, safetensors, JSON, ONNX.

A reader turns the bytes of a file into named arrays of exact numbers (a float is the dyadic rational it is),
and :mod:`symflow.nets.readers.base` turns named arrays into layers. Files are data: no reader executes
anything in one, and one that is truncated, damaged or something else than its name says is refused with one
message that names the place.

>>> from symflow.nets.readers.base import NamedArray, assembled
>>> assembled([NamedArray("0.weight", (1, 2), [0.5, -1.0])], file="net.pt").weights
(((1/2, -1),),)
"""
