"""Parts of the project in another folder."""

import shutil
from pathlib import Path

from build import ROOT


def copied(folder: Path, *names: str, data: bool = True) -> Path:
    """Copy files and folders of the project into a folder, which is returned.

    Without compiled modules, and without `data` also without the images and labels of MNIST.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unread = shutil.ignore_patterns("__pycache__", *([] if data else ["*.gz"]))
    for name in names:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=unread)
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder
