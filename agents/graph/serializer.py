"""The graph's state <-> the bytes of a checkpoint: JSON values and two types of langgraph's own.

langgraph's serializer builds any object whose module and name stand in the file, and so runs what
whoever can write to the file names there. This one compares these names and never imports them.
A value is written with its hash and read only where the hash fits, and only by the version of the
graph that wrote it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from langgraph.checkpoint.serde.base import SerializerProtocol
from langgraph.checkpoint.serde.jsonplus import (
    EXT_CONSTRUCTOR_KW_ARGS,
    EXT_CONSTRUCTOR_POS_ARGS,
    JsonPlusSerializer,
)
from langgraph.types import Interrupt, Send

# Raised whenever the state's shape or the graph's nodes change: older threads then begin anew.
GRAPH_VERSION = 4
KIND = f"dreamrunner {GRAPH_VERSION}"

_HASH_BYTES = 32
_PLAIN = (bool, int, float, str)
_SEND = (EXT_CONSTRUCTOR_POS_ARGS, "langgraph.types", "Send")
_INTERRUPT = (EXT_CONSTRUCTOR_KW_ARGS, "langgraph.types", "Interrupt")


class UnreadableStateError(Exception):
    """A checkpoint holds something that this version of the graph did not write; it says what."""


class StateSerializer(SerializerProtocol):
    """Writes and reads plain values, `Send` and `Interrupt`, and nothing else."""

    def __init__(self) -> None:
        self._msgpack = JsonPlusSerializer(
            pickle_fallback=False,
            allowed_msgpack_modules=None,
            __unpack_ext_hook__=self._read_extension,
        )

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:  # Any: as the protocol has it
        """Return a value as its kind and its bytes.

        Raises:
            TypeError: it could not be read back.
        """
        _check_writable(obj)
        # In a list, because langgraph writes None in another way.
        _, content = self._msgpack.dumps_typed([obj])
        return KIND, sha256(content).digest() + content

    def loads_typed(self, data: tuple[str, bytes]) -> Any:  # Any: as the protocol has it
        """Return the value that was written.

        Raises:
            UnreadableStateError: it was not written by this version, or is damaged.
        """
        kind, sealed = data
        if kind != KIND:
            raise UnreadableStateError("it was written by another version or another program")
        seal, content = sealed[:_HASH_BYTES], sealed[_HASH_BYTES:]
        if sha256(content).digest() != seal:
            raise UnreadableStateError("it is damaged")
        try:
            [value] = self._msgpack.loads_typed(("msgpack", content))
        except (ValueError, TypeError) as error:  # msgpack hides what its hook has raised
            raise UnreadableStateError("it holds what is never written into it") from error
        return value

    def _read_extension(self, code: int, data: bytes) -> Send | Interrupt:
        """Return what an extension of msgpack stands for, which is one of two."""
        match self._msgpack.loads_typed(("msgpack", data)):
            case [str(module), str(name), [str(node), dict(arg)]] if (code, module, name) == _SEND:
                return Send(node, arg)
            case [
                str(module),
                str(name),
                {"value": value, "id": str(id_), "response_schema": None},
            ] if (code, module, name) == _INTERRUPT:
                return Interrupt(value, id_)
        raise ValueError(f"an extension of the code {code} is neither a Send nor an Interrupt")


def _check_writable(value: object) -> None:
    match value:
        case Send(arg=inner) | Interrupt(value=inner):
            _check_writable(inner)
        case dict():
            for key, item in value.items():
                _check_writable(key)
                _check_writable(item)
        case list() | tuple():
            for item in value:
                _check_writable(item)
        case BaseException():
            return  # langgraph writes its text
        case _ if value is not None and type(value) not in _PLAIN:
            raise TypeError(f"{type(value).__name__} is no JSON and cannot be part of the state")
