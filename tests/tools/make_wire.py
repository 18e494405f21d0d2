"""Writes the browser's types from `ann_dashboard.film.wire`: ``python tests/tools/make_wire.py``."""

import inspect
import json
import types
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from ann_dashboard.film import wire

TARGET = Path(wire.__file__).parents[1] / "frontend/src/wire.ts"
HEAD = (
    "// What travels between Python and the browser. Written from film/wire.py by tests/tools/make_wire.py.\n"
)
PLAIN = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
    object: "unknown",
}
LINE = 110


def typescript() -> str:
    """The text of wire.ts."""
    members = {name: value for name, value in vars(wire).items() if value is not Any}
    constants = [_constant(name, value) for name, value in members.items() if name.isupper()]
    declared = [
        _interface(value) if is_typeddict(value) else _union(name, value)
        for name, value in members.items()
        if is_typeddict(value) or isinstance(value, types.UnionType)
    ]
    return "\n".join([HEAD, "\n".join(constants), *declared])


def _constant(name: str, value: Any) -> str:
    if isinstance(value, dict):
        lines = "".join(f"  {key}: {json.dumps(text)},\n" for key, text in value.items())
        return f"export const {name}: Record<string, string> = {{\n{lines}}};\n".rstrip("\n")
    if isinstance(value, tuple):
        return f"export const {name} = [{', '.join(map(json.dumps, value))}];"
    return f"export const {name} = {json.dumps(value)};"


def _interface(declared: Any) -> str:
    text = (declared.__doc__ or "").strip().splitlines()
    head = f"// {text[0]}\n" if text and not text[0].startswith("dict") else ""
    optional = declared.__optional_keys__
    lines = "".join(
        f"  {name}{'?' if name in optional else ''}: {_written(hint)};\n"
        for name, hint in get_type_hints(declared).items()
    )
    return f"{head}export interface {declared.__name__} {{\n{lines}}}\n"


def _union(name: str, union: Any) -> str:
    parts = [one.__name__ for one in get_args(union)]
    line = f"export type {name} = {' | '.join(parts)};\n"
    if len(line) <= LINE:
        return line
    return f"export type {name} =\n" + "\n".join(f"  | {part}" for part in parts) + ";\n"


def _written(hint: Any) -> str:
    origin, inside = get_origin(hint), get_args(hint)
    if hint in PLAIN:
        return PLAIN[hint]
    if is_typeddict(hint):
        return hint.__name__
    if origin is NotRequired:
        return _written(inside[0])
    if origin is Literal:
        return " | ".join(map(json.dumps, inside))
    if origin in (Union, types.UnionType):
        return " | ".join(map(_written, inside))
    if origin is tuple:
        return f"[{', '.join(map(_written, inside))}]"
    if inspect.isclass(origin) and issubclass(origin, Mapping):
        return f"Record<{_written(inside[0])}, {_written(inside[1])}>"
    if inspect.isclass(origin) and issubclass(origin, Sequence):
        item = _written(inside[0])
        return f"({item})[]" if " | " in item else f"{item}[]"
    raise TypeError(f"{hint} cannot be written as a type of the browser: add it to make_wire.py")


if __name__ == "__main__":
    TARGET.write_text(typescript(), encoding="utf-8")
