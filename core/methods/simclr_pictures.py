"""Which pictures SimCLR learns from, and which it is watched and judged by.

| source  | learns from       | neighbours come from | watched           | k   |
| cifar10 | 50,000 photos     | the same             | 1,000 test photos | 200 |
| mnist   | 59,000 digits     | the same             | 1,000 held out    | 20  |
| others  | as their name is  | the sample's 4,000   | 1,000 held out    | 20  |

The digits that are watched are the same whatever the source, so that films of two runs show the
same points.
"""

from core.data.catalog import PHOTOS
from core.data.cifar import PHOTO, load_photos, some_of_each
from core.data.digits import LabelledImages, Split, load_digits
from core.evaluation.neighbours import K
from core.methods.picture_sources import judging_digits, n_training_pictures, training_pictures
from core.methods.simclr_config import SimClrConfig, SimClrSource
from core.models.encoder import GREY

K_PHOTOS = 200  # neighbours that vote, as in lightly's benchmark and Wu et al. 2018
WATCHED_OF_EACH = 100  # photos of a class


def picture_shape(source: SimClrSource) -> tuple[int, int, int]:
    """(C, H, W) of a source's pictures."""
    return PHOTO if source == PHOTOS else GREY


def learned_from(config: SimClrConfig) -> LabelledImages:
    """The pictures to train on. Raises GlimpseError as the source does."""
    if config.source == PHOTOS:
        return load_photos("train")
    return training_pictures(config.source, config.pictures)


def how_many(config: SimClrConfig) -> int:
    """The number of pictures to train on. Raises GlimpseError as the source does."""
    if config.source == PHOTOS:
        return len(load_photos("train"))
    return n_training_pictures(config.source, config.pictures)


def judged_by(source: SimClrSource, split: Split) -> LabelledImages:
    """Pictures with classes, of which a k-NN and a linear probe name those held out."""
    return load_photos(split) if source == PHOTOS else judging_digits(source, split)


def watched(source: SimClrSource) -> LabelledImages:
    """The held-out pictures that are the points of the film."""
    if source == PHOTOS:
        return some_of_each(load_photos("held_out"), WATCHED_OF_EACH)
    return load_digits("sample", "held_out")


def voters(source: SimClrSource) -> int:
    """How many neighbours vote on a picture's class."""
    return K_PHOTOS if source == PHOTOS else K
