"""The settings of SimCLR."""

from dataclasses import fields
from typing import Literal

from pydantic import Field, JsonValue, model_validator

from core.config import RunConfig
from core.data.catalog import PHOTOS
from core.data.colour_views import ColourAugmentation
from core.data.views import Augmentation
from core.methods.picture_sources import PICTURES, PictureSource, own_needs_pictures
from core.methods.precision import Precision
from core.models.encoder import EncoderName

SimClrSource = Literal[PictureSource, "cifar10"]

_RARE: dict[str, JsonValue] = {"rare": True}
_OF_COLOURS: dict[str, JsonValue] = {"only_with": {"source": PHOTOS}}


class SimClrConfig(RunConfig):
    """Settings of SimCLR. Each augmentation is switched off by 0."""

    steps: int = Field(1000, ge=1, le=1_000_000, description="Optimisation steps in all.")
    eval_every: int = Field(
        50, ge=1, description="Steps between two evaluations.", json_schema_extra=_RARE
    )
    snapshot_every: int = Field(
        10, ge=1, description="Steps between two pictures of the run.", json_schema_extra=_RARE
    )
    source: SimClrSource = Field(
        "sample",
        description="4,000 digits that come with Glimpse, the full MNIST, Omniglot's characters, "
        "made-up ones, your own pictures, or CIFAR-10's colour photos. Photos and your own "
        "pictures are judged on themselves, all others on digits.",
    )
    pictures: str = PICTURES
    encoder: EncoderName = Field(
        "small",
        description="small: three convolutions. resnet18: 11 million weights, with the stem for "
        "small pictures; a step takes some 250 times as long, so it is for a GPU.",
    )
    width: int = Field(
        16,
        ge=4,
        le=64,
        description="Channels of the small encoder's first convolution; then twice and 4 times "
        "that.",
        json_schema_extra=_RARE | {"only_with": {"encoder": "small"}},
    )
    loss: Literal["nt-xent", "dcl", "attraction"] = Field(
        "nt-xent",
        description="dcl: the positive is left out of NT-Xent's denominator. attraction: nothing "
        "pushes strangers away, and the embedding collapses.",
    )
    temperature: float = Field(
        0.2, ge=0.01, le=10, description="Low: the nearest strangers are pushed away hardest."
    )
    batch_size: int = Field(
        256, ge=2, le=4096, description="Pictures a step; each meets all others as a stranger."
    )
    learning_rate: float = Field(
        6e-3, gt=0, le=1, description="Of Adam, at its peak; it falls to 0 along a cosine."
    )
    head: bool = Field(
        True,
        description="Projection head. Without it the loss compares the features themselves.",
    )
    projection: int = Field(
        64,
        ge=2,
        le=512,
        description="Dimensions of z, which the loss compares, where there is a head.",
        json_schema_extra=_RARE,
    )
    crop: float = Field(
        0.5, ge=0, le=0.95, description="Largest share of the picture that a crop leaves away."
    )
    rotation: float = Field(
        20, ge=0, le=180, description="Largest turn.", json_schema_extra={"unit": "°"}
    )
    shear: float = Field(
        15, ge=0, le=60, description="Largest slant.", json_schema_extra=_RARE | {"unit": "°"}
    )
    brightness: float = Field(
        0.4,
        ge=0,
        le=1,
        description="Ink is made up to this share stronger or weaker.",
        json_schema_extra=_RARE,
    )
    contrast: float = Field(
        0.4,
        ge=0,
        le=1,
        description="Contrast is made up to this share stronger or weaker.",
        json_schema_extra=_RARE,
    )
    blur: float = Field(
        0.8, ge=0, le=5, description="Largest blur.", json_schema_extra=_RARE | {"unit": "pixels"}
    )
    erase: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Largest side of a wiped rectangle, share of the picture's. On digits it does "
        "harm: a wiped stroke makes one digit another.",
        json_schema_extra=_RARE,
    )

    flip: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Share of the views that are mirrored, of colour photos.",
        json_schema_extra=_OF_COLOURS,
    )
    saturation: float = Field(
        0.4,
        ge=0,
        le=1,
        description="Colours are made up to this share stronger or weaker.",
        json_schema_extra=_OF_COLOURS,
    )
    hue: float = Field(
        0.1,
        ge=0,
        le=0.5,
        description="Largest turn of the circle of colours.",
        json_schema_extra=_OF_COLOURS | {"unit": "turns"},
    )
    grey: float = Field(
        0.2,
        ge=0,
        le=1,
        description="Share of the views without colours, of colour photos.",
        json_schema_extra=_OF_COLOURS,
    )

    precision: Precision = Field(
        "auto",
        description="Of a step's convolutions: auto is bfloat16, in half the time, on processors "
        "that have it.",
        json_schema_extra=_RARE,
    )

    compile: bool = Field(
        False,
        description="torch.compile: steps are faster on a GPU, the first takes a minute. It needs "
        "a C++ compiler.",
        json_schema_extra=_RARE,
    )

    _pictures_fit = model_validator(mode="after")(own_needs_pictures)

    @property
    def shardable_items(self) -> int:
        return self.batch_size

    def augmentation(self) -> Augmentation:
        kind = ColourAugmentation if self.source == PHOTOS else Augmentation
        return kind(**{each.name: getattr(self, each.name) for each in fields(kind)})
