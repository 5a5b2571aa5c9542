"""The settings of SimCLR."""

from dataclasses import fields
from typing import Literal

from pydantic import model_validator

from core.config import RunConfig, setting
from core.data.catalog import PHOTOS
from core.data.colour_views import ColourAugmentation
from core.data.views import Augmentation
from core.methods.picture_sources import PICTURES, PictureSource, own_needs_pictures
from core.methods.precision import Precision
from core.models.encoder import EncoderName

SimClrSource = Literal[PictureSource, "cifar10"]

_COLOURS = {"source": PHOTOS}


class SimClrConfig(RunConfig):
    """Settings of SimCLR. Each augmentation is switched off by 0."""

    steps: int = setting(1000, ge=1, le=1_000_000, description="Optimisation steps in all.")
    eval_every: int = setting(50, ge=1, description="Steps between two evaluations.", rare=True)
    snapshot_every: int = setting(
        10, ge=1, description="Steps between two pictures of the run.", rare=True
    )
    source: SimClrSource = setting(
        "sample",
        description="4,000 digits that come with Glimpse, the full MNIST, Omniglot's characters, "
        "made-up ones, your own pictures, or CIFAR-10's colour photos. Photos and your own "
        "pictures are judged on themselves, all others on digits.",
    )
    pictures: str = PICTURES
    encoder: EncoderName = setting(
        "small",
        description="small: three convolutions. resnet18: 11 million weights, with the stem for "
        "small pictures; a step takes some 250 times as long, so it is for a GPU.",
    )
    width: int = setting(
        16,
        ge=4,
        le=64,
        description="Channels of the small encoder's first convolution; then twice and 4 times "
        "that.",
        rare=True,
        only_with={"encoder": "small"},
    )
    loss: Literal["nt-xent", "dcl", "attraction"] = setting(
        "nt-xent",
        description="dcl: the positive is left out of NT-Xent's denominator. attraction: nothing "
        "pushes strangers away, and the embedding collapses.",
    )
    temperature: float = setting(
        0.2, ge=0.01, le=10, description="Low: the nearest strangers are pushed away hardest."
    )
    batch_size: int = setting(
        256, ge=2, le=4096, description="Pictures a step; each meets all others as a stranger."
    )
    learning_rate: float = setting(
        6e-3, gt=0, le=1, description="Of Adam, at its peak; it falls to 0 along a cosine."
    )
    head: bool = setting(
        True,
        description="Projection head. Without it the loss compares the features themselves.",
    )
    projection: int = setting(
        64,
        ge=2,
        le=512,
        description="Dimensions of z, which the loss compares, where there is a head.",
        rare=True,
    )
    crop: float = setting(
        0.5, ge=0, le=0.95, description="Largest share of the picture that a crop leaves away."
    )
    rotation: float = setting(20, ge=0, le=180, description="Largest turn.", unit="°")
    shear: float = setting(15, ge=0, le=60, description="Largest slant.", rare=True, unit="°")
    brightness: float = setting(
        0.4,
        ge=0,
        le=1,
        description="Ink is made up to this share stronger or weaker.",
        rare=True,
    )
    contrast: float = setting(
        0.4,
        ge=0,
        le=1,
        description="Contrast is made up to this share stronger or weaker.",
        rare=True,
    )
    blur: float = setting(0.8, ge=0, le=5, description="Largest blur.", rare=True, unit="pixels")
    erase: float = setting(
        0.0,
        ge=0,
        le=1,
        description="Largest side of a wiped rectangle, share of the picture's. On digits it does "
        "harm: a wiped stroke makes one digit another.",
        rare=True,
    )

    flip: float = setting(
        0.5,
        ge=0,
        le=1,
        description="Share of the views that are mirrored, of colour photos.",
        only_with=_COLOURS,
    )
    saturation: float = setting(
        0.4,
        ge=0,
        le=1,
        description="Colours are made up to this share stronger or weaker.",
        only_with=_COLOURS,
    )
    hue: float = setting(
        0.1,
        ge=0,
        le=0.5,
        description="Largest turn of the circle of colours.",
        only_with=_COLOURS,
        unit="turns",
    )
    grey: float = setting(
        0.2,
        ge=0,
        le=1,
        description="Share of the views without colours, of colour photos.",
        only_with=_COLOURS,
    )

    precision: Precision = setting(
        "auto",
        description="Of a step's convolutions: auto is bfloat16, in half the time, on processors "
        "that have it.",
        rare=True,
    )

    compile: bool = setting(
        False,
        description="torch.compile: steps are faster on a GPU, the first takes a minute. It needs "
        "a C++ compiler.",
        rare=True,
    )

    _pictures_fit = model_validator(mode="after")(own_needs_pictures)

    @property
    def shardable_items(self) -> int:
        return self.batch_size

    def augmentation(self) -> Augmentation:
        kind = ColourAugmentation if self.source == PHOTOS else Augmentation
        return kind(**{each.name: getattr(self, each.name) for each in fields(kind)})
