"""One definition of the settings: validation, flags and command line agree."""

import argparse
import shlex
from typing import Literal

import pytest
from pydantic import ValidationError

from core.config import (
    RunConfig,
    SettingMetadata,
    metadata_of,
    parse_config,
    setting,
    with_names,
)
from core.errors import GlimpseError
from core.flags import add_flags, command_line, flag
from core.registry import METHODS, load_method


class Example(RunConfig):
    rate: float = setting(0.5, gt=0, le=1, description="A rate.", unit="1/s")
    kind: Literal["a", "b"] = setting("a", description="A kind.")
    bold: bool = setting(False, description="A switch.")
    calm: bool = setting(True, description="Another.")
    width: Literal[2, 4] = setting(2, description="A number out of a few.")
    parts: tuple[Literal["a", "b"], ...] = setting(("a",), description="Some of a few.")


def test_a_setting_carries_its_metadata_and_its_bounds() -> None:
    rate, kind = Example.model_fields["rate"], Example.model_fields["kind"]
    assert metadata_of(rate).unit == "1/s"
    assert metadata_of(kind) == SettingMetadata()
    assert metadata_of(RunConfig.model_fields["eval_every"]).rare
    with pytest.raises(ValidationError):
        Example(rate=1.5)


def parse(kind: type[RunConfig], words: list[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser()
    add_flags(parser, kind)
    return vars(parser.parse_args(words))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"rate": 2}, "rate 2 cannot be used: input should be less than or equal to 1."),
        ({"rate": float("nan")}, "rate nan cannot be used"),
        ({"kind": "c"}, "kind 'c' cannot be used: input should be 'a' or 'b'."),
        ({"steps": 0}, "steps 0 cannot be used"),
        ({"speed": 3}, "speed cannot be used: extra inputs are not permitted."),
    ],
)
def test_a_wrong_value_is_one_sentence_with_field_value_and_bound(
    values: dict[str, object], message: str
) -> None:
    with pytest.raises(GlimpseError) as refusal:
        parse_config(Example, values)
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("n_way '1' cannot be used: at least 2.", "--n-way '1' cannot be used: at least 2."),
        ("steps 0 cannot be used.", "--steps 0 cannot be used."),
        (
            "batch_size 9 is more than the 4 pictures.",
            "--batch-size 9 is more than the 4 pictures.",
        ),
        ("Choose another n_way, or more steps.", "Choose another --n-way, or more steps."),
        ("There is no folder /my/n_way: check it.", "There is no folder /my/n_way: check it."),
        ("n_ways and stepson are none.", "n_ways and stepson are none."),
    ],
)
def test_a_refusal_calls_settings_as_its_reader_types_them(sentence: str, named: str) -> None:
    assert with_names(sentence, ("steps", "n_way", "batch_size"), flag) == named


def test_fields_that_do_not_go_together_are_one_sentence() -> None:
    with pytest.raises(GlimpseError) as refusal:
        parse_config(load_method("maml").Config, {"source": "sinusoids", "inner_lr": 0.4})
    assert str(refusal.value) == ("Sinusoids need an inner rate of at most 0.1, 0.01 suits them.")


def test_a_config_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Example().__setattr__("rate", 1.0)


def test_the_command_line_gives_the_config_back() -> None:
    config = Example(rate=0.25, kind="b", bold=True, calm=False, width=4, parts=("b", "a"), seed=7)
    words = shlex.split(command_line("example", config))
    assert words[:5] == ["python", "-m", "core", "train", "example"]
    assert parse_config(Example, parse(Example, words[5:])) == config
    assert command_line("example", Example()) == "python -m core train example"


@pytest.mark.parametrize("name", METHODS)
def test_every_field_of_every_method_is_a_flag_with_its_help(name: str) -> None:
    kind = load_method(name).Config
    parser = argparse.ArgumentParser()
    add_flags(parser, kind)
    text = " ".join(parser.format_help().split())
    for field, definition in kind.model_fields.items():
        assert "--" + field.replace("_", "-") in text
        assert definition.description and definition.description.endswith(".")
        assert definition.description.split()[0] in text
    assert parse_config(kind, parse(kind, [])) == kind()
