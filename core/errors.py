"""What a person is told when something cannot be done."""


class GlimpseError(Exception):
    """A refusal in one sentence that says what was wrong and what to do.

    Pages show the message at the widget, the command line prints it; neither shows a trace.
    """


class DivergedError(GlimpseError):
    """A loss that is no longer a finite number."""
