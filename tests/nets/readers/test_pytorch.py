"""PyTorch's files, assembled by hand: read without PyTorch, and never executed."""

from __future__ import annotations

import io
import os
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from flint import fmpq

from symflow.errors import ProblemFileError
from symflow.nets.readers.pytorch import read_arrays
from symflow.nets.readers.weights_file import read_weights_file

ORDERED_DICT = b"ccollections\nOrderedDict\n)R"


def text(value: str) -> bytes:
    return b"X" + struct.pack("<I", len(value.encode())) + value.encode()


def integer(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def integers(values: Sequence[int]) -> bytes:
    return b"(" + b"".join(map(integer, values)) + b"t"


def tensor(
    key: str,
    length: int,
    shape: Sequence[int],
    strides: Sequence[int],
    *,
    offset: int = 0,
    kind: str = "FloatStorage",
) -> bytes:
    """The opcodes with which PyTorch writes a tensor."""
    storage = b"(" + text("storage") + f"ctorch\n{kind}\n".encode() + text(key) + text("cpu") + integer(length) + b"tQ"
    view = integer(offset) + integers(shape) + integers(strides) + b"\x89" + ORDERED_DICT
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + view + b"tR"


def state_dict(**entries: bytes) -> bytes:
    items = b"".join(text(name.replace("__", ".")) + value for name, value in entries.items())
    metadata = b"}" + text("_metadata") + ORDERED_DICT + b"sb"
    return b"\x80\x02" + ORDERED_DICT + b"(" + items + b"u" + metadata + b"."


def archive(program: bytes, **storages: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("net/data.pkl", program)
        file.writestr("net/byteorder", b"big" if storages.pop("big", None) else b"little")
        for key, content in storages.items():
            file.writestr(f"net/data/{key.removeprefix('s')}", content)
        file.writestr("net/version", b"3\n")
    return buffer.getvalue()


def floats(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}f", *values)


def refusal(content: bytes) -> str:
    with pytest.raises(ProblemFileError) as caught:
        read_arrays(content, file="net.pt")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_state_dict_is_read(tmp_path: Path) -> None:
    program = state_dict(
        **{
            "0__weight": tensor("0", 4, (2, 2), (2, 1)),
            "0__bias": tensor("1", 2, (2,), (1,)),
            "2__weight": tensor("2", 2, (1, 2), (2, 1)),
            "2__bias": tensor("3", 1, (1,), (1,)),
        }
    )
    path = tmp_path / "net.pth"
    path.write_bytes(archive(program, s0=floats(1, -0.5, 0.1, 3), s1=floats(0, 1), s2=floats(2, 0.25), s3=floats(-1)))
    net = read_weights_file(path)
    tenth = fmpq(*float(np.float32(0.1)).as_integer_ratio())
    assert net.weights == (((1, fmpq(-1, 2)), (tenth, 3)), ((2, fmpq(1, 4)),))
    assert net.biases == ((0, 1), (-1,))


def test_views_follow_offset_and_strides() -> None:
    program = state_dict(
        transposed=tensor("0", 6, (3, 2), (1, 3)),
        part=tensor("0", 6, (2,), (2,), offset=1),
        repeated=tensor("0", 6, (1, 3), (0, 0), offset=5),
        scalar=tensor("0", 6, (), (), offset=2),
        empty=tensor("0", 6, (0, 2), (2, 1)),
    )
    arrays = read_arrays(archive(program, s0=floats(0, 1, 2, 3, 4, 5)), file="net.pt")
    assert [array.values for array in arrays] == [[0, 3, 1, 4, 2, 5], [1, 3], [5, 5, 5], [2], []]
    assert [array.shape for array in arrays] == [(3, 2), (2,), (1, 3), (), (0, 2)]


@pytest.mark.parametrize(
    ("kind", "data", "value"),
    [
        ("DoubleStorage", struct.pack("<d", 0.1), 0.1),
        ("HalfStorage", np.array([0.1], "<f2").tobytes(), float(np.float16(0.1))),
        ("BFloat16Storage", struct.pack("<H", 0xC000), -2.0),
        ("LongStorage", struct.pack("<q", 2**62 + 1), 2**62 + 1),
        ("ByteStorage", b"\xff", 255),
        ("CharStorage", b"\xff", -1),
    ],
)
def test_all_kinds_of_numbers(kind: str, data: bytes, value: float) -> None:
    program = state_dict(w=tensor("0", 1, (1, 1), (1, 1), kind=kind))
    (array,) = read_arrays(archive(program, s0=data), file="net.pt")
    assert array.values == [value]
    (array,) = read_arrays(archive(program, s0=data[::-1], big=b"1"), file="net.pt")
    assert array.values == [value]


def test_parameters_and_newer_pickles_are_read() -> None:
    weight = b"ctorch._utils\n_rebuild_parameter\n(" + tensor("0", 1, (1, 1), (1, 1)) + b"\x88" + ORDERED_DICT + b"tR"
    # protocol 4: frame, short text, a name from the stack, memoize; a plain dict
    program = b"\x80\x04\x95" + b"\0" * 8 + b"}\x94\x8c\x01w\x94" + weight + b"s."
    program = program.replace(b"ccollections\nOrderedDict\n", b"\x8c\x0bcollections\x8c\x0bOrderedDict\x93")
    (array,) = read_arrays(archive(program, s0=floats(0.5)), file="net.pt")
    assert (array.name, array.values) == ("w", [0.5])


class Evil:
    """Pickles to a call of os.system."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, (f"touch '{self._path}'",)


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
@pytest.mark.parametrize("wrap", [lambda e: e, lambda e: {"0.weight": e}, lambda e: OrderedDict(a=e)])
def test_a_pickle_that_calls_os_system_is_refused_and_not_executed(
    tmp_path: Path, protocol: int, wrap: Callable[[Evil], object]
) -> None:
    trace = tmp_path / "executed"
    program = pickle.dumps(wrap(Evil(trace)), protocol=protocol)
    assert "refused" in refusal(archive(program))
    assert not trace.exists()
    pickle.loads(program)  # the program does what it is feared to do
    assert trace.exists()


@pytest.mark.parametrize(
    "program",
    [
        b"cbuiltins\neval\n(" + text("1") + b"tR.",
        b"\x80\x02cos\nsystem\n.",
        b"\x80\x04\x8c\x02os\x8c\x06system\x93.",
        b"(ios\nsystem\n.",  # INST
        b"\x82\x01.",  # EXT1
        b"ctorch\nload\n.",
        b"ctorch.nn.modules.linear\nLinear\n)\x81}b.",  # a whole module, NEWOBJ
        b"ctorch._utils\n_rebuild_tensor_v2.__globals__\n.",
        b"ccollections\nOrderedDict\n" + b")R" + b")R.",  # calls what a call returned
        text("os.system") + b")R.",
        b"ctorch\nFloatStorage\n)R.",
        b"ccollections\nOrderedDict\n(]tR.",
        b"ccollections\nOrderedDict\n(Nt" + b"R.",
    ],
    ids=range(13),
)
def test_other_programs_are_refused(program: bytes) -> None:
    message = refusal(archive(program))
    assert message.startswith("net.pt: ")
    assert "refused" in message or "no state dict" in message


@pytest.mark.parametrize(
    "program",
    [
        b"",
        b"\x80\x02",
        b"R.",
        b".",
        b"}(u",
        b"t.",
        b"h\x05.",
        b"}(K\x01u.",
        b"\xff\xff.",
        b"X\xff\xff\xff\xffabc.",
        b"}(K\x01K\x02u.",
        b"Ns.",
        b"NNNs.",
        b"((((K\x01tttts.",
        b"\x8d" + b"\xff" * 8 + b".",
        b"\x8a\xff.",
        b"K\x01Q.",
        b"(" + text("storage") + b"NNNNtQ.",
        b"(" + text("module") + b"NNNNtQ.",
        b"(ctorch\nFloatStorage\n" + b"tQ.",
        b"ctorch._utils\n_rebuild_tensor_v2\n)R.",
        b"ctorch._utils\n_rebuild_tensor_v2\n(NK\x00))NtR.",
        b"ctorch._utils\n_rebuild_parameter\n)R.",
        b"}" + b"K\x01" + b"\x85" * 200_000 + b"Ns.",
        state_dict(w=tensor("0", 1, (1, 1), (1,))),
        state_dict(w=tensor("0", 1, (-1, -1), (1, 1))),
        state_dict(w=tensor("0", 1, (1, 1), (1, 1), offset=-1)),
        state_dict(w=tensor("0", -1, (1, 1), (1, 1))),
        state_dict(w=tensor("1", 1, (1, 1), (1, 1))),
        state_dict(w=tensor("0", 2, (1, 1), (1, 1))),
        state_dict(w=tensor("0", 1, (1, 2), (1, 1))),
        state_dict(w=tensor("0", 1, (1, 1), (1, 1), offset=1)),
        state_dict(w=tensor("0", 1, (2**30, 2**30), (0, 0))),
        state_dict(w=tensor("0", 1, (1, 1), (1, 1), kind="BoolStorage")),
        state_dict(w=b"K\x05"),
        state_dict(w=b"}"),
        state_dict(w=b"N"),
        state_dict(w=text("hello")),
        b"\x80\x02" + tensor("0", 1, (1,), (1,)) + b".",
        b"K\x05.",
        b"(K\x05t.",
    ],
    ids=range(41),
)
def test_programs_that_build_no_dict_of_tensors_are_refused(program: bytes) -> None:
    assert refusal(archive(program, s0=floats(1))).startswith("net.pt")


def test_what_else_a_checkpoint_holds_is_named() -> None:
    program = state_dict(w=tensor("0", 1, (1, 1), (1, 1)), epoch=b"K\x05")
    message = refusal(archive(program, s0=floats(1)))
    assert message == "net.pt: its entry 'epoch' is 5, no tensor; save net.state_dict() alone"


def test_the_format_of_before_version_1_6_is_named() -> None:
    content = pickle.dumps(0x1950A86A20F9469CFC6C, protocol=2) + pickle.dumps(1001, protocol=2)
    assert "before version 1.6" in refusal(content)


def test_archives_without_a_program_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("net/version", b"3")
    assert "no data.pkl" in refusal(buffer.getvalue())


def test_files_of_pytorch_itself_are_read(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: its own files are not tested here")
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    for dtype in (torch.float32, torch.float64, torch.float16, torch.bfloat16):
        net = net.to(dtype)
        for protocol in (2, 4):
            torch.save(net.state_dict(), tmp_path / "net.pt", pickle_protocol=protocol)
            found = read_weights_file(tmp_path / "net.pt")
            assert found.biases is not None
            for layer, ours, bias in zip((net[0], net[2]), found.weights, found.biases, strict=True):
                theirs = layer.weight.to(torch.float64).tolist()
                assert ours == tuple(tuple(fmpq(*x.as_integer_ratio()) for x in row) for row in theirs)
                theirs = layer.bias.to(torch.float64).tolist()
                assert bias == tuple(fmpq(*x.as_integer_ratio()) for x in theirs)
    # views, parameters, the old format, and a whole module
    matrix = torch.arange(12.0).reshape(3, 4)
    torch.save({"W1": matrix.t(), "W2": torch.nn.Parameter(matrix[:, 1:3])}, tmp_path / "net.pt")
    views = read_weights_file(tmp_path / "net.pt").weights
    assert [[int(x.p) for x in row] for row in views[0]] == matrix.t().int().tolist()
    assert [[int(x.p) for x in row] for row in views[1]] == matrix[:, 1:3].int().tolist()
    torch.save(net.state_dict(), tmp_path / "old.pt", _use_new_zipfile_serialization=False)
    assert "before version 1.6" in refusal((tmp_path / "old.pt").read_bytes())
    torch.save(net, tmp_path / "module.pt")
    assert "torch.nn.modules.container.Sequential, which is no tensor" in refusal((tmp_path / "module.pt").read_bytes())
    torch.save({"model": net.state_dict(), "epoch": 3}, tmp_path / "checkpoint.pt")
    assert "'model' is a dict, no tensor" in refusal((tmp_path / "checkpoint.pt").read_bytes())
