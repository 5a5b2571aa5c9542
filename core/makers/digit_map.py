"""Makes `assets/digit_map.npz`, the map of the digits that are named on the page Lifelong.

    python -m core.makers.digit_map

Lays the sample's training digits out by t-SNE of the features of `simclr-mnist`, and finds the
clusters that typical digits are chosen from. No label has a part in it. Takes about two minutes on
one core.
"""

import torch.nn.functional as F
from sklearn.decomposition import PCA

from core.data.digits import load_digits
from core.evaluation.tsne import affinities, descend, first_layout
from core.methods.lifelong.digit_map import DIGIT_MAP, ENCODER, DigitMap, write_digit_map
from core.methods.lifelong.typicality import BUDGET, MOST_CLUSTERS, cluster
from core.methods.simclr.method import SimClr
from core.zoo.weights import load_shipped_method

COMPONENTS = 50  # that t-SNE starts from, as in its paper
STEPS = 500  # the layout hardly changes any more


def main() -> None:
    encoder = load_shipped_method(ENCODER, SimClr)
    features = F.normalize(encoder.embed(load_digits("sample", "train").images), dim=1).numpy()
    components = PCA(COMPONENTS, svd_solver="full").fit_transform(features)
    layout = descend(first_layout(components), affinities(components), STEPS)
    counts = range(BUDGET, MOST_CLUSTERS + 1, BUDGET)
    write_digit_map(DigitMap(layout, {count: cluster(features, count) for count in counts}))
    print(f"{DIGIT_MAP.name}: {DIGIT_MAP.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
