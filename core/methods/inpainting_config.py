"""The settings of inpainting, and those of the plain baseline."""

from typing import Any, Literal

from pydantic import Field, JsonValue

from core.config import RunConfig
from core.methods.picture_sources import PictureSource

_RARE: dict[str, JsonValue] = {"rare": True}


class InpaintingConfig(RunConfig):
    """Settings of inpainting; `ORIGINAL_RECIPE` has those of the plain baseline."""

    steps: int = Field(600, ge=1, le=1_000_000, description="Optimisation steps in all.")
    eval_every: int = Field(
        50, ge=1, description="Steps between two evaluations.", json_schema_extra=_RARE
    )
    snapshot_every: int = Field(
        20, ge=1, description="Steps between two pictures of the run.", json_schema_extra=_RARE
    )
    model: Literal["unet", "autoencoder"] = Field(
        "unet",
        description="A U-Net that knows the mask and says how likely each grey is, or the plain "
        "fully connected one.",
    )
    source: PictureSource = Field(
        "sample",
        description="4,000 digits that come with Glimpse, the full MNIST, Omniglot's characters, "
        "or made-up ones. Whatever it is, digits are completed for you to see.",
    )
    mask: Literal["mixture", "random", "box", "strokes", "half", "quadrants", "stripes"] = Field(
        "mixture",
        description="What hides the pixels; a mixture has random pixels, boxes, brush strokes and "
        "halves equally often, and reveals some pixels of every second mask again.",
    )
    hidden: float = Field(
        0.75,
        gt=0,
        le=1,
        description="Share of the pixels that random masks hide, outside mixtures.",
    )
    loss: Literal["hidden", "all"] = Field(
        "hidden", description="Pixels over which the error is taken."
    )
    knows_mask: bool = Field(
        True,
        description="Whether the U-Net is told which pixels are hidden. If not, they look black.",
    )
    width: Literal[8, 16, 24, 32] = Field(
        16, description="Channels of the U-Net at 14x14; it has twice as many at 7x7."
    )
    batch_size: int = Field(64, ge=1, le=4096, description="Pictures a step.")
    learning_rate: float = Field(2e-3, gt=0, le=1, description="Of AdamW, at its highest.")
    schedule: Literal["cosine", "constant"] = Field(
        "cosine", description="How the learning rate goes on.", json_schema_extra=_RARE
    )
    weight_decay: float = Field(
        0.01, ge=0, le=10, description="Of AdamW; 0 is plain Adam.", json_schema_extra=_RARE
    )


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
