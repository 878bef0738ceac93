"""Where the shipped data lies: in the repository's top level, or inside the wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """Return the folder `signatures` or `oui_data`, wherever this installation keeps it.

    Raises FileNotFoundError when the installation is incomplete.
    """
    for base in (_PACKAGE / "_data", _PACKAGE.parent):
        folder = base / name
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"netaudit is installed without its {name}/ folder: install it again")
