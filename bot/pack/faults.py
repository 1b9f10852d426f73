"""What is wrong with a content pack, said so that whoever wrote the pack can put it right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel
from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """One thing to put right: in which file, on which line (from 1), in which field, and what."""

    file: str
    line: int
    field: str
    sentence: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: "
        return f"{where}{self.field}: {self.sentence}" if self.field else where + self.sentence


@dataclass(frozen=True)
class Faults:
    """Everything that is wrong with a pack, by file and line; there is always at least one."""

    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


_SENTENCES = {
    "string_type": "Write a text here.",
    "string_too_short": "This text is empty.",
    "string_too_long": "This text is too long: at most {max_length} characters.",
    "int_type": "Write a whole number here.",
    "int_parsing": "Write a whole number here.",
    "int_from_float": "Write a whole number here.",
    "float_type": "Write a number here.",
    "float_parsing": "Write a number here.",
    "bool_type": "Write true or false here.",
    "bool_parsing": "Write true or false here.",
    "literal_error": "This has to be one of: {expected}.",
    "tuple_type": "Write a list here, each item on a line of its own after a dash.",
    "too_short": "Write at least {min_length} here.",
    "too_long": "This list is too long: at most {max_length}.",
    "greater_than_equal": "This number is too small: at least {ge}.",
    "less_than_equal": "This number is too large: at most {le}.",
    "dict_type": "Write one text for each language here, such as “en: …”, each on an indented line.",
    "model_type": "Write fields here, such as “id: …”, each on an indented line.",
}


def sentence_for(error: ErrorDetails, fields: Iterable[str]) -> str:
    """Say a validation error as a sentence; `fields` are the names allowed where it happened."""
    kind = error["type"]
    if kind == "missing":
        return f"This is missing: add “{error['loc'][-1]}:”."
    if kind == "extra_forbidden":
        return unknown(str(error["loc"][-1]), fields)
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind in _SENTENCES:
        context = dict(error.get("ctx", {}))
        if "expected" in context:
            context["expected"] = re.sub(r" or |, ", ", ", str(context["expected"])).replace("'", "")
        return _SENTENCES[kind].format(**context)
    return error["msg"] + "."


def unknown(name: str, allowed: Iterable[str]) -> str:
    """Say that a field is not known, and which one was probably meant."""
    names = list(allowed)
    if near := difflib.get_close_matches(name, names, n=1):
        return f"There is no field of this name. Did you mean “{near[0]}”?"
    return f"There is no field of this name. The fields here are: {', '.join(names)}."


def fields_at(model: type[BaseModel], path: Path) -> tuple[str, ...]:
    """Name the fields that a model, or the model inside it that the path leads to, may have."""
    for step in path:
        if isinstance(step, int) or step not in model.model_fields:
            continue
        inner = _model_in(model.model_fields[step].annotation)
        if inner is not None:
            model = inner
    return tuple(model.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        if (found := _model_in(part)) is not None:
            return found
    return None
