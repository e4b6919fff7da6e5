"""A Ray cluster of two nodes on this machine, one for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .node_kills import QUIET, Nodes, two_nodes


@pytest.fixture(scope="session")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    with pytest.MonkeyPatch.context() as environment:
        # Workers take it over: what they have of a shared store lies there.
        environment.setenv("DREAMRUNNER_CACHE", str(tmp_path_factory.mktemp("workers")))
        for name, value in QUIET.items():
            environment.setenv(name, value)
        with two_nodes() as found:
            environment.setenv("RAY_ADDRESS", found.address)
            yield found
