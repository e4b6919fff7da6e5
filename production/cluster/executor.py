"""`--on ray` -> the executor of a cluster, or what is missing for it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from ...errors import InputError

if TYPE_CHECKING:
    from ...tools.cluster.ray_executor import RayExecutor
    from ..settings import Settings
    from .worker import Order


def executor_on(settings: Settings, order: Order) -> AbstractContextManager[RayExecutor]:
    """Open the executor that the user chose.

    Raises:
        InputError: Ray is not installed.
        ClusterError: the cluster cannot be reached.
    """
    from ..settings import store_of

    try:
        from ...tools.cluster.ray_executor import ray_executor
    except ModuleNotFoundError as missing:
        if missing.name != "ray":
            raise
        raise InputError(
            "--on ray needs Ray; install it with: pip install dreamrunner[cluster]"
        ) from missing
    assert settings.on is not None  # else nobody asks for a cluster
    return ray_executor(settings.on, settings.worker_cores, order, store_of(settings))
