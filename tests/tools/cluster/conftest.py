"""A Ray cluster of two nodes on this machine: each has one core and one worker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

# Nobody is told of it, and workers are not put behind all else that this machine does.
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"}
SMALL = {"object_store_memory": 80 * 2**20}


@dataclass
class Nodes:
    """The nodes of a cluster that workers are on."""

    cluster: Any  # Any: ray's own, which says no types
    nodes: list[Any] = field(default_factory=list)

    def add(self) -> None:
        self.nodes.append(self.cluster.add_node(num_cpus=1, **SMALL))

    def kill(self) -> None:
        """Take a node away as a power cut does: no process on it is asked."""
        self.cluster.remove_node(self.nodes.pop(), allow_graceful=False)


@pytest.fixture(scope="session")
def nodes() -> Iterator[Nodes]:
    with pytest.MonkeyPatch.context() as environment:
        for name, value in QUIET.items():
            environment.setenv(name, value)
        from ray.cluster_utils import Cluster

        head = {"num_cpus": 0, "include_dashboard": False, **SMALL}
        cluster = Cluster(initialize_head=True, head_node_args=head)
        environment.setenv("RAY_ADDRESS", cluster.address)
        found = Nodes(cluster)
        found.add()
        found.add()
        yield found
        cluster.shutdown()
