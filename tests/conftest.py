"""Golden files: `golden("help/render.txt", text)`, rewritten by `pytest --update-golden`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes is the machine's business: no test asks the clock.
settings.register_profile("any clock", deadline=None)
settings.load_profile("any clock")

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite golden files with what comes out now"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden file of a name, or write it there when asked to."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"{name} has no golden file: run pytest --update-golden and read it"
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository, which is the root of the package."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True, scope="session")
def nobody_speaks() -> Iterator[None]:
    """Keep commands of tests silent: loading a voice takes seconds. Tests of speech ask for it."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DREAMRUNNER_VOICE", "none")
        yield


@pytest.fixture(scope="session")
def bucket() -> Iterator[str]:
    """Return the URL of an empty bucket of an S3 server on this machine."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        environment.setenv("AWS_ACCESS_KEY_ID", "nobody")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        import s3fs

        s3fs.S3FileSystem.clear_instance_cache()
        s3fs.S3FileSystem().mkdir("films")
        yield "s3://films"
        s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


@pytest.fixture(autouse=True)
def own_log_level() -> None:
    """Take back the log's level: commands within the tests' own process set it, and so do those
    of a module's own fixtures, before any test of it begins."""
    logging.getLogger("dreamrunner").setLevel(logging.NOTSET)
