"""How far a run is: by steps, which is reproducible, or by minutes of running time."""

import statistics
import time
from dataclasses import dataclass, field

_PAUSE = 4.0  # a step that takes so many times the usual was paused; only the usual time counts


@dataclass(frozen=True)
class Budget:
    """Either a number of steps or of minutes, not both."""

    steps: int | None = None
    minutes: float | None = None

    def __post_init__(self) -> None:
        if (self.steps is None) == (self.minutes is None):
            raise ValueError(f"budget must be either steps or minutes, got steps {self.steps} and minutes {self.minutes}")

    def progress(self, steps: int, seconds: float) -> float:
        """0 at the start, 1 at the end."""
        done = steps / self.steps if self.steps is not None else seconds / (60 * self.minutes)
        return min(1.0, done)


@dataclass
class RunningTime:
    """A stopwatch that does not count the time for which the process was stopped; with `whole` it counts everything."""

    seconds: float = 0.0
    whole: bool = False
    _recent: list[float] = field(default_factory=list)
    _last: float | None = None

    def lap(self) -> None:
        """Counts the time since the last lap or restart."""
        now = time.monotonic()
        if self._last is not None:
            self._recent = [*self._recent[-49:], now - self._last]
            self.seconds += self._recent[-1] if self.whole else min(self._recent[-1], _PAUSE * statistics.median(self._recent))
        self._last = now

    def restart(self) -> None:
        """Leaves out what happened since the last lap."""
        now = time.monotonic()
        if self.whole and self._last is not None:
            self.seconds += now - self._last
        self._last = now

    def step_seconds(self) -> float:
        """The usual duration of a lap."""
        return statistics.median(self._recent) if self._recent else 0.0
