"""Encryption is believed only where the machine shows it below the very folder."""

import pytest

from tantam.launch import volume

MOUNTS = """\
22 1 8:1 / / rw - ext4 /dev/sda1 rw
30 22 253:0 / /srv rw - ext4 /dev/mapper/tantam rw
31 22 0:40 / /memory rw - tmpfs tmpfs rw
32 22 0:41 / /pool rw - zfs pool/data rw
33 22 253:5 / /striped rw - xfs /dev/mapper/striped rw
"""


@pytest.fixture
def machine(tmp_path):
    """A disk, a crypt volume on it, and a stripe over one encrypted and one plain device."""
    sys, mounts = tmp_path / "sys", tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)

    def device(number, uuid="", below=()):
        folder = sys / "devices" / number.replace(":", "-")
        (folder / "slaves").mkdir(parents=True)
        if uuid:
            (folder / "dm").mkdir()
            (folder / "dm" / "uuid").write_text(uuid)
        for other in below:
            (folder / "slaves" / other.replace(":", "-")).symlink_to(
                sys / "devices" / other.replace(":", "-")
            )
        (sys / "dev" / "block").mkdir(parents=True, exist_ok=True)
        (sys / "dev" / "block" / number).symlink_to(folder)

    device("8:1")
    device("253:0", "CRYPT-LUKS2-abc", ["8:1"])
    device("253:5", "LVM-xyz", ["253:0", "8:1"])
    return {"mounts": mounts, "sys": sys}


@pytest.mark.parametrize(
    ("folder", "encrypted"),
    [
        ("/srv/tantam", True),
        ("/var/tantam", False),
        ("/memory/d", False),
        ("/pool/d", None),
        ("/striped/d", False),
    ],
)
def test_every_way_down_has_to_be_encrypted(machine, tmp_path, folder, encrypted):
    assert volume.of(tmp_path.__class__(folder), **machine).is_encrypted is encrypted


def test_a_machine_that_shows_nothing_is_not_believed(tmp_path):
    found = volume.of(tmp_path, mounts=tmp_path / "none", sys=tmp_path)

    assert found.is_encrypted is None
