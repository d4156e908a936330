"""What is deployed holds no test code, and needs none."""

import subprocess
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = ROOT / ".venv-tools" / "uv"
DEPLOYED = {
    "masijala-auth": "auth_service",
    "masijala-common": "common",
    "masijala-core": "core_service",
    "masijala-gateway": "gateway",
}
OF_TESTS = ("pytest", "testcontainers", "hypothesis", "masijala-testkit", "masijala-devstack")


@pytest.mark.parametrize("package", DEPLOYED)
def test_a_wheel_holds_its_package_alone(package: str, tmp_path: Path) -> None:
    command: list[str | Path] = [
        UV,
        "build",
        "--offline",
        "--wheel",
        "--package",
        package,
        "--out-dir",
        tmp_path,
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own uv
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = (name for name in names if name.endswith("METADATA"))
        needs = Parser().parsestr(archive.read(metadata).decode()).get_all("Requires-Dist", [])
        imports = [name for name in names if b"import pytest" in archive.read(name)]

    assert {name.split("/")[0].partition("-")[0] for name in names} == {
        DEPLOYED[package],
        package.replace("-", "_"),
    }
    assert not [name for name in names if {"testing", "tests", "testkit"} & set(name.split("/"))]
    assert not [need for need in needs if need.startswith(OF_TESTS)]
    assert not imports
