"""What a component in the browser sends: checked where it comes in, like any other input.

Whoever opens a connection can send anything. A message that its component would not send is as
good as none.
"""

from typing import Any, TypeVar

import streamlit as st
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

T = TypeVar("T")


class Message(BaseModel):
    """A message of several parts, of exactly these types; numbers are finite."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


def message_of(key: str, name: str) -> object:
    """What the component `key` has sent last under a name, unchecked; None for nothing."""
    sent: Any = st.session_state.get(key)
    return sent.get(name) if hasattr(sent, "get") else None


def checked(kind: TypeAdapter[T], message: object) -> T | None:
    """The message as its component sends it; None for any other."""
    try:
        return kind.validate_python(message, strict=True)
    except (ValidationError, RecursionError):
        return None
