"""The settings of SimCLR."""

from dataclasses import fields
from typing import Literal

from pydantic import field_validator, model_validator

from core.config import RunConfig, setting
from core.data.catalog import PHOTOS
from core.data.colour_views import ColourAugmentation
from core.data.views import Augmentation
from core.methods.picture_sources import (
    PICTURE_LABELS,
    PICTURES,
    PictureSource,
    absolute_place,
    own_needs_pictures,
)
from core.methods.precision import Precision
from core.models.encoder import EncoderName

SimClrSource = Literal[PictureSource, "cifar10"]

_COLOURS = {"source": PHOTOS}


class SimClrConfig(RunConfig):
    """Settings of SimCLR. An augmentation is off at 0."""

    steps: int = setting(
        1000, ge=1, le=1_000_000, description="Total number of optimisation steps."
    )
    eval_every: int = setting(50, ge=1, description="Steps between two evaluations.", rare=True)
    snapshot_every: int = setting(
        10, ge=1, description="Steps between two snapshots for the live view.", rare=True
    )
    source: SimClrSource = setting(
        "sample",
        labels=PICTURE_LABELS | {"cifar10": "CIFAR-10"},
        description="Training pictures: the 4,000 digits that come with Glimpse, the full MNIST, "
        "Omniglot's characters, generated strokes, your own pictures, or CIFAR-10's colour photos. "
        "The photos and your own pictures are also used for evaluation; all other runs are "
        "evaluated on digits.",
    )
    pictures: str = PICTURES
    encoder: EncoderName = setting(
        "small",
        labels={"resnet18": "ResNet-18"},
        description="The small encoder has three convolutions. ResNet-18 has 11 million weights "
        "and is adapted to small pictures; a step takes about 250 times as long, so use a GPU.",
    )
    width: int = setting(
        16,
        ge=4,
        le=64,
        description="Channels of the small encoder's first convolution. The other two have 2 and 4 "
        "times as many.",
        rare=True,
        only_with={"encoder": "small"},
    )
    loss: Literal["nt-xent", "dcl", "vicreg", "barlow-twins", "simsiam", "attraction"] = setting(
        "nt-xent",
        labels={
            "nt-xent": "NT-Xent",
            "dcl": "DCL",
            "vicreg": "VICReg",
            "barlow-twins": "Barlow Twins",
            "simsiam": "SimSiam",
        },
        description="NT-Xent is SimCLR's loss. DCL leaves the positive out of its denominator. "
        "The next three have no negatives, and other means against collapse: VICReg keeps the "
        "variance of each dimension, Barlow Twins draws the correlation of both views to the "
        "identity, SimSiam has a predictor and a stop-gradient. Attraction has nothing, so that "
        "the embedding collapses.",
    )
    temperature: float = setting(
        0.2,
        ge=0.01,
        le=10,
        description="Low values weight hard negatives more.",
        only_with={"loss": ("nt-xent", "dcl", "attraction")},
    )
    batch_size: int = setting(
        256,
        ge=2,
        le=4096,
        description="Pictures per step. Where the loss has negatives, all others are those of a "
        "picture.",
    )
    learning_rate: float = setting(
        6e-3, gt=0, le=1, description="Peak learning rate of Adam. It falls to 0 along a cosine."
    )
    head: bool = setting(
        True,
        description="Use a projection head. Without it the loss compares the features themselves.",
    )
    projection: int = setting(
        64,
        ge=2,
        le=512,
        description="Dimensions of z, the output of the projection head.",
        rare=True,
        only_with={"head": True},
    )
    crop: float = setting(
        0.5, ge=0, le=0.95, description="Largest share of the picture's area that a crop removes."
    )
    rotation: float = setting(
        20, ge=0, le=180, description="Largest rotation to either side.", unit="°"
    )
    shear: float = setting(
        15, ge=0, le=60, description="Largest shear to either side.", rare=True, unit="°"
    )
    brightness: float = setting(
        0.4,
        ge=0,
        le=1,
        description="Largest relative change of the brightness.",
        rare=True,
    )
    contrast: float = setting(
        0.4,
        ge=0,
        le=1,
        description="Largest relative change of the contrast.",
        rare=True,
    )
    blur: float = setting(
        0.8,
        ge=0,
        le=5,
        description="Largest standard deviation of the Gaussian blur.",
        rare=True,
        unit="pixels",
    )
    erase: float = setting(
        0.0,
        ge=0,
        le=1,
        description="Largest side of an erased rectangle, as a share of the picture's side. "
        "Harmful on digits: without one stroke, a digit can look like another.",
        rare=True,
    )

    flip: float = setting(
        0.5,
        ge=0,
        le=1,
        description="Probability that a view of a colour photo is mirrored.",
        only_with=_COLOURS,
    )
    saturation: float = setting(
        0.4,
        ge=0,
        le=1,
        description="Largest relative change of the saturation of a colour photo.",
        only_with=_COLOURS,
    )
    hue: float = setting(
        0.1,
        ge=0,
        le=0.5,
        description="Largest shift of the hue of a colour photo to either side.",
        only_with=_COLOURS,
        unit="turns",
    )
    grey: float = setting(
        0.2,
        ge=0,
        le=1,
        description="Probability that a view of a colour photo has no colours.",
        only_with=_COLOURS,
    )

    precision: Precision = setting(
        "auto",
        description="Number format of the convolutions in training. auto is bfloat16 on processors "
        "that support it, where it halves the time of a step.",
        rare=True,
    )

    compile: bool = setting(
        False,
        description="Use torch.compile: steps are faster on a GPU, but the first takes a minute. "
        "It needs a C++ compiler.",
        rare=True,
    )

    _pictures_absolute = field_validator("pictures")(absolute_place)
    _pictures_fit = model_validator(mode="after")(own_needs_pictures)

    @property
    def shardable_items(self) -> int:
        return self.batch_size

    def augmentation(self) -> Augmentation:
        kind = ColourAugmentation if self.source == PHOTOS else Augmentation
        return kind(**{each.name: getattr(self, each.name) for each in fields(kind)})
