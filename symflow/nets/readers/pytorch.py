"""Readers of PyTorch state dicts, without PyTorch and without executing anything.

A ``.pt`` file is a zip archive: a pickle, ``data.pkl``, which says what the object is made of, and one member
of raw bytes for each storage. A pickle is a program for a stack machine, and Python's unpickler runs whatever
it says. Here the program is read by ``pickletools`` and interpreted by a machine of our own, which knows the
opcodes that a dict of tensors needs and no more. A name in the program is a key into :data:`_ADMITTED` and
nothing else: it is never imported, and a name that is not there ends the reading. What is called are
functions of this file that build plain tuples.

References
----------
PyTorch, *Serialization semantics*; Python, ``pickletools`` (the opcodes).
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np

from symflow.errors import ProblemFileError
from symflow.nets.readers.base import NamedArray, array_length
from symflow.nets.readers.zip_archive import zip_members

# Before version 1.6 a file was a sequence of pickles, the first of which is this magic number.
_LEGACY_BEGINNING = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."

_STORAGES = {
    "DoubleStorage": "f8",
    "FloatStorage": "f4",
    "HalfStorage": "f2",
    "BFloat16Storage": "bfloat16",
    "LongStorage": "i8",
    "IntStorage": "i4",
    "ShortStorage": "i2",
    "CharStorage": "i1",
    "ByteStorage": "u1",
}


def read_arrays(content: bytes, *, file: str) -> tuple[NamedArray, ...]:
    """Return the tensors of a state dict saved by ``torch.save(net.state_dict(), path)``, in its order.

    Raises
    ------
    ProblemFileError
        If the file holds anything but a dict of tensors.
    """
    if content.startswith(_LEGACY_BEGINNING):
        raise ProblemFileError(
            "is in PyTorch's format of before version 1.6; load it there and save its state_dict() again", place=file
        )
    members = zip_members(content, file=file, expected="a file of torch.save")
    programs = [name for name in members if name == "data.pkl" or name.endswith("/data.pkl")]
    if len(programs) != 1:
        raise ProblemFileError("is not a file of torch.save: no data.pkl in the archive", place=file)
    folder = programs[0].removesuffix("data.pkl")
    state = _Machine(file).run(members[programs[0]])
    if not isinstance(state, dict):
        raise ProblemFileError(f"holds {_described(state)}; save net.state_dict()", place=file)
    is_big_endian = members.get(f"{folder}byteorder") == b"big"
    arrays = []
    for name, tensor in state.items():
        if not isinstance(tensor, _Tensor):
            raise ProblemFileError(
                f"its entry {name[:60]!r} is {_described(tensor)}, no tensor; save net.state_dict() alone", place=file
            )
        data = members.get(f"{folder}data/{tensor.storage.key}")
        arrays.append(_array(name, tensor, data, is_big_endian, f"{file}, {name}"))
    return tuple(arrays)


@final
@dataclass(frozen=True, slots=True)
class _Name:
    """A name of the program, such as ``torch FloatStorage``; a key, never looked up anywhere."""

    module: str
    name: str


@final
@dataclass(frozen=True, slots=True)
class _Storage:
    kind: str
    key: str
    length: int


@final
@dataclass(frozen=True, slots=True)
class _Tensor:
    """A view of a storage."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _MalformedError(Exception):
    """The program does not build a dict of tensors; the message says where it goes astray."""


@final
class _Mark:
    """What the opcode MARK leaves on the stack."""


@final
class _Machine:
    """Interprets the opcodes that a dict of tensors needs."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._stack: list[object] = []
        self._memo: dict[int, object] = {}

    def run(self, program: bytes) -> object:
        """Return the object that the program builds."""
        try:
            for opcode, argument, _ in pickletools.genops(program):
                if opcode.name == "STOP":
                    return self._pop()
                self._step(opcode.name, argument)
        except _MalformedError as error:
            raise ProblemFileError(str(error), place=self._file) from None
        # ValueError: pickletools met an unknown opcode or the end; the others: operands missing or of other
        # types
        except (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, MemoryError):
            pass
        raise ProblemFileError("its data.pkl is damaged; save the state dict again", place=self._file)

    def _step(self, opcode: str, argument: object) -> None:
        if opcode in _IGNORED:
            return
        if opcode in _LITERALS:
            self._stack.append(argument)
        elif opcode in _CONSTANTS:
            self._stack.append(_CONSTANTS[opcode]())
        elif opcode in _TUPLES:
            n_entries = _TUPLES[opcode]
            self._stack.append(tuple(self._pop() for _ in range(n_entries))[::-1])
        else:
            action = _ACTIONS.get(opcode)
            if action is None:
                raise _MalformedError(
                    f"asks for the pickle opcode {opcode}, which no state dict needs; refused: "
                    "save net.state_dict() alone"
                )
            action(self, argument)

    def _pop(self) -> object:
        return self._stack.pop()

    def _pop_to_mark(self) -> list[object]:
        above: list[object] = []
        while not isinstance(entry := self._pop(), _Mark):
            above.append(entry)
        return above[::-1]

    def mark_tuple(self, _: object) -> None:
        """TUPLE."""
        self._stack.append(tuple(self._pop_to_mark()))

    def put(self, index: object) -> None:
        """PUT: remember the top of the stack under a number."""
        self._memo[_size(index)] = self._stack[-1]

    def memoize(self, _: object) -> None:
        """MEMOIZE: the same under the next number."""
        self._memo[len(self._memo)] = self._stack[-1]

    def get(self, index: object) -> None:
        """GET: what was remembered."""
        self._stack.append(self._memo[_size(index)])

    def name(self, argument: object) -> None:
        """GLOBAL: a name, as text."""
        module, _, name = str(argument).partition(" ")
        self._admit(module, name)

    def stack_name(self, _: object) -> None:
        """STACK_GLOBAL: a name whose two parts are on the stack."""
        name, module = self._pop(), self._pop()
        self._admit(str(module), str(name))

    def _admit(self, module: str, name: str) -> None:
        key = _Name(module, name)
        if key not in _ADMITTED and not (module == "torch" and name in _STORAGES):
            raise _MalformedError(
                f"asks for {module:.60}.{name:.60}, which is no tensor; refused, nothing was executed: "
                "save net.state_dict() alone"
            )
        self._stack.append(key)

    def storage(self, _: object) -> None:
        """BINPERSID: a reference to a member of the archive."""
        reference = self._pop()
        if not isinstance(reference, tuple) or len(reference) != 5 or reference[0] != "storage":
            raise _MalformedError("refers to something that is no storage of a tensor")
        _, kind, key, _, length = reference
        if not isinstance(kind, _Name) or kind.name not in _STORAGES or not isinstance(key, str):
            raise _MalformedError("refers to a storage of unknown kind")
        self._stack.append(_Storage(_STORAGES[kind.name], key, _size(length)))

    def call(self, _: object) -> None:
        """REDUCE: one of the admitted constructions; there is nothing else to call."""
        arguments, called = self._pop(), self._pop()
        if not isinstance(called, _Name) or called not in _ADMITTED or not isinstance(arguments, tuple):
            raise _MalformedError("calls something that builds no tensor; refused")
        self._stack.append(_ADMITTED[called](arguments))

    def set_items(self, _: object) -> None:
        """SETITEMS: entries of a dict, down to the mark."""
        entries = self._pop_to_mark()
        for key, value in zip(entries[::2], entries[1::2], strict=True):
            self._set(key, value)

    def set_item(self, _: object) -> None:
        """SETITEM: one entry of a dict."""
        value, key = self._pop(), self._pop()
        self._set(key, value)

    def _set(self, key: object, value: object) -> None:
        target = self._stack[-1]
        # Only text is a key: the hash of a tuple nested a million times deep would end the process.
        if not isinstance(target, dict) or not isinstance(key, str):
            raise _MalformedError("holds a table whose entries are not named; save net.state_dict() alone")
        target[key] = value

    def drop_state(self, _: object) -> None:
        """BUILD: attributes of an object; the only ones are ``_metadata``, version numbers of the modules."""
        self._pop()


def _ordered_dict(arguments: tuple[object, ...]) -> dict[str, object]:
    if arguments:
        raise _MalformedError("builds an OrderedDict in a way that no state dict does")
    return {}


def _tensor(arguments: tuple[object, ...]) -> _Tensor:
    storage, offset, shape, strides, *_ = arguments
    if not isinstance(storage, _Storage) or not isinstance(shape, tuple) or not isinstance(strides, tuple):
        raise _MalformedError("builds a tensor from something that is no storage")
    if len(shape) != len(strides):
        raise _MalformedError("builds a tensor whose shape and strides do not fit")
    return _Tensor(storage, _size(offset), tuple(map(_size, shape)), tuple(map(_size, strides)))


def _parameter(arguments: tuple[object, ...]) -> _Tensor:
    if not arguments or not isinstance(arguments[0], _Tensor):
        raise _MalformedError("builds a parameter from something that is no tensor")
    return arguments[0]


def _size(value: object) -> int:
    if type(value) is not int or value < 0:
        raise _MalformedError("builds a tensor whose sizes are no sizes")
    return value


_ADMITTED: dict[_Name, Callable[[tuple[object, ...]], object]] = {
    _Name("collections", "OrderedDict"): _ordered_dict,
    _Name("torch._utils", "_rebuild_tensor_v2"): _tensor,
    _Name("torch._utils", "_rebuild_parameter"): _parameter,
}

_IGNORED = frozenset({"PROTO", "FRAME"})
_LITERALS = frozenset(
    {"BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT"}
)
_CONSTANTS: dict[str, Callable[[], object]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "MARK": _Mark,
    "EMPTY_DICT": dict,
    "EMPTY_TUPLE": tuple,
}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_ACTIONS: dict[str, Callable[[_Machine, object], None]] = {
    "TUPLE": _Machine.mark_tuple,
    "BINPUT": _Machine.put,
    "LONG_BINPUT": _Machine.put,
    "MEMOIZE": _Machine.memoize,
    "BINGET": _Machine.get,
    "LONG_BINGET": _Machine.get,
    "GLOBAL": _Machine.name,
    "STACK_GLOBAL": _Machine.stack_name,
    "BINPERSID": _Machine.storage,
    "REDUCE": _Machine.call,
    "SETITEMS": _Machine.set_items,
    "SETITEM": _Machine.set_item,
    "BUILD": _Machine.drop_state,
}


def _array(name: str, tensor: _Tensor, data: bytes | None, is_big_endian: bool, place: str) -> NamedArray:
    length = array_length(tensor.shape, place=place)
    kind = tensor.storage.kind
    order = ">" if is_big_endian else "<"
    dtype = np.dtype(order + ("u2" if kind == "bfloat16" else kind))
    if data is None or len(data) != tensor.storage.length * dtype.itemsize:
        raise ProblemFileError("its data are missing or of another size; save it again", place=place)
    last = tensor.offset + sum((n - 1) * step for n, step in zip(tensor.shape, tensor.strides, strict=True))
    if length and last >= tensor.storage.length:
        raise ProblemFileError("reaches beyond its data; save it again", place=place)
    storage = np.frombuffer(data, dtype=dtype)
    if kind == "bfloat16":  # the upper half of a float32
        storage = (storage.astype("=u4") << 16).view("=f4")
    positions = np.full(tensor.shape, tensor.offset, dtype=np.int64)
    for axis, (n, step) in enumerate(zip(tensor.shape, tensor.strides, strict=True)):
        along = [1] * len(tensor.shape)
        along[axis] = n
        positions += (np.arange(n, dtype=np.int64) * step).reshape(along)
    return NamedArray(name, tensor.shape, storage[positions.ravel()].tolist())


def _described(value: object) -> str:
    if isinstance(value, _Tensor):
        return "a single tensor"
    if isinstance(value, dict):
        return "a dict"
    if isinstance(value, (str, int, float)):
        return f"{value!r:.40}"
    return "something else"
