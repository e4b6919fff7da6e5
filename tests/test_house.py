"""The house stands as the design draws it: what is packed, what may import what, what is banned."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

PLACES = (
    "agents",
    "dsl",
    "engine",
    "tools",
    "story",
    "plan",
    "film",
    "production",
    "bench",
    "commands",
    "cli",
)

# What nobody wants to wait for who only asks for help.
HEAVY = (
    "av",
    "diffusers",
    "langchain_core",
    "langgraph",
    "numpy",
    "open_clip",
    "peft",
    "pydantic",
    "qdrant_client",
    "spacy",
    "torch",
    "transformers",
)


def run(*command: str, cwd: Path, timeout_s: float = 120) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=timeout_s)


def tracked(repository: Path) -> list[Path]:
    """Return every file that git has or would take, or all of a copy that has no git."""
    listed = run(
        "git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", cwd=repository
    )
    assert listed.returncode == 0, listed.stderr
    files = [Path(name) for name in listed.stdout.split("\0") if name]
    return [file for file in files if (repository / file).is_file()]


def package_folders(repository: Path) -> set[str]:
    """Return the folders of the package that hold Python, as package names."""
    outside = {"tests", "benchmarks", "docs", "stories", "editors"}
    modules = (f for f in tracked(repository) if f.suffix == ".py" and f.parts[0] not in outside)
    return {".".join(("dreamrunner", *file.parent.parts)) for file in modules}


def package_data(repository: Path, settings: dict[str, list[str]]) -> set[str]:
    """Return the files that the packing list's patterns match, as they stand in a wheel."""
    found = set()
    for package, patterns in settings.items():
        folder = repository.joinpath(*package.split(".")[1:])
        for pattern in patterns:
            found |= {path.relative_to(repository) for path in folder.glob(pattern)}
    return {f"dreamrunner/{path.as_posix()}" for path in found if path in set(tracked(repository))}


@pytest.fixture(scope="module")
def settings(repository: Path) -> dict[str, object]:
    return tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel from a copy of what git has, so that nothing is left in the repository."""
    copy, built = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for file in tracked(repository):
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(repository / file, copy / file)
    made = run(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"),
        *("--no-build-isolation", "--wheel-dir", str(built), "."),
        cwd=copy,
    )
    assert made.returncode == 0, made.stderr
    return zipfile.ZipFile(next(built.glob("*.whl")))


def test_the_packing_list_names_every_folder_of_the_package(repository: Path, settings) -> None:
    listed = settings["tool"]["setuptools"]["packages"]
    assert set(listed) == package_folders(repository)
    assert len(listed) == len(set(listed))


def test_a_folder_holds_no_more_than_twenty_modules(repository: Path) -> None:
    for package in package_folders(repository):
        folder = repository.joinpath(*package.split(".")[1:])
        modules = [file for file in folder.glob("*.py") if file.name != "__init__.py"]
        assert len(modules) <= 20, f"{package} holds {len(modules)} modules"


def test_no_class_shares_its_name_with_another(repository: Path) -> None:
    """A reader who finds a name must have found the thing."""
    outside = {"tests", "benchmarks", "docs", "stories", "editors"}
    where: dict[str, list[str]] = {}
    for file in tracked(repository):
        if file.suffix == ".py" and file.parts[0] not in outside:
            tree = ast.parse((repository / file).read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    where.setdefault(node.name, []).append(str(file))
    assert {name: files for name, files in where.items() if len(files) > 1} == {}


@pytest.mark.parametrize("page", ["docs/architecture.md", "docs/trust.md", "CONTRIBUTING.md"])
def test_what_a_page_names_is_there(repository: Path, page: str) -> None:
    text = (repository / page).read_text(encoding="utf-8")
    named = {name for name in re.findall(r"`([\w./-]+)`", text) if "/" in name or ".py" in name}
    # A test file may be named beside another one of its folder.
    missing = {n for n in named if not (repository / n).exists() and not n.startswith("test_")}
    assert missing == set()


def test_every_folder_of_the_package_has_an_init(repository: Path) -> None:
    for package in package_folders(repository):
        assert (repository.joinpath(*package.split(".")[1:]) / "__init__.py").is_file(), package


def test_the_wheel_holds_exactly_the_packages_code_and_data(
    repository: Path, settings, wheel: zipfile.ZipFile
) -> None:
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    outside = {"tests", "benchmarks", "docs", "stories", "editors"}
    code = {
        f"dreamrunner/{file.as_posix()}"
        for file in tracked(repository)
        if file.suffix == ".py" and file.parts[0] not in outside
    }
    data = package_data(repository, settings["tool"]["setuptools"]["package-data"])
    assert packed == code | data
    assert any(name.endswith(".lark") for name in data)


def test_every_data_file_beside_the_code_is_packed(repository: Path, settings) -> None:
    """A grammar, a prompt, a page or a weight that no pattern matches would be missed at work."""
    packed = package_data(repository, settings["tool"]["setuptools"]["package-data"])
    places = {"agents", "dsl", "engine", "tools"}
    data = {
        f"dreamrunner/{file.as_posix()}"
        for file in tracked(repository)
        if file.parts[0] in places and file.suffix != ".py"
    }
    assert data <= packed


def test_the_wheel_says_who_it_is(wheel: zipfile.ZipFile) -> None:
    from dreamrunner import __version__

    names = wheel.namelist()
    metadata = wheel.read(next(n for n in names if n.endswith("METADATA"))).decode()
    assert f"\nVersion: {__version__}\n" in metadata
    assert "\nLicense-Expression: Apache-2.0\n" in metadata
    assert any(name.endswith("licenses/LICENSE") for name in names)
    entry_points = wheel.read(next(n for n in names if n.endswith("entry_points.txt"))).decode()
    assert "dreamrunner = dreamrunner.cli:main" in entry_points


@pytest.mark.parametrize("place", PLACES)
def test_a_bare_import_fails(repository: Path, place: str) -> None:
    """From the root, `import dsl` would make a second copy of every class in it."""
    done = run(sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, '.'); import {place}",
               cwd=repository)  # fmt: skip
    assert done.returncode == 1
    assert "ImportError: attempted relative import" in done.stderr


@pytest.mark.parametrize("name", [*PLACES, "errors"])
def test_the_linter_bans_a_bare_import(repository: Path, name: str) -> None:
    source = f"import {name}\n\nprint({name})\n"
    linted = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--select=TID251", "--stdin-filename=tests/x.py",
         "-"],
        cwd=repository, input=source, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert linted.returncode == 1, linted.stderr
    assert f"`{name}` is banned" in linted.stdout


def test_the_import_contracts_hold(repository: Path) -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = run(str(lint), "--no-cache", cwd=repository)
    assert done.returncode == 0, done.stdout


def test_help_loads_nothing_heavy(repository: Path) -> None:
    script = (
        "import sys\n"
        "sys.argv = ['dreamrunner', '--help']\n"
        "from dreamrunner.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    assert end.code == 0, end.code\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = run(sys.executable, "-c", script, cwd=repository)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "LOADED []"


def test_importing_the_package_does_nothing(repository: Path) -> None:
    script = "import sys; before = set(sys.modules); import dreamrunner; " \
             "print(sorted(n for n in set(sys.modules) - before if '.' in n or n in " \
             f"{HEAVY!r}))"  # fmt: skip
    done = run(sys.executable, "-c", script, cwd=repository)
    assert done.stdout.strip() == "[]"


def test_no_file_names_a_place_on_somebodys_machine(repository: Path) -> None:
    home = re.compile(r"(?<![\w./-])/(?:home|Users|root|work|mnt)/\w+")
    found = []
    for file in tracked(repository):
        data = (repository / file).read_bytes()
        if b"\0" in data[:4096] or file == Path("tests/test_house.py"):
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1):
            if home.search(line):
                found.append(f"{file}:{number}: {line.strip()}")
    assert found == []


def test_nothing_is_left_for_later(repository: Path) -> None:
    """Unfinished work lives in issues, and a check that may fail is no check."""
    left = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b|\|\| true")
    found = [
        f"{file}:{number}"
        for file in tracked(repository)
        if file.suffix == ".py" or file.name in ("Makefile", "run")
        if file != Path("tests/test_house.py")
        for number, line in enumerate((repository / file).read_text("utf-8").splitlines(), start=1)
        if left.search(line)
    ]
    assert found == []
