"""The oldest packages that are tested are the oldest ones that may be installed."""

import re

from core.paths import PROJECT


def stated(file: str, relation: str) -> dict[str, tuple[int, ...]]:
    """The version of each package in a file of requirements that says nothing else of any."""
    lines = [
        line for line in (PROJECT / file).read_text().splitlines() if line[:1] not in ("", "#")
    ]
    found = [re.fullmatch(rf"([\w-]+){relation}(\d+(?:\.\d+)*)", line) for line in lines]
    assert all(found), lines
    return {each[1]: tuple(map(int, each[2].split("."))) for each in found if each}


def test_the_oldest_packages_are_the_lower_bounds() -> None:
    """A bound leaves zeros at the end away; OpenCV's fourth number counts its builds."""
    bounds = stated("requirements.txt", ">=")
    oldest = stated("tests/requirements-oldest.txt", "==")
    wanted = {name: (*bound, 0, 0)[:3] for name, bound in bounds.items()}
    assert {name: version[:3] for name, version in oldest.items()} == wanted
    assert [name for name, version in oldest.items() if len(version) != 3] == [
        "opencv-python-headless"
    ]
