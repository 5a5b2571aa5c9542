"""Names that the parts of the Inpainting page share."""

NAME = "inpainting"
MODELS = {"U-Net": NAME, "Autoencoder": "autoencoder"}  # to the names of their shipped weights
KIND_LABELS = {
    "random": "random 75 %",
    "strokes": "brush",
    "box": "14 × 14 box",
    "half": "half",
    "quadrants": "quadrants",
    "stripes": "stripes",
}
TEST_DIGITS = 10_000  # of MNIST, on which the cards' figures are measured
EVALUATED_KINDS = ("random", "strokes", "box", "half")  # on the cards and while a run trains
