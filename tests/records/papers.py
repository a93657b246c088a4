"""Files that people hand in, made on the spot."""

import io
import struct
import zlib

import pillow_heif
from PIL import Image
from PIL.PngImagePlugin import PngInfo

PDF = b"%PDF-1.7\n% a sample diploma\n%%EOF\n"


def jpeg(size: tuple[int, int] = (40, 20), mode: str = "RGB", turned: bool = False) -> bytes:
    """With the place, the camera and a comment in it; `turned` as a telephone held upright writes it."""
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ana Sample"
    exif[0x0112] = 6 if turned else 1
    exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 22.0, 0.0), 3: "W", 4: (86.0, 18.0, 0.0)})
    out = io.BytesIO()
    Image.new(mode, size).save(out, "JPEG", exif=exif, comment=b"taken at home")
    return out.getvalue()


def heic(size: tuple[int, int] = (40, 20), mode: str = "RGB") -> bytes:
    """As a telephone writes it: with the place, the camera, and a smaller picture of it."""
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ana Sample"
    exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 22.0, 0.0), 3: "W", 4: (86.0, 18.0, 0.0)})
    pillow_heif.register_heif_opener()
    out = io.BytesIO()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>taken at home</x:xmpmeta>"
    Image.new(mode, size, "red" if mode == "RGB" else None).save(out, "HEIF", exif=exif.tobytes(), xmp=xmp)
    return out.getvalue()


def png(size: tuple[int, int] = (40, 20), mode: str = "RGB") -> bytes:
    said = PngInfo()
    said.add_text("Author", "taken at home")
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG", pnginfo=said)
    return out.getvalue()


def claiming(width: int, height: int) -> bytes:
    """A small PNG whose head says that it is large."""
    whole = bytearray(png())
    whole[16:24] = struct.pack(">II", width, height)
    whole[29:33] = struct.pack(">I", zlib.crc32(bytes(whole[12:29])))
    return bytes(whole)
