"""The policies of a folder that the user names, or the shipped ones."""

from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.errors import UsageError

if TYPE_CHECKING:
    from netaudit.policy.model import Policy


def policies_in(folder: Path | None) -> "tuple[Policy, ...]":
    """Load the policies of a folder, the shipped ones for None. Raises UsageError where the folder holds none."""
    from netaudit.policy.policies import load_policies

    inner = folder / "policies" if folder and (folder / "policies").is_dir() else folder
    found = load_policies(inner)
    if not found:
        raise UsageError(f"{folder} holds no policy: name a folder with one TOML file a policy (docs/reference)")
    return found
