from io import BytesIO

import numpy
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from bot.papers import qr

TICKET = "https://t.me/example_bot?start=t-4f2K9x-Zq81LmP0"


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGB")


def jpeg(picture: Image.Image, quality: int = 70) -> bytes:
    written = BytesIO()
    picture.save(written, "JPEG", quality=quality)
    return written.getvalue()


def png(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def on_a_table(code: Image.Image, size: tuple[int, int] = (1600, 1200)) -> Image.Image:
    table = Image.new("RGB", size, (96, 84, 70))
    table.paste(code, ((size[0] - code.width) // 2, (size[1] - code.height) // 2))
    return table


def seen_from_the_side(photo: Image.Image, corners: list[tuple[int, int]]) -> Image.Image:
    """The photo with its corners (from the upper left, clockwise) moved there."""
    width, height = photo.size
    rows, values = [], []
    for (x, y), (u, v) in zip(corners, [(0, 0), (width, 0), (width, height), (0, height)], strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    moved = tuple(numpy.linalg.solve(rows, values))
    return photo.transform(photo.size, Image.Transform.PERSPECTIVE, moved, Image.Resampling.BICUBIC)


@given(st.text(min_size=1, max_size=120).filter(lambda text: text.isprintable()))
@example("\u0bc0@")
@example("á0")
@settings(max_examples=40, deadline=None)
def test_what_is_drawn_is_read(text: str) -> None:
    assert qr.read(qr.draw(text)) == [text]


def test_a_code_is_about_600_points_wide_with_paper_around_it() -> None:
    picture = opened(qr.draw(TICKET))
    assert 560 <= picture.width == picture.height <= 720
    assert all(picture.getpixel((x, 8)) == (255, 255, 255) for x in range(picture.width))


@pytest.mark.parametrize("degrees", [0, 7, 33, 90, 145, 180, 270])
def test_a_code_is_read_at_any_angle(degrees: int) -> None:
    turned = opened(qr.draw(TICKET)).rotate(degrees, expand=True, fillcolor="white")
    assert qr.read(jpeg(on_a_table(turned))) == [TICKET]


@pytest.mark.parametrize(
    "corners",
    [
        [(0, 150), (1600, 0), (1600, 1200), (0, 1000)],
        [(200, 300), (1400, 0), (1500, 1200), (100, 900)],
        [(400, 500), (1200, 450), (1500, 1100), (100, 1200)],
    ],
)
def test_a_photo_of_a_screen_from_the_side_is_read(corners: list[tuple[int, int]]) -> None:
    photo = seen_from_the_side(on_a_table(opened(qr.draw(TICKET))), corners)
    glare = photo.filter(ImageFilter.GaussianBlur(2)).point(lambda value: 40 + value * 2 // 3)
    assert qr.read(jpeg(glare, quality=30)) == [TICKET]


def test_a_small_code_in_a_big_photo_is_read() -> None:
    small = opened(qr.draw(TICKET)).resize((260, 260))
    assert qr.read(jpeg(on_a_table(small, (4000, 3000)))) == [TICKET]


def test_a_code_with_light_and_dark_changed_is_read() -> None:
    dark_mode = opened(qr.draw(TICKET)).point(lambda value: 255 - value)
    assert qr.read(png(dark_mode)) == [TICKET]


def test_a_code_on_nothing_is_read_as_on_paper() -> None:
    code = Image.open(BytesIO(qr.draw(TICKET))).convert("L")
    layer = Image.new("RGBA", code.size, (0, 0, 0, 0))
    layer.putalpha(code.point(lambda value: 255 - value))
    assert qr.read(png(layer)) == [TICKET]


def test_every_code_in_a_photo_is_read_once() -> None:
    photo = on_a_table(opened(qr.draw("one")).resize((400, 400)))
    photo.paste(opened(qr.draw("two")).resize((400, 400)), (60, 60))
    photo.paste(opened(qr.draw("two")).resize((400, 400)), (1100, 700))
    assert sorted(qr.read(jpeg(photo))) == ["one", "two"]


def test_a_picture_without_a_code_has_none() -> None:
    assert qr.read(jpeg(on_a_table(Image.new("RGB", (300, 300), "white")))) == []


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"%PDF-1.7", b"hello" * 500]
)
def test_what_is_no_picture_has_none(data: bytes) -> None:
    assert qr.read(data) == []


@given(st.integers(0, 6000), st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), max_size=30))
@settings(max_examples=120, deadline=None)
def test_a_damaged_picture_never_raises(length: int, damage: list[tuple[int, int]]) -> None:
    for whole in (qr.draw(TICKET), jpeg(opened(qr.draw(TICKET)))):
        data = bytearray(whole)
        for at, value in damage:
            data[at % len(data)] = value
        assert set(qr.read(bytes(data[: max(length, 1)]))) <= {TICKET}


@pytest.mark.parametrize("side", [6_000, 12_000])
def test_a_picture_that_unpacks_to_more_than_any_screen_is_not_unpacked(side: int) -> None:
    bomb = png(Image.new("1", (side, side)))
    assert len(bomb) < 100_000
    assert qr.read(bomb) == []


def test_a_text_too_long_for_a_code_is_refused() -> None:
    with pytest.raises(ValueError, match="large"):
        qr.draw("x" * 5000)
