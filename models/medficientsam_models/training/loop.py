"""The training loop: steps, moving average, checkpoints, validation. One process, or several under `torchrun`."""

import copy
import itertools
import json
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, distributed, nn
from torch.utils.data import DataLoader, Dataset

from ..errors import InvalidInputError
from ..weights import checkpoints
from .budget import Budget, RunningTime
from .images import LabelledImage
from .mixture import Batches, share
from .processes import place
from .recipe import Recipe, Stage

_LOG_SECONDS = 60
_SMOOTHING = 0.98  # of the figures in the log

Validate = Callable[[nn.Module], Mapping[str, Any]]


@dataclass(frozen=True)
class Settings:
    """Where and how a run is made; nothing here changes what is learned, except seed and precision."""

    out: Path
    seed: int = 1
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    half: bool = True              # bfloat16 where that is safe
    workers: int = 1
    save_minutes: float = 5.0
    validate_minutes: float = 10.0
    clock: bool = False            # every second counts, also those of pauses, saves and first steps


@dataclass
class Progress:
    """What a run has done so far."""

    step: int = 0
    images: int = 0
    boxes: int = 0
    curve: list[dict[str, Any]] = field(default_factory=list)


class Loop:
    """Trains a model in place; `average` holds the moving average of its weights, which is what is validated and shipped."""

    def __init__(self, model: nn.Module, objective: nn.Module, images: Sequence[LabelledImage], recipe: Recipe, budget: Budget,
                 settings: Settings, *, name: str = "train", validate: Validate | None = None,
                 batches: Callable[[Stage], Dataset] | None = None, saved: Callable[[nn.Module], None] | None = None):
        """`batches` makes the numbered batches of a stage where they are not the images' own; `saved` is given the average at
        every save."""
        self._numbered = batches or self._of_images
        self._recipe, self._budget, self._settings = recipe, budget, settings
        self._images, self._validate, self._saved, self._name = images, validate, saved, name
        self._rank, self._processes = place()
        # Channels last: twice as fast on CPUs, and what tensor cores want.
        self.model = model.to(settings.device, memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.model).eval()
        self._objective = objective.to(settings.device)
        self._parameters = [p for p in itertools.chain(model.parameters(), objective.parameters()) if p.requires_grad]
        self._optimizer = _optimizer(self.model, self._objective, recipe, fused=settings.device.type == "cuda")
        self._followed = [(slow, fast) for slow, fast in zip(self.average.state_dict().values(), self.model.state_dict().values(),
                                                             strict=True) if slow.is_floating_point()]
        self._progress, self._time = Progress(), RunningTime(whole=settings.clock)
        self._figures: dict[str, float | Tensor] = {}
        self._unread: tuple[int, Tensor, Tensor] | None = None

    @property
    def curve(self) -> list[dict[str, Any]]:
        """A point per validation: step, images, minutes, training figures and validation tables."""
        return self._progress.curve

    def run(self) -> None:
        """Trains until the budget is spent; resumes from the checkpoint in the output folder if there is one."""
        self._settings.out.mkdir(parents=True, exist_ok=True)
        self._resume()
        stages, batches, stop = (), [], False
        next_log = time.monotonic()
        next_save = self._time.seconds + 60 * self._settings.save_minutes
        next_validation = self._time.seconds + 60 * self._settings.validate_minutes
        with _stop_requests() as requested:
            self._time.restart()
            while True:
                seconds, stop = self._agree(self._time.seconds, requested())
                progress = self._budget.progress(self._progress.step, seconds)
                if progress >= 1 or stop:
                    break
                if seconds >= next_validation:
                    self._record(progress)
                    next_validation = seconds + 60 * self._settings.validate_minutes
                if seconds >= next_save:
                    self._save()
                    next_save = seconds + 60 * self._settings.save_minutes
                if self._recipe.stages_at(progress) != stages:
                    stages = self._recipe.stages_at(progress)
                    batches = [self._batches(stages, turn) for turn in range(len(stages))]
                    if any(stage.frozen_norms for stage in stages):
                        self._hold_statistics()
                turn = self._progress.step % len(stages)
                self._step(next(batches[turn]).to(self._settings.device), stages[turn], self._recipe.rate(progress))
                self._time.lap()
                if self._rank == 0 and time.monotonic() >= next_log:
                    self._log(progress)
                    next_log = time.monotonic() + _LOG_SECONDS
        if not stop:
            self._record(1.0)
        self._save()
        if stop:
            raise KeyboardInterrupt

    def _batches(self, stages: Sequence[Stage], turn: int) -> Any:
        """A batch's number is the step it is for."""
        first = self._progress.step + (turn - self._progress.step) % len(stages)
        loader = DataLoader(self._numbered(stages[turn]), batch_size=None, sampler=itertools.count(first, len(stages)),
                            num_workers=self._settings.workers, worker_init_fn=_single_thread)
        return iter(loader)

    def _of_images(self, stage: Stage) -> Dataset:
        return Batches(self._images, self._recipe.mixture, size=stage.size, batch=share(stage.batch, self._processes),
                       boxes_per_image=self._recipe.boxes_per_image, seed=self._settings.seed, rank=self._rank)

    @torch.no_grad()
    def _hold_statistics(self) -> None:
        """From here on BatchNorm normalises by the average's statistics: smoother, and alike in every process."""
        for module, average in zip(self.model.modules(), self.average.modules(), strict=True):
            if isinstance(module, nn.BatchNorm2d):
                for name in ("running_mean", "running_var"):
                    value = getattr(average, name)
                    if self._processes > 1:
                        distributed.broadcast(value, 0)
                    getattr(module, name).copy_(value)

    def _step(self, batch: Any, stage: Stage, rate: float) -> None:
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        self.model.train()
        if stage.frozen_norms:
            for module in self.model.modules():
                if isinstance(module, nn.BatchNorm2d):
                    module.eval()
        with torch.autocast(self._settings.device.type, dtype=torch.bfloat16, enabled=self._settings.half):
            loss, figures = self._objective(self.model, batch)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = self._share_gradients()
        self._check()  # the step before: to read this one's would leave a GPU idle while the next is prepared
        self._unread = self._progress.step, loss.detach(), norm
        self._optimizer.step()
        self._progress.step += 1
        self._progress.images += batch.image_count * self._processes
        self._progress.boxes += batch.box_count * self._processes
        self._follow()
        for key, value in {**figures, "loss": loss.detach(), "gradient": norm.detach()}.items():
            self._figures[key] = _SMOOTHING * self._figures.get(key, value) + (1 - _SMOOTHING) * value

    def _check(self) -> None:
        """That the gradient of the last step was finite; nothing that came of another one is saved."""
        if self._unread is not None and not torch.isfinite(self._unread[2]):
            step, loss, _ = self._unread
            raise InvalidInputError(f"loss must stay finite, got {loss.item()} at step {step}: "
                                    "start from other weights or lower the learning rate")
        self._unread = None

    def _share_gradients(self) -> Tensor:
        """Averages the gradients over the processes and clips them; returns their norm before clipping."""
        if self._processes > 1:
            flat = torch.cat([_gradient(p).flatten() for p in self._parameters])
            distributed.all_reduce(flat)
            flat /= self._processes
            parts = flat.split([p.numel() for p in self._parameters])
            for parameter, part in zip(self._parameters, parts, strict=True):
                parameter.grad = part.view(parameter.shape)
        return nn.utils.clip_grad_norm_(self._parameters, self._recipe.gradient_norm)

    @torch.no_grad()
    def _follow(self) -> None:
        keep = min(self._recipe.average, (1 + self._progress.step) / (10 + self._progress.step))
        torch._foreach_lerp_([slow for slow, _ in self._followed], [fast for _, fast in self._followed], 1 - keep)

    def _agree(self, value: float, stop: bool) -> tuple[float, bool]:
        """The first process's value, and whether any process was asked to stop: all must decide alike."""
        if self._processes == 1:
            return value, stop
        decision = torch.tensor([value if self._rank == 0 else 0.0, float(stop)], dtype=torch.float64)
        distributed.all_reduce(decision)
        return decision[0].item(), decision[1].item() > 0

    def _log(self, progress: float) -> None:
        figures = " ".join(f"{key} {value:.3f}" for key, value in self._figures.items())
        print(f"{self._name} {100 * progress:5.1f} %  step {self._progress.step}  images {self._progress.images}  "
              f"{1000 * self._time.step_seconds():.0f} ms/step  {figures}", flush=True)

    def _record(self, progress: float) -> None:
        """Validates the average and adds a point to the curve."""
        self._check()
        if self._rank == 0 and self._validate:
            point = {"step": self._progress.step, "images": self._progress.images, "boxes": self._progress.boxes,
                     "minutes": round(self._time.seconds / 60, 2), "progress": round(progress, 4),
                     "training": {key: round(float(value), 4) for key, value in self._figures.items()},
                     "validation": self._validate(self.average)}
            self._progress.curve.append(point)
            (self._settings.out / "learning_curve.json").write_text(json.dumps(self._progress.curve, indent=1) + "\n")
            means = {protocol: table["dsc"]["mean"] for protocol, table in point["validation"].items()}
            print(f"{self._name} validation {means}", flush=True)
        if self._processes > 1:
            distributed.barrier()
        self._time.restart()

    @property
    def _checkpoint(self) -> Path:
        return self._settings.out / f"{self._name}.pt"

    def _save(self) -> None:
        """Everything a run needs to go on, replaced at once so that a kill leaves the old or the new one."""
        self._check()
        if self._rank == 0:
            partial = self._checkpoint.with_suffix(".partial")
            torch.save({"model": self.model.state_dict(), "average": self.average.state_dict(),
                        "objective": self._objective.state_dict(), "optimizer": self._optimizer.state_dict(),
                        "progress": vars(self._progress), "seconds": self._time.seconds, "seed": self._settings.seed}, partial)
            partial.replace(self._checkpoint)
            if self._saved:
                self._saved(self.average)
        if self._processes > 1:
            distributed.barrier()
        self._time.restart()

    def _resume(self) -> None:
        if not self._checkpoint.is_file():
            return
        saved = checkpoints.read(self._checkpoint)
        if saved.get("seed") != self._settings.seed:
            raise InvalidInputError(f"seed must be {saved.get('seed')}, as in the run in the output folder, got "
                                    f"{self._settings.seed}")
        try:
            self.model.load_state_dict(saved["model"])
            self.average.load_state_dict(saved["average"])
            self._objective.load_state_dict(saved["objective"])
            self._optimizer.load_state_dict(saved["optimizer"])
        except (RuntimeError, ValueError, KeyError) as error:
            raise InvalidInputError("the run in the output folder must be of the same network, got another's "
                                    f"{self._checkpoint.name}") from error
        self._progress, self._time.seconds = Progress(**saved["progress"]), saved["seconds"]
        if self._rank == 0:
            print(f"{self._name} resumed at step {self._progress.step}", flush=True)


def _optimizer(model: nn.Module, objective: nn.Module, recipe: Recipe, *, fused: bool) -> torch.optim.Optimizer:
    """AdamW; norms, biases and tokens are not decayed."""
    decayed, free = [], []
    for name, parameter in itertools.chain(model.named_parameters(), objective.named_parameters()):
        if parameter.requires_grad:
            (decayed if parameter.ndim > 1 and "token" not in name else free).append(parameter)
    return torch.optim.AdamW([{"params": decayed, "weight_decay": recipe.weight_decay}, {"params": free, "weight_decay": 0.0}],
                             lr=recipe.peak_rate, betas=recipe.betas, fused=fused)


def _gradient(parameter: nn.Parameter) -> Tensor:
    return torch.zeros_like(parameter) if parameter.grad is None else parameter.grad


def _single_thread(_worker: int) -> None:
    torch.set_num_threads(1)


@contextmanager
def _stop_requests() -> Any:
    """SIGTERM and SIGINT as a question to ask between two steps."""
    received: list[int] = []
    previous = {number: signal.signal(number, lambda n, _frame: received.append(n)) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield lambda: bool(received)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
