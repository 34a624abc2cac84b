"""The lock files hold names, versions and hashes; no address of this or any machine gets into them (STACK §3)."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
@pytest.mark.parametrize("address", ["://", "--index", "--extra-index", "--find-links", "--trusted-host"])
def test_lock_file_names_no_address(name, address):
    assert address not in (ROOT / name).read_text()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_file_pins_every_package_with_hashes(name):
    entries = (ROOT / name).read_text().replace("\\\n", " ").splitlines()
    unpinned = [line.split()[0] for line in entries if line.strip() and not ("==" in line and "--hash=sha256:" in line)]
    assert unpinned == []


def test_no_other_lock_file_is_tracked():
    assert not [name for name in ("uv.lock", "package-lock.json", "poetry.lock") if (ROOT / name).exists()]
