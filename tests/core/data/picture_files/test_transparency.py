"""Scans with some transparent pixels keep their paper; ink on nothing is ink, whatever its tone."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from core.data.own_digit import ink_of_file, like_mnist
from core.data.own_pictures import load_own
from tests.helpers.own_pictures import DIGITS, as_zip, of_digits, png

SIDE = 168
Opacity = Callable[[], np.ndarray]


def scan(digit: np.ndarray, light: bool, opacity: np.ndarray) -> Image.Image:
    """An opaque picture of 168x168 pixels with this opacity; black where nothing is seen."""
    grey = digit.repeat(6, axis=0).repeat(6, axis=1)
    grey = 255 - grey if light else grey
    grey = np.where(opacity == 0, 0, grey).astype(np.uint8)
    return Image.fromarray(np.dstack([grey, grey, grey, opacity.astype(np.uint8)]))


def full(value: int = 255) -> np.ndarray:
    return np.full((SIDE, SIDE), value)


def pixel(value: int) -> np.ndarray:
    opacity = full()
    opacity[-1, -1] = value
    return opacity


def shape(draw: Callable[[ImageDraw.ImageDraw], None]) -> np.ndarray:
    sheet = Image.new("L", (SIDE, SIDE))
    draw(ImageDraw.Draw(sheet))
    return np.asarray(sheet)


def corners(radius: int) -> np.ndarray:
    box = (0, 0, SIDE - 1, SIDE - 1)
    return shape(lambda pen: pen.rounded_rectangle(box, radius, fill=255))


def margin(width: int) -> np.ndarray:
    box = (width, width, SIDE - 1 - width, SIDE - 1 - width)
    return shape(lambda pen: pen.rectangle(box, fill=255))


def shadow() -> np.ndarray:
    return np.asarray(Image.fromarray(margin(12)).filter(ImageFilter.GaussianBlur(4)))


def turned(degrees: int) -> np.ndarray:
    whole = Image.new("L", (SIDE, SIDE), 255).resize((SIDE - 40, SIDE - 40))
    sheet = Image.new("L", (SIDE, SIDE))
    sheet.paste(whole, (20, 20))
    return np.asarray(sheet.rotate(degrees))


MARGINS: dict[str, Opacity] = {
    "one clear pixel": lambda: pixel(0),
    "one pixel of 254": lambda: pixel(254),
    "254 everywhere": lambda: full(254),
    "half everywhere": lambda: full(128),
    "all is hidden but one pixel": lambda: full(1),
    "rounded a little": lambda: corners(8),
    "rounded a lot": lambda: corners(40),
    "a circle": lambda: shape(lambda pen: pen.ellipse((0, 0, SIDE - 1, SIDE - 1), fill=255)),
    "a margin": lambda: margin(20),
    "a shadow": shadow,
    "turned by 10 degrees": lambda: turned(10),
    "turned by 45 degrees": lambda: turned(45),
}


@pytest.mark.parametrize("light", [True, False], ids=["light", "dark"])
@pytest.mark.parametrize("way", MARGINS)
def test_a_scan_keeps_its_paper(way: str, light: bool, tmp_path: Path) -> None:
    opacity = MARGINS[way]()
    files = of_digits(lambda digit: scan(digit, light, opacity))
    found = load_own(str(as_zip(tmp_path / "scans.zip", files))).images.numpy()
    small = Image.fromarray(opacity.astype(np.uint8)).resize((28, 28), Image.Resampling.BOX)
    seen = (np.asarray(small) == 255) | (opacity.min() > 0)
    np.testing.assert_allclose(found[:, seen], DIGITS[:, seen], atol=3)
    assert found[:, ~seen].sum() <= 16 * len(found) * (~seen).sum(), "the rest is paper"


def test_a_scan_in_uneven_light_keeps_its_paper(tmp_path: Path) -> None:
    light = np.linspace(0.55, 1, SIDE)
    opacity = MARGINS["rounded a lot"]()

    def photographed(digit: np.ndarray) -> Image.Image:
        grey = (np.asarray(scan(digit, True, full()))[..., 0] * light).astype(np.uint8)
        return Image.fromarray(np.dstack([grey, grey, grey, opacity.astype(np.uint8)]))

    found = load_own(str(as_zip(tmp_path / "scans.zip", of_digits(photographed)))).images.numpy()
    assert all(
        np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.8 for a, b in zip(found, DIGITS, strict=True)
    )


@pytest.mark.parametrize("radius", [10, 30, 50])
def test_a_photograph_with_round_corners_is_as_one_without(radius: int, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    coarse = random.integers(0, 256, (12, 7, 7), dtype=np.uint8)
    coarse[::2] //= 3  # dark ones among light ones
    whole = [
        Image.fromarray(each).resize((SIDE, SIDE), Image.Resampling.BICUBIC) for each in coarse
    ]
    found = []
    for name, opacity in (("square", full()), ("round", corners(radius))):
        files = {}
        for number, photo in enumerate(whole):
            picture = photo.convert("RGBA")
            picture.putalpha(Image.fromarray(opacity.astype(np.uint8)))
            files[f"a/{number:02}.png"] = png(picture)
        place = as_zip(tmp_path / f"{name}.zip", files)
        found.append(load_own(str(place)).images.numpy().astype(int)[:, 8:20, 8:20])
    np.testing.assert_allclose(found[1], found[0], atol=2)


def drawing(digit: np.ndarray, ink: tuple[int, int, int], below: int) -> Image.Image:
    """Ink on nothing; `below` is the level that the clear pixels hide."""
    colour = np.where(digit[..., None] > 0, np.array(ink), below).astype(np.uint8)
    return Image.fromarray(np.dstack([colour, digit]))


@pytest.mark.parametrize("below", [0, 255])
@pytest.mark.parametrize("ink", [(0, 0, 0), (255, 255, 255), (200, 0, 0), (255, 230, 120)])
def test_ink_on_nothing_is_light_ink(ink: tuple[int, int, int], below: int, tmp_path: Path) -> None:
    files = of_digits(lambda digit: drawing(digit, ink, below))
    found = load_own(str(as_zip(tmp_path / "drawings.zip", files))).images.numpy() / 255
    level = float(np.asarray(Image.new("RGB", (1, 1), ink).convert("L"))[0, 0])
    light = max(level, 255 - level) / 255
    np.testing.assert_allclose(found, DIGITS / 255 * light, atol=0.02)


@pytest.mark.parametrize("ink", ["black", "white"])
@pytest.mark.parametrize("letter", "B8M")
def test_a_bold_letter_that_fills_its_picture_is_ink(letter: str, ink: str, tmp_path: Path) -> None:
    sheet = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    font = ImageFont.load_default(200)
    ImageDraw.Draw(sheet).text((40, 10), letter, fill=ink, font=font, stroke_width=12)
    cut = sheet.crop(sheet.getbbox())
    files = {f"a/{i}.png": png(cut) for i in range(10)}
    found = load_own(str(as_zip(tmp_path / "letters.zip", files))).images.numpy()
    inked = np.asarray(cut.getchannel("A")).mean() * cut.width * cut.height
    assert found[0].max() > 240
    assert found[0].mean() == pytest.approx(inked / max(cut.size) ** 2, rel=0.05)


@pytest.mark.parametrize("light", [True, False], ids=["light", "dark"])
@pytest.mark.parametrize("way", MARGINS)
def test_a_digit_is_read_from_such_files_too(way: str, light: bool) -> None:
    picture = scan(DIGITS[3], light, MARGINS[way]())
    plain = scan(DIGITS[3], light, full())
    found, expected = (like_mnist(ink_of_file(png(each))) for each in (picture, plain))
    if "circle" in way or "turned" in way or "margin" in way or "shadow" in way:
        assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.8
    else:
        np.testing.assert_allclose(found, expected, atol=3)
