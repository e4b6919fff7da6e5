"""Given what an editor sends, expect it as it is, or one error where it would fill the memory."""

from __future__ import annotations

import io

import pytest

from dreamrunner.dsl.lsp import Host, serve
from dreamrunner.dsl.lsp.bounded_input import LARGEST_MESSAGE_BYTES, BoundedInput
from dreamrunner.errors import InputError


class Unread(io.BytesIO):
    """Headers alone: whoever asks for a body has believed them."""

    def read(self, size: int | None = -1) -> bytes:
        raise AssertionError(size)


def test_headers_and_bodies_come_as_they_are() -> None:
    source = BoundedInput(io.BytesIO(b"Content-Length: 5\r\n\r\nhelloContent"))
    assert [source.readline(), source.readline()] == [b"Content-Length: 5\r\n", b"\r\n"]
    assert [source.read(5), source.readline(), source.readline()] == [b"hello", b"Content", b""]


def test_the_largest_message_is_read() -> None:
    line = b"Content-Length: %d\r\n" % LARGEST_MESSAGE_BYTES
    assert BoundedInput(io.BytesIO(line)).readline() == line


@pytest.mark.parametrize(
    "length", [str(LARGEST_MESSAGE_BYTES + 1), "99999999999", "1" * 3000, f"{'0' * 30}99999999999"]
)
def test_a_message_of_gigabytes_is_refused_before_it_is_read(storybook, length: str) -> None:
    sent = Unread(f"Content-Length: {length}\r\n\r\n".encode())
    with pytest.raises(InputError, match="the editor announced a message of"):
        serve(Host(storybook), "test", sent)


def test_a_header_without_an_end_is_refused(storybook) -> None:
    with pytest.raises(InputError, match="a header of more than 4,096 bytes"):
        serve(Host(storybook), "test", io.BytesIO(b"Content-Length" * 1000))


def test_more_than_a_message_has_is_not_read() -> None:
    with pytest.raises(InputError, match="bytes"):
        BoundedInput(Unread()).read(LARGEST_MESSAGE_BYTES + 1)
