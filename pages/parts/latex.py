"""Formulas with symbols in the colours of the pictures beside them."""


def coloured(symbol: str, colour: str) -> str:
    """LaTeX in a colour."""
    return rf"\textcolor{{{colour}}}{{{symbol}}}"
