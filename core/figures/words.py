"""Words that figures share."""


def counted(number: int, what: str = "step") -> str:
    """1 step, 2 steps, ..."""
    return f"{number} {what}{'' if number == 1 else 's'}"
