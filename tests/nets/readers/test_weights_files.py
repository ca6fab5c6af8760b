"""Weights files of every format: exact numbers, names and shapes, and one clear message for every broken file."""

from __future__ import annotations

import io
import json
import math
import os
import struct
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from flint import fmpq

from symflow.errors import ProblemFileError
from symflow.exact.rationals import to_fraction
from symflow.nets.readers.base import NamedArray, assembled
from symflow.nets.readers.weights_file import read_weights_file

W1 = np.array([[1.0, -0.1], [0.5, 3.0]])
B1 = np.array([0.25, -1.0])
W2 = np.array([[1.0, 2.0]])
B2 = np.array([0.1])


def exact(array: np.ndarray) -> object:
    """The dyadic rationals of an array, by the standard library."""
    return tuple(
        exact(entry) if np.ndim(entry) else fmpq(*Fraction(float(entry)).as_integer_ratio()) for entry in array
    )


def safetensors(entries: dict[str, tuple[str, list[int], bytes]]) -> bytes:
    header, data = {}, b""
    for name, (dtype, shape, content) in entries.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


@pytest.fixture
def save(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def write(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


Save = Callable[[str, bytes], Path]


def npz(**arrays: object) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def refusal(path: Path, **options: int) -> str:
    with pytest.raises(ProblemFileError) as caught:
        read_weights_file(path, **options)
    message = str(caught.value)
    assert "\n" not in message
    return message


# npz


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", ">f4", ">f8", "i1", "i8", "u8"])
def test_npz_entries_are_the_exact_numbers_they_hold(save: Save, dtype: str) -> None:
    first = W1.astype(dtype) if np.dtype(dtype).kind == "f" else np.array([[1, 0], [127, 3]], dtype=dtype)
    net = read_weights_file(save("net.npz", npz(W1=first)))
    assert net.weights == (exact(first),)
    assert net.biases is None
    assert net.activations is None


def test_names_with_numbers_say_the_layers_whatever_the_order(save: Save) -> None:
    net = read_weights_file(save("net.npz", npz(b2=B2, W2=W2, b1=B1, W1=W1)))
    assert net.weights == (exact(W1), exact(W2))
    assert net.biases == (exact(B1), exact(B2))


def test_arrays_by_columns_are_read_by_rows(save: Save) -> None:
    net = read_weights_file(save("net.npz", npz(W1=np.asfortranarray(W1))))
    assert net.weights == (exact(W1),)


def test_compressed_archives_are_read(save: Save) -> None:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, W1=W1)
    assert read_weights_file(save("net.npz", buffer.getvalue())).weights == (exact(W1),)


def test_large_integers_stay_exact(save: Save) -> None:
    net = read_weights_file(save("net.npz", npz(W1=np.array([[2**63 + 1]], dtype="u8"))))
    assert net.weights == (((fmpq(2**63 + 1),),),)


def test_rationalize_is_the_best_approximation(save: Save) -> None:
    path = save("net.npz", npz(W1=np.array([[0.1, math.pi, -1 / 3]])))
    (((a, b, c),),) = read_weights_file(path, rationalize=1000).weights
    assert (a, b, c) == (fmpq(1, 10), fmpq(355, 113), fmpq(-1, 3))
    assert to_fraction(b) == Fraction(math.pi).limit_denominator(1000)
    assert read_weights_file(path, rationalize=1).weights == (((0, 3, 0),),)
    assert refusal(path, rationalize=0).startswith("rationalize: 0 is no largest denominator")


def test_state_dict_names_in_an_npz(save: Save) -> None:
    arrays = {"0.weight": W1, "0.bias": B1, "2.weight": W2, "2.bias": B2}
    net = read_weights_file(save("net.npz", npz(**arrays)))
    assert net.weights == (exact(W1), exact(W2))
    assert net.biases == (exact(B1), exact(B2))
    # a bias may also come first: its name says where it belongs
    net = read_weights_file(save("net.npz", npz(**dict(sorted(arrays.items())))))
    assert net.biases == (exact(B1), exact(B2))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_entries_that_are_no_numbers_are_named(save: Save, value: float) -> None:
    bad = np.zeros((2, 3))
    bad[1, 2] = value
    assert refusal(save("net.npz", npz(W1=W1, W2=bad))) == f"net.npz, W2[2,3]: {value} is not a number"
    assert refusal(save("net.npz", npz(W1=W1, b1=np.array([0, value])))) == f"net.npz, b1[2]: {value} is not a number"


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"W2": W2}, "W1 is missing"),
        ({"W1": W1, "W3": W2}, "W2 is missing"),
        ({"W1": W1, "W999999": W2}, "W2 is missing"),
        ({"b1": B1}, "W1 is missing"),
        ({"W1": W1, "b2": B2}, "W2 is missing"),
        ({"W1": W1, "b1": B1, "W2": W2}, "layer 2 has no bias and others have"),
        ({"W1": B1}, '"W1" has shape (2,); a weight matrix has rows and columns'),
        ({"W1": np.zeros((0, 2))}, '"W1" has shape (0, 2)'),
        ({"W1": W1, "b1": np.zeros((1, 2))}, '"b1" has shape (1, 2); "W1" has 2 rows, so (2,) is needed'),
        ({"W1": W1, "b1": np.zeros(3)}, '"b1" has shape (3,); "W1" has 2 rows'),
        ({"W1": W1, "scale": np.zeros((2, 2, 2))}, '"scale" has shape (2, 2, 2); a net is 2-D weights'),
        ({"W1": W1, "b1": B1, "scale": np.float64(2)}, '"scale" has shape ()'),
        ({"first": B1, "second": W1}, '"first" comes before every weight matrix'),
        ({"a": W1, "b": B1, "c": B1}, '"c" is a second vector for "a"'),
        ({"c": np.zeros((2, 2, 2))}, '"c" has shape (2, 2, 2)'),
        (
            {"W1": W1, "W2": W2, "b1": B1, "b2": B2, "epoch": np.float64(7)},
            '"epoch" is beside W1, b1, .. and no layer; leave it out when you save',
        ),
        (
            {"W1": W1, "W2": W2, "b1": B1, "b2": B2, "loss": B2, "epoch": B2},
            '"loss", "epoch" are beside W1, b1, .. and no layer; leave them out when you save',
        ),
        (
            {"weight1": W1, "weight2": W2, "bias1": B1, "bias2": B2},
            '"bias1" and "weight1" are names that do not say what is what; call them W1, b1, W2, ..',
        ),
        ({"fc.weight": W1, "norm.weight": B1}, '"norm.weight" is not the bias of "fc.weight"'),
        ({"fc.weight": W1, "norm.bias": B1}, '"norm.bias" is not the bias of "fc.weight"'),
        (
            {"X": np.ones((3, 2)), "y": np.ones((1, 3))},  # by their shapes a net with 2 inputs and 3 neurons
            'holds "X", "y", which are no names of weights; '
            "call a net's arrays W1, b1, W2, .. or 0.weight, 0.bias, ..",
        ),
        ({"X": W1, "y": B1}, 'holds "X", "y", which are no names of weights'),
        ({"arr_0": W1, "arr_1": B1, "arr_2": W2, "arr_3": B2}, 'holds "arr_0", "arr_1", "arr_2", "arr_3", which'),
        ({"0.weight": W1, "2.bias": W2}, 'holds "0.weight", "2.bias", which are no names of weights'),
        ({"0.weight": W1, "X": W2}, 'holds "X", which is no name of weights'),
        ({"W1": W1, "X": W2}, '"X" is beside W1, b1, .. and no layer'),
        ({}, "holds no arrays"),
    ],
    ids=lambda case: case if isinstance(case, str) else " ".join(case),
)
def test_arrays_that_are_no_net_are_refused(save: Save, arrays: dict[str, np.ndarray], message: str) -> None:
    assert refusal(save("net.npz", npz(**arrays))).startswith(f"net.npz: {message}")


@pytest.mark.parametrize(
    ("array", "found"),
    [
        (np.array([[True]]), "holds bool"),
        (np.array([[1j]]), "holds complex128"),
        (np.array([["a"]]), "holds str"),
        (np.zeros((1, 1), dtype=np.longdouble), "holds "),
    ],
    ids=["bool", "complex", "text", "long double"],
)
def test_other_kinds_of_entries_are_refused(save: Save, array: np.ndarray, found: str) -> None:
    assert refusal(save("net.npz", npz(W1=array))).startswith(f"net.npz, W1: {found}")


def test_an_array_of_python_objects_is_refused_and_not_unpickled(save: Save, tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (tmp_path / "executed",))

    path = save("net.npz", npz(W1=np.array([[Evil()]], dtype=object)))
    assert refusal(path).startswith("net.npz, W1: holds object; floats of at most 64 bits and integers are read")
    assert not (tmp_path / "executed").exists()


def npy(header: str, data: bytes = b"") -> bytes:
    text = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data


def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in members.items():
            file.writestr(name + ".npy", content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "member",
    [
        b"",
        b"text",
        npy("not a header"),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)}", b"\0" * 31),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1)}", b"\0" * 9),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -1)}", b"\0" * 8),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (999999999, 999999999)}"),
        b"\x93NUMPY\x09\x00" + b"\0" * 10,
    ],
    ids=["empty", "text", "header", "too short", "too long", "negative", "enormous", "version"],
)
def test_damaged_members_are_refused(save: Save, member: bytes) -> None:
    assert refusal(save("net.npz", archive(W1=member))).startswith("net.npz, W1: ")


# files that are not what their name says


@pytest.mark.parametrize("suffix", ["npz", "pt", "pth", "safetensors", "json"])
@pytest.mark.parametrize(
    "content",
    [b"W1 = [[1, 2]]", b"\0" * 64, b"PK\x03\x04 and no more", b"\xff" * 100, b"{", b"PK\x05\x06" + b"\0" * 18],
)
def test_files_of_another_format_get_one_clear_message(save: Save, suffix: str, content: bytes) -> None:
    assert refusal(save(f"net.{suffix}", content)).startswith(f"net.{suffix}: ")


@pytest.mark.parametrize("kept", [10, 100, 300, -1])
def test_a_truncated_npz_is_refused(save: Save, kept: int) -> None:
    message = refusal(save("net.npz", npz(W1=W1, W2=W2)[:kept]))
    assert message == "net.npz: is not an npz file, or only a part of one; save the weights again"


def test_an_archive_with_a_damaged_member_is_refused(save: Save) -> None:
    content = bytearray(npz(W1=W1))
    content[100] ^= 255  # the checksum no longer fits
    assert "is not an npz file" in refusal(save("net.npz", bytes(content)))


def test_missing_empty_and_unknown_files(tmp_path: Path, save: Save) -> None:
    assert refusal(save("net.npz", b"")) == "net.npz: is empty; save the weights again"
    assert refusal(save("net.txt", b"1")).startswith('net.txt: unknown ending ".txt"; known: .npz, .pt')
    (tmp_path / "folder.npz").mkdir()
    assert refusal(tmp_path / "folder.npz").startswith("folder.npz: is a directory")
    assert refusal(link_to_a_device(tmp_path)).startswith("device.npz: is no regular file")
    assert "no such file" in refusal(tmp_path / "absent.npz")
    assert "cannot be read" in refusal(Path("a\0b.npz"))
    assert "cannot be read" in refusal(tmp_path / ("x" * 5000 + ".npz"))


def link_to_a_device(folder: Path) -> Path:
    path = folder / "device.npz"
    path.symlink_to(os.devnull)
    return path


def test_very_large_files_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "net.npz"
    with path.open("wb") as file:
        file.truncate(2**30 + 1)  # sparse: takes no room
    assert refusal(path).startswith("net.npz: is larger than 1 GiB")


def test_archives_that_unpack_to_more_are_not_unpacked(save: Save) -> None:
    content = bytearray(npz(W1=W1))
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 2**31)  # the size a member claims
    assert refusal(save("net.npz", bytes(content))).startswith("net.npz: unpacks to more than 1 GiB")


def test_two_members_of_one_name_are_refused(save: Save) -> None:
    content = archive(W1=b"1", W2=b"2").replace(b"W2.npy", b"W1.npy")
    assert refusal(save("net.npz", content)).startswith("net.npz: holds two members of one name")


# safetensors


def test_safetensors_of_every_type(save: Save) -> None:
    entries = {
        "W1": ("F64", [2, 2], W1.astype("<f8").tobytes()),
        "W2": ("F32", [1, 2], np.array([[0.1, -2]], dtype="<f4").tobytes()),
        "W3": ("F16", [1, 1], np.array([0.1], dtype="<f2").tobytes()),
        "W4": ("BF16", [1, 2], struct.pack("<HH", 0x3FC0, 0xC000)),  # 1.5, -2
        "W5": ("I64", [1, 1], struct.pack("<q", -(2**62) - 1)),
        "W6": ("U8", [1, 1], b"\xff"),
    }
    weights = read_weights_file(save("net.safetensors", safetensors(entries))).weights
    assert weights == (
        exact(W1),
        exact(np.array([[0.1, -2]], dtype="f4")),
        exact(np.array([[0.1]], dtype="f2")),
        ((fmpq(3, 2), fmpq(-2)),),
        ((fmpq(-(2**62) - 1),),),
        ((fmpq(255),),),
    )


def f64(array: np.ndarray) -> tuple[str, list[int], bytes]:
    return "F64", list(array.shape), array.astype("<f8").tobytes()


def test_layers_of_safetensors_are_ordered_by_the_numbers_in_their_names(save: Save) -> None:
    # "10" sorts before "8" as text, and "bias" before "weight"
    entries = {"net.10.bias": B2, "net.10.weight": W2, "net.8.bias": B1, "net.8.weight": W1}
    net = read_weights_file(save("net.safetensors", safetensors({k: f64(v) for k, v in entries.items()})))
    assert net.weights == (exact(W1), exact(W2))
    assert net.biases == (exact(B1), exact(B2))


def test_data_in_safetensors_are_no_net(save: Save) -> None:
    entries = {"X": ("F64", [1, 2], bytes(16))}
    assert refusal(save("xy.safetensors", safetensors(entries))) == (
        'xy.safetensors: holds "X", which is no name of weights; '
        "call a net's arrays W1, b1, W2, .. or 0.weight, 0.bias, .."
    )


def test_names_without_an_order_are_refused_in_safetensors(save: Save) -> None:
    entries = {"decoder.weight": f64(W2), "encoder.weight": f64(W1)}
    message = refusal(save("net.safetensors", safetensors(entries)))
    assert "do not tell the order of the layers; save them as W1, b1, W2, .." in message


def test_metadata_are_ignored(save: Save) -> None:
    header = b'{"__metadata__":{"format":"pt"},"W1":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]}}'
    content = len(header).to_bytes(8, "little") + header + struct.pack("<d", 0.5)
    assert read_weights_file(save("net.safetensors", content)).weights == (((fmpq(1, 2),),),)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('{"dtype":"F64","shape":[1,1],"data_offsets":[0,16]}', "do not hold its shape"),
        ('{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]}', "do not hold its shape"),
        ('{"dtype":"F64","shape":[1,1],"data_offsets":[8,0]}', "do not hold its shape"),
        ('{"dtype":"F64","shape":[-1,-1],"data_offsets":[0,8]}', "are no sizes"),
        ('{"dtype":"F64","shape":[1.0,1],"data_offsets":[0,8]}', "are no sizes"),
        ('{"dtype":"F64","shape":[true,1],"data_offsets":[0,8]}', "are no sizes"),
        ('{"dtype":"F64","shape":[1,1],"data_offsets":[0]}', "are no sizes"),
        ('{"dtype":"F8_E4M3","shape":[8,1],"data_offsets":[0,8]}', "holds F8_E4M3"),
        ('{"dtype":["F64"],"shape":[1,1],"data_offsets":[0,8]}', "holds ['F64']"),
        ('{"dtype":"F64","shape":[99999999,999999999],"data_offsets":[0,8]}', "entries; at most"),
        ('{"dtype":"F64","shape":[1,1]}', "lacks dtype, shape or data_offsets"),
        ("1", "lacks dtype, shape or data_offsets"),
        ('{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}', "overlap or leave gaps"),
        ('{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]}', "overlap or leave gaps"),
    ],
)
def test_damaged_safetensors_are_refused(save: Save, entry: str, message: str) -> None:
    header = f'{{"W1":{entry}}}'.encode()
    content = len(header).to_bytes(8, "little") + header + b"\0" * 8
    assert message in refusal(save("net.safetensors", content))


def test_headers_that_are_no_table_are_refused(save: Save) -> None:
    for header in (b"[1, 2, 3]", b"[" * 100_000, b'{"a": 1, "a": 1}', b"\xff\xfe\xfd"):
        content = len(header).to_bytes(8, "little") + header
        assert "is not a safetensors file" in refusal(save("net.safetensors", content))
    # a header longer than the file
    assert "only a part of one" in refusal(save("net.safetensors", (2**62).to_bytes(8, "little") + b"{}"))


# JSON


def test_json_numbers_are_read_as_written(save: Save) -> None:
    text = '{"weights": [[[1, 0.1, "-1/3"]], [["2"]]], "biases": [[1e-3], ["0.5"]]}'
    net = read_weights_file(save("net.json", text.encode()))
    assert net.weights == (((fmpq(1), fmpq(1, 10), fmpq(-1, 3)),), ((fmpq(2),),))
    assert net.biases == ((fmpq(1, 1000),), (fmpq(1, 2),))
    assert read_weights_file(save("net.json", b'{"weights": [[[1]]], "biases": null}')).biases is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"weights": [[["one"]]]}', 'net.json, W1[1,1]: "one" is not a number'),
        ('{"weights": [[[1, true]]]}', "net.json, W1[1,2]: True is not a number"),
        ('{"weights": [[[[1]]]]}', "net.json, W1[1,1]: [1] is not a number"),
        ('{"weights": [[[1]], [["1/0"]]]}', "net.json, W2[1,1]: "),
        ('{"weights": [[[1]]], "biases": [[null]]}', "net.json, b1[1]: None is not a number"),
        ('{"weights": [[[NaN]]]}', "net.json: NaN is not a number"),
        ('{"weights": [[[1e99999]]]}', "net.json, W1[1,1]: "),
        ('{"weights": [[[1, 2], [3]]]}', "net.json, W1: has rows of lengths [1, 2]"),
        ('{"weights": [[1, 2]]}', "net.json, W1: is not a matrix"),
        ('{"weights": [[]]}', 'net.json: "W1" has shape (0, 0)'),
        ('{"weights": []}', "net.json: holds no arrays"),
        ('{"weights": [[[1]]], "biases": [1]}', "net.json, b1: is not a vector"),
        ('{"weights": [[[1]]], "biases": []}', 'net.json: "biases" needs 1 vectors'),
        ('{"weights": [[[1]]], "bias": []}', 'net.json: unknown key "bias"'),
        ("[[1]]", 'net.json: has no list "weights"'),
        ("{" * 5, "net.json: is not JSON"),
        ("[" * 100_000, "net.json: is not JSON"),
    ],
)
def test_json_files_that_are_no_net_are_refused(save: Save, text: str, message: str) -> None:
    assert refusal(save("net.json", text.encode())).startswith(message)


# assembling


def test_names_shown_in_messages_are_printable_and_short() -> None:
    array = NamedArray("\x1b[31m" + "x" * 200, (1,), [0])
    with pytest.raises(ProblemFileError) as caught:
        assembled([array], file="net.pt")
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 250


def test_two_arrays_of_one_name_are_refused() -> None:
    for names in (("W1", "W1"), ("a", "a")):
        arrays = [NamedArray(name, (1, 1), [1]) for name in names]
        with pytest.raises(ProblemFileError, match="two arrays of one name"):
            assembled(arrays, file="net.pt")
