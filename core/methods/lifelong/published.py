"""Published accuracies on a stream of 600 characters of Omniglot, in per cent. Imports no torch.

The protocol is that of `core.studies.continual`: 15 drawings of each character seen once, class
after class, and 5 to be judged by. All features were trained with labelled background characters.
"""

from typing import NamedTuple

CLASSES = 600


class Published(NamedTuple):
    """A method, its accuracy on held-out drawings of all 600 characters, and the paper."""

    name: str
    percent: float
    paper: str


PUBLISHED = (
    Published("Fine-tuning", 4.9, "Beaulieu et al. 2020"),
    Published("OML", 18.2, "Javed and White 2019, as run by Beaulieu et al. 2020"),
    Published("ANML", 63.8, "Beaulieu et al. 2020"),
    Published("Classifier + Gaussian", 76.3, "Banayeeanzade et al. 2021"),
    Published("ProtoNet + means", 83.7, "Banayeeanzade et al. 2021"),
    Published("GeMCL", 86.8, "Banayeeanzade et al. 2021"),
    Published("PGLR + Gaussian", 87.8, "Banayeeanzade et al. 2021"),
)
