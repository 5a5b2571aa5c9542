"""Errors whose messages are shown to people."""


class GlimpseError(Exception):
    """One sentence that says what is wrong and what to do.

    Pages show the message beside the widget, the command line prints it; neither shows a traceback.
    """


class DivergedError(GlimpseError):
    """A loss or a weight is no longer a finite number."""
