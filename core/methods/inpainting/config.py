"""The settings of inpainting, and those of the plain baseline."""

from typing import Any, Literal, Self

from pydantic import field_validator, model_validator

from core.config import RunConfig, setting
from core.data.masks import ALL_KINDS, MIXTURE_KINDS, MaskKind
from core.methods.picture_sources import PICTURES, PictureSource, own_needs_pictures

_MIXTURE = {"mask": "mixture"}


class InpaintingConfig(RunConfig):
    """Settings of inpainting; `ORIGINAL_RECIPE` has those of the plain baseline."""

    steps: int = setting(600, ge=1, le=1_000_000, description="Optimisation steps in all.")
    eval_every: int = setting(50, ge=1, description="Steps between two evaluations.", rare=True)
    snapshot_every: int = setting(
        20, ge=1, description="Steps between two pictures of the run.", rare=True
    )
    model: Literal["unet", "autoencoder"] = setting(
        "unet",
        description="A U-Net that knows the mask and says how likely each grey is, or the plain "
        "fully connected one.",
    )
    source: PictureSource = setting(
        "sample",
        description="4,000 digits that come with Glimpse, the full MNIST, Omniglot's characters, "
        "made-up ones, or your own pictures. Whatever it is, digits are completed for you to see.",
    )
    pictures: str = PICTURES
    mask: Literal["mixture", "random", "box", "strokes", "half", "quadrants", "stripes"] = setting(
        "mixture",
        description="What hides the pixels; a mixture has several kinds, and reveals some pixels "
        "of every second mask again.",
    )
    kinds: tuple[MaskKind, ...] = setting(
        MIXTURE_KINDS,
        title="Kinds in the mixture",
        description="What the mixture is made of, each kind equally often. Whatever it is, runs "
        "are judged on random pixels, boxes, brush strokes and halves.",
        only_with=_MIXTURE,
    )
    least_hidden: float = setting(
        0.5,
        gt=0,
        le=1,
        description="Least share of the pixels that a mixture's random masks hide.",
        only_with=_MIXTURE,
    )
    most_hidden: float = setting(
        1.0,
        gt=0,
        le=1,
        description="Most that they hide: each mask has a share of its own between the two.",
        only_with=_MIXTURE,
    )
    hidden: float = setting(
        0.75,
        gt=0,
        le=1,
        description="Share of the pixels that random masks hide, outside mixtures.",
        only_with={"mask": "random"},
    )
    loss: Literal["hidden", "all"] = setting(
        "hidden", description="Pixels over which the error is taken."
    )
    knows_mask: bool = setting(
        True,
        description="Whether the U-Net is told which pixels are hidden. If not, they look black.",
    )
    width: Literal[8, 16, 24, 32] = setting(
        16, description="Channels of the U-Net at 14x14; it has twice as many at 7x7."
    )
    batch_size: int = setting(64, ge=1, le=4096, description="Pictures a step.")
    learning_rate: float = setting(2e-3, gt=0, le=1, description="Of AdamW, at its highest.")
    schedule: Literal["cosine", "constant"] = setting(
        "cosine", description="How the learning rate goes on.", rare=True
    )
    weight_decay: float = setting(
        0.01, ge=0, le=10, description="Of AdamW; 0 is plain Adam.", rare=True
    )

    _pictures_fit = model_validator(mode="after")(own_needs_pictures)

    @field_validator("kinds")
    @classmethod
    def _each_once(cls, kinds: tuple[MaskKind, ...]) -> tuple[MaskKind, ...]:
        """In one order, so that it does not matter in which they were chosen."""
        if not kinds:
            raise ValueError("a mixture needs at least one kind of mask")
        return tuple(kind for kind in ALL_KINDS if kind in kinds)

    @model_validator(mode="after")
    def _least_is_least(self) -> Self:
        if self.least_hidden > self.most_hidden:
            raise ValueError(
                f"the least share hidden, {self.least_hidden:g}, is more than the most, "
                f"{self.most_hidden:g}: change one of them"
            )
        return self


ORIGINAL_RECIPE: dict[str, Any] = {
    "model": "autoencoder",
    "mask": "random",
    "hidden": 0.75,
    "loss": "all",
    "batch_size": 64,
    "learning_rate": 1e-3,
    "schedule": "constant",
    "weight_decay": 0.0,
}
