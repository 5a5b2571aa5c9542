"""The settings of inpainting, and those of the baseline recipe."""

from typing import Any, Literal, Self

from pydantic import field_validator, model_validator

from core.config import RunConfig, setting
from core.data.masks import ALL_KINDS, MIXTURE_KINDS, MaskKind
from core.methods.picture_sources import (
    PICTURE_LABELS,
    PICTURES,
    PictureSource,
    absolute_place,
    own_needs_pictures,
)

_MIXTURE, _UNET = {"mask": "mixture"}, {"model": "unet"}


class InpaintingConfig(RunConfig):
    """Settings of inpainting. `ORIGINAL_RECIPE` has those of the fully connected baseline."""

    steps: int = setting(600, ge=1, le=1_000_000, description="Total number of optimisation steps.")
    eval_every: int = setting(50, ge=1, description="Steps between two evaluations.", rare=True)
    snapshot_every: int = setting(
        20, ge=1, description="Steps between two snapshots for the live view.", rare=True
    )
    model: Literal["unet", "autoencoder"] = setting(
        "unet",
        labels={"unet": "U-Net"},
        description="The U-Net sees the mask and predicts how likely each grey level is. The "
        "autoencoder is a fully connected baseline.",
    )
    source: PictureSource = setting(
        "sample",
        labels=PICTURE_LABELS,
        description="Training pictures: the 4,000 digits that come with Glimpse, the full MNIST, "
        "Omniglot's characters, generated strokes, or your own pictures. All runs are evaluated on "
        "digits.",
    )
    pictures: str = PICTURES
    mask: Literal["mixture", "random", "box", "strokes", "half", "quadrants", "stripes"] = setting(
        "mixture",
        description="Shape of the hidden region. A mixture combines several kinds, and makes some "
        "hidden pixels of every second mask visible again.",
    )
    kinds: tuple[MaskKind, ...] = setting(
        MIXTURE_KINDS,
        title="Kinds in the mixture",
        description="Kinds of mask in the mixture, all equally likely. All runs are evaluated on "
        "random pixels, boxes, brush strokes and halves.",
        only_with=_MIXTURE,
    )
    least_hidden: float = setting(
        0.5,
        gt=0,
        le=1,
        description="Smallest share of the pixels that the mixture's random masks hide.",
        only_with=_MIXTURE,
    )
    most_hidden: float = setting(
        1.0,
        gt=0,
        le=1,
        description="Largest share of the pixels that the mixture's random masks hide.",
        only_with=_MIXTURE,
    )
    hidden: float = setting(
        0.75,
        gt=0,
        le=1,
        description="Share of the pixels that random masks hide, where all masks are random.",
        only_with={"mask": "random"},
    )
    loss: Literal["hidden", "all"] = setting(
        "hidden", description="Pixels over which the error is averaged."
    )
    knows_mask: bool = setting(
        True,
        description="Give the U-Net the mask as an input. Without it, hidden pixels look black.",
        only_with=_UNET,
    )
    width: Literal[8, 16, 24, 32] = setting(
        16,
        description="Channels of the U-Net at 14x14. There are twice as many at 7x7.",
        only_with=_UNET,
    )
    batch_size: int = setting(64, ge=1, le=4096, description="Pictures per step.")
    learning_rate: float = setting(2e-3, gt=0, le=1, description="Peak learning rate of AdamW.")
    schedule: Literal["cosine", "constant"] = setting(
        "cosine", description="How the learning rate changes during training.", rare=True
    )
    weight_decay: float = setting(
        0.01, ge=0, le=10, description="Weight decay of AdamW. 0 makes it plain Adam.", rare=True
    )

    _pictures_absolute = field_validator("pictures")(absolute_place)
    _pictures_fit = model_validator(mode="after")(own_needs_pictures)

    @field_validator("kinds")
    @classmethod
    def _each_once(cls, kinds: tuple[MaskKind, ...]) -> tuple[MaskKind, ...]:
        """In a fixed order: the order in which they were chosen must not matter."""
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
