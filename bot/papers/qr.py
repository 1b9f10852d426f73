"""QR codes: one drawn for a ticket, and those found in a photo of one."""

from io import BytesIO
from typing import Any, Final

import segno
import zxingcpp
from PIL import Image

# A quarter of the code may be scratched, dimmed or under a thumb, and it still reads.
_CORRECTION: Final = "q"
_QUIET_ZONE: Final = 4
_ABOUT_WIDE: Final = 640

# What a picture may unpack to: a camera's largest photo, which a JPEG can be read in small at once, and
# what a phone makes of its screen. One that claims more is an attack on our memory.
_MOST_POINTS: Final = {"JPEG": 110_000_000, "PNG": 20_000_000, "WEBP": 20_000_000}
_WIDEST_READ: Final = 2000


def draw(text: str) -> bytes:
    """The text as a QR code: a black and white PNG of about 640 points with its quiet zone.

    A text that no QR code can hold (over some 1,600 bytes) raises ValueError.
    """
    code = segno.make(text, error=_CORRECTION, micro=False, boost_error=False, **_said_how(text))
    modules, _ = code.symbol_size(scale=1, border=_QUIET_ZONE)
    picture = BytesIO()
    code.save(picture, kind="png", scale=max(4, _ABOUT_WIDE // int(modules)), border=_QUIET_ZONE)
    return picture.getvalue()


def _said_how(text: str) -> dict[str, Any]:
    """What is more than ASCII says how it is written; else readers guess, and take some for Japanese."""
    return {} if text.isascii() else {"mode": "byte", "encoding": "utf-8", "eci": True}


def read(image: bytes) -> list[str]:
    """The texts of all QR codes in the picture, each once, in the order found.

    What is not a picture, is cut short, or is larger than any camera's has none. Takes up to a quarter of a
    second, so it is called beside the loop, never in it.
    """
    picture = _opened(image)
    if picture is None:
        return []
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return list(dict.fromkeys(code.text for code in found if code.valid and code.text))


def _opened(image: bytes) -> Image.Image | None:
    """The picture in greys, no larger than codes need to be read."""
    try:
        with Image.open(BytesIO(image), formats=tuple(_MOST_POINTS)) as picture:
            if picture.width * picture.height > _MOST_POINTS[str(picture.format)]:
                return None
            picture.draft("L", (_WIDEST_READ, _WIDEST_READ))
            grey = _on_white(picture).convert("L")
    except Exception:  # strangers' bytes: decoders fail in ways that they don't all name
        return None
    grey.thumbnail((_WIDEST_READ, _WIDEST_READ))
    return grey


def _on_white(picture: Image.Image) -> Image.Image:
    """The picture with what is transparent shown as paper."""
    if not picture.has_transparency_data:
        return picture
    layer = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
