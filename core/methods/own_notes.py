"""What the command line says of a person's own pictures before it trains on them."""

from core.config import RunConfig

NAMED_CLASSES = 6


def about_own(config: RunConfig) -> list[str]:
    """Sentences about the own pictures of a config: classes, what was done, what is left out.

    Empty for other data. Raises GlimpseError where the pictures cannot be used.
    """
    place = getattr(config, "pictures", "")
    if not place:
        return []
    from core.data.own_pictures import load_own  # imports torch

    own = load_own(place)
    counts = own.counts()
    named = ", ".join(f"{name} ({count:,})" for name, count in counts[:NAMED_CLASSES])
    more = f" and {len(counts) - NAMED_CLASSES:,} more" if len(counts) > NAMED_CLASSES else ""
    classes = "1 class" if len(counts) == 1 else f"{len(counts):,} classes"
    return [f"{len(own.images):,} pictures of {classes}: {named}{more}.", *own.notes]
