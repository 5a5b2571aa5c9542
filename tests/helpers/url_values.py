"""One bound widget of each kind, as an address knows it."""

from pages.parts.url_state import Choice, Number, Step, Switch

VALUES = {
    "ways": Number("ways", "Ways", 5, 2, 20),
    "heat": Number("heat", "Temperature", 0.5, 0.0, 2.0, digits=1),
    "step": Step("step", "Step", 30, (0, 10, 30)),
    "kind": Choice("kind", "Kind", "box", ("box", "half"), {"Half of it": "half"}),
    "open": Choice("open", "Preset", None, ("Quick", "Slow")),
    "snap": Switch("snap", "Snap", True),
}
