"""What a trained model of each method does to a person's own pictures.

Each verb takes NumPy arrays or torch tensors and returns the same; `core.notebook.arrays` says
which numbers they may hold.
"""

from typing import Any, ClassVar, Generic, TypeVar

from core.data.drawings import task_of
from core.data.masks import paste
from core.errors import GlimpseError
from core.methods.base import Method
from core.methods.few_shot.inner_loop import Statistics
from core.methods.few_shot.method import FewShot
from core.methods.inpainting.method import Inpainting
from core.methods.simclr.method import SimClr
from core.models.encoder import GREY
from core.notebook.arrays import (
    ArrayT,
    Labels,
    as_classes,
    as_masks,
    as_pictures,
    like,
    pictures_like,
)
from core.registry import METHODS

SHIPPED_WITH = {"embed": "simclr", "complete": "inpainting", "adapt": "maml"}  # a verb
MethodT = TypeVar("MethodT", bound=Method[Any])


class Model(Generic[MethodT]):
    """A trained model: `card` says how it was made, `method` is the method that trained it.

    It has at most one of the verbs below, by its method; the others raise GlimpseError.
    """

    call: ClassVar[str] = ""  # its verb and what that takes

    def __init__(self, method: MethodT, card: dict[str, Any]) -> None:
        self.method = method
        self.card = card

    def embed(self, pictures: ArrayT) -> ArrayT:
        """Features float32 (N, D) of pictures (N, 28, 28): see `SimClrModel`."""
        raise self._has_no("embed")

    def complete(self, pictures: ArrayT, masks: ArrayT) -> ArrayT:
        """Pictures (N, 28, 28) with their hidden pixels predicted: see `InpaintingModel`."""
        raise self._has_no("complete")

    def adapt(
        self, support: ArrayT, labels: Labels, queries: ArrayT,
        steps: int | None = None, statistics: Statistics = "inductive",
    ) -> ArrayT:  # fmt: skip
        """Probabilities float32 (Q, n_way) of queries (Q, 28, 28): see `FewShotModel`."""
        raise self._has_no("adapt")

    def __repr__(self) -> str:
        return f"<{self._title}: {self.call or 'no verb for pictures'}>"

    @property
    def _title(self) -> str:
        return METHODS[self.card["method"]].title

    def _has_no(self, verb: str) -> GlimpseError:
        own = f"call {self.call}, or " if self.call else ""
        return GlimpseError(
            f"This model of {self._title} does not {verb}: {own}load {SHIPPED_WITH[verb]}."
        )


class SimClrModel(Model[SimClr]):
    """An encoder, trained by SimCLR."""

    call = "embed(pictures)"

    def embed(self, pictures: ArrayT) -> ArrayT:
        """Features h float32 (N, D) of pictures, each independent of the others.

        Args:
            pictures: (N, 28, 28) or (N, 1, 28, 28), uint8 from 0 to 255 or floats from 0 to 1, ink
                bright on dark; (N, 3, 32, 32) for an encoder of photos.

        Raises GlimpseError for any other shape or range.
        """
        given = as_pictures(pictures, self.method.net.encoder.picture)
        return like(self.method.embed(given.to(self.method.device)), pictures)


class InpaintingModel(Model[Inpainting]):
    """A completer of pictures."""

    call = "complete(pictures, masks)"

    def complete(self, pictures: ArrayT, masks: ArrayT) -> ArrayT:
        """Pictures whose hidden pixels are predicted and whose visible ones are as they were.

        Args:
            pictures: (N, 28, 28) or (N, 1, 28, 28), uint8 from 0 to 255 or floats from 0 to 1, ink
                bright on dark. The values of hidden pixels make no difference.
            masks: of the same shape, 1 where a pixel is visible and 0 where it is hidden.

        Returns pictures of the same shape, uint8 for uint8 and float32 for floats. Raises
        GlimpseError for any other shape, range or mask.
        """
        given = as_pictures(pictures, GREY).cpu()
        visible = as_masks(masks, len(given), GREY).cpu()
        completed = paste(given, self.method.complete(given, visible), visible)
        return pictures_like(completed, pictures)


class FewShotModel(Model[FewShot]):
    """A learner of new classes from a few examples."""

    call = "adapt(support, labels, queries)"

    def adapt(
        self, support: ArrayT, labels: Labels, queries: ArrayT,
        steps: int | None = None, statistics: Statistics = "inductive",
    ) -> ArrayT:  # fmt: skip
        """Learns a task from its examples; probabilities float32 (Q, n_way) of its queries.

        Column c is of the class with the c-th smallest label, as in `np.unique(labels)`. The model
        itself stays as it is. Where classes have different numbers of examples, those of the
        smaller classes are repeated in turn.

        Args:
            support: examples (K, 28, 28) or (K, 1, 28, 28), uint8 from 0 to 255 or floats from 0 to
                1, ink bright on dark.
            labels: (K,) numbers or strings, of any two classes or more.
            queries: (Q, 28, 28) or (Q, 1, 28, 28), like the examples.
            steps: inner steps, by default as many as in training.
            statistics: inductive answers each query on its own; transductive, as in the figures of
                the MAML paper, normalises all queries together, so that each answer depends on the
                others and one query alone cannot be answered well.

        Raises GlimpseError for any other shape, range or labels.
        """
        method = self.method
        _check(steps, statistics)
        known = as_pictures(support, GREY, "support pictures").to(method.device)
        asked = as_pictures(queries, GREY, "queries").to(method.device)
        task = task_of([known[places] for places in as_classes(labels, len(known))], asked)
        adapted = method.adapt(task, steps or method.config.inner_steps, statistics)
        return like(adapted.outputs[0, -1].softmax(-1), queries)


def _check(steps: int | None, statistics: str) -> None:
    if steps is not None and steps < 1:
        raise GlimpseError(f"{steps} inner steps learn nothing: choose 1 or more.")
    if statistics not in ("inductive", "transductive"):
        raise GlimpseError(
            f"There are no statistics {statistics!r:.40}: choose inductive or transductive."
        )


def model_of(method: Method[Any], card: dict[str, Any]) -> Model[Any]:
    """The model of a trained method, with its verb; what fits curves or learns streams has none."""
    if isinstance(method, SimClr):
        return SimClrModel(method, card)
    if isinstance(method, Inpainting):
        return InpaintingModel(method, card)
    if isinstance(method, FewShot) and method.problem.has_classes:
        return FewShotModel(method, card)
    return Model(method, card)
