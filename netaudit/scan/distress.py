"""Stop when the questions seem to do harm: hosts that answered before fall silent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

# A few odd hosts are no pattern.
_AT_LEAST: Final = 5


@dataclass(slots=True)
class Distress:
    """Counts hosts that answered a question of this run and then timed out twice in a row (perf.md 4).

    `share`: of the hosts that were asked; a larger one that fell silent stops the run.
    """

    stop: Callable[[str], None]
    share: float
    asked: int = 0
    fell_silent: int = 0

    def questioned(self, *, fell_silent: bool) -> None:
        """Note one finished host; calls `stop` with the reason when there are too many."""
        self.asked += 1
        self.fell_silent += fell_silent
        if self.reason:
            self.stop(self.reason)

    @property
    def reason(self) -> str:
        """Why the run must stop, "" while all is well."""
        if self.fell_silent < _AT_LEAST or self.fell_silent <= self.share * self.asked:
            return ""
        return (
            f"{self.fell_silent} of {self.asked} hosts fell silent while they were being asked: the run was stopped "
            "so as not to harm them; look at these hosts, then resume with --profile gentle"
        )
