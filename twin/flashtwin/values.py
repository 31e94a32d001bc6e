"""CL values as bytes: variables, their storage, and the conversions between their types.

A variable is a `Cell`: a typed view of a stretch of `Storage`.  Parameters are passed by reference, so a
called program sees the caller's bytes through its own declaration.  Characters are EBCDIC (code page 37)
and compare as such.  Conversion rules: docs/platform-facts.md#cl-chgvar.
"""

from __future__ import annotations

from codecs import charmap_decode, charmap_encode
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from encodings.cp037 import decoding_table, encoding_table
from functools import lru_cache
from typing import TypeAlias

from flashtwin.errors import Escape

# What lies beyond a parameter that is shorter than its declaration: something, but nobody's data.
BEYOND = b"\x6f"
BLANK = 0x40
NUMBERS = (int, Decimal)
CHARACTERS = (bytes, bytearray)


def to_ebcdic(text: str) -> bytes:
    """Text as code page 37; a character that it does not have becomes the substitute X'3F'."""
    try:
        return charmap_encode(text, "strict", encoding_table)[0]
    except UnicodeEncodeError:
        return b"".join(c.encode("cp037") if _in_cp037(c) else b"\x3f" for c in text)


def _in_cp037(character: str) -> bool:
    try:
        character.encode("cp037")
    except UnicodeEncodeError:
        return False
    return True


def from_ebcdic(data: bytes | bytearray) -> str:
    """Bytes of code page 37 as text."""
    return charmap_decode(data, "strict", decoding_table)[0]


class Storage:
    """A piece of storage that cells lie in; pointers are kept beside the bytes that they occupy."""

    __slots__ = ("data", "pointers")

    def __init__(self, data: bytes | bytearray = b"") -> None:
        self.data = bytearray(data)
        self.pointers: dict[int, Pointer] = {}


class Pointer:
    """A space pointer: a storage and an offset into it."""

    __slots__ = ("offset", "storage")

    def __init__(self, storage: Storage, offset: int = 0) -> None:
        self.storage = storage
        self.offset = offset

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pointer) and other.storage is self.storage and other.offset == self.offset

    def __hash__(self) -> int:
        return hash((id(self.storage), self.offset))


# What an expression yields: EBCDIC characters, a number (Decimal when it has decimals), a logical, a pointer.
CLValue: TypeAlias = "bytes | int | Decimal | bool | Pointer | None"


@lru_cache(maxsize=4096)
def packed(value: int, digits: int) -> bytes:
    """Packed decimal of `digits` digits; the caller has checked that it fits."""
    width = digits if digits % 2 else digits + 1
    return bytes.fromhex(f"{abs(value):0{width}d}{'d' if value < 0 else 'f'}")


def unpacked(data: bytes | bytearray) -> int:
    """The number in packed decimal data; MCH1202 when it is none."""
    return _unpacked(bytes(data))


@lru_cache(maxsize=4096)
def _unpacked(data: bytes) -> int:
    text = data.hex()
    if not text[:-1].isdigit() or text[-1] < "a":
        raise Escape("MCH1202", "", "Decimal data error.")
    number = int(text[:-1])
    return -number if text[-1] in "bd" else number


class Cell:
    """A variable: type (*CHAR *DEC *LGL *INT *UINT *PTR), length in bytes or digits, decimals."""

    __slots__ = ("_based_on", "_offset", "_storage", "decimals", "length", "size", "type")

    def __init__(
        self,
        type_: str,
        length: int,
        decimals: int = 0,
        storage: Storage | None = None,
        offset: int = 0,
    ) -> None:
        self.type = type_
        self.length = length
        self.decimals = decimals
        self.size = length // 2 + 1 if type_ == "*DEC" else length
        self._based_on: Cell | None = None
        self._offset = offset
        if storage is None:
            self._storage = Storage(initial_bytes(type_, length))
        else:
            self._storage = storage
            missing = offset + self.size - len(storage.data)
            if missing > 0:
                storage.data.extend(BEYOND * missing)

    def based_on(self, pointer: Cell) -> None:
        """Make this a view of what another cell points to (STG(*BASED))."""
        self._based_on = pointer

    def place(self) -> tuple[Storage, int]:
        """The storage and offset; MCH3601 when it is based on a pointer that is not set."""
        if self._based_on is None:
            return self._storage, self._offset
        pointer = self._based_on.get()
        if not isinstance(pointer, Pointer):
            raise Escape("MCH3601", "", "Pointer not set for location referenced.")
        missing = pointer.offset + self.size - len(pointer.storage.data)
        if missing > 0:
            raise Escape("MCH0601", "", "Space offset is outside current limit for the object.")
        return pointer.storage, pointer.offset

    def raw(self) -> bytes:
        """The bytes of the variable."""
        storage, offset = (self._storage, self._offset) if self._based_on is None else self.place()
        return bytes(storage.data[offset : offset + self.size])

    def put(self, data: bytes) -> None:
        """Store bytes as they are, padded with blanks or cut to the size."""
        storage, offset = (self._storage, self._offset) if self._based_on is None else self.place()
        size = self.size
        if len(data) != size:
            data = data[:size].ljust(size, b"\x40")
        storage.data[offset : offset + size] = data

    def text(self) -> str:
        """The characters, without trailing blanks."""
        return from_ebcdic(self.raw()).rstrip(" ")

    def get(self) -> CLValue:
        """The value: bytes, int, Decimal (when decimals are declared), bool, or Pointer or None."""
        storage, offset = (self._storage, self._offset) if self._based_on is None else self.place()
        type_ = self.type
        if type_ == "*CHAR":
            return bytes(storage.data[offset : offset + self.size])
        if type_ == "*DEC":
            number = unpacked(storage.data[offset : offset + self.size])
            return Decimal(number).scaleb(-self.decimals) if self.decimals else number
        if type_ == "*INT":
            return int.from_bytes(storage.data[offset : offset + self.size], "big", signed=True)
        if type_ == "*LGL":
            return storage.data[offset] == 0xF1
        if type_ == "*UINT":
            return int.from_bytes(storage.data[offset : offset + self.size], "big")
        return storage.pointers.get(offset)

    def set(self, value: CLValue) -> None:
        """Store a value, converted as CHGVAR does."""
        type_ = self.type
        if type_ == "*CHAR":
            self.put(value if value.__class__ is bytes else _to_char(value, self.length))
        elif type_ == "*DEC":
            self.put(packed(self._number(value), self.length))
        elif type_ == "*LGL":
            self.put(b"\xf1" if _to_logical(value) else b"\xf0")
        elif type_ == "*PTR":
            self._set_pointer(value)
        else:
            self.put(self._number(value).to_bytes(self.size, "big", signed=type_ == "*INT"))

    def _set_pointer(self, value: CLValue) -> None:
        storage, offset = self.place()
        if isinstance(value, Pointer):
            storage.pointers[offset] = value
        else:
            storage.pointers.pop(offset, None)

    def _number(self, value: CLValue) -> int:
        number = value if value.__class__ is int else to_number(value)
        if number.__class__ is not int or self.decimals:
            number = int(Decimal(number).scaleb(self.decimals).to_integral_value(rounding=ROUND_DOWN))
        if self.type == "*DEC":
            fits = abs(number) < 10**self.length
        else:
            bits = 8 * self.size - (1 if self.type == "*INT" else 0)
            fits = (-(1 << bits) if self.type == "*INT" else 0) <= number < 1 << bits
        if not fits:
            raise Escape("MCH1210", "", "Receiver value too small to hold result.")
        return number


@lru_cache(maxsize=1024)
def initial_bytes(type_: str, length: int) -> bytes:
    """What a variable holds when nothing else is said: blanks, zero, '0', a null pointer."""
    if type_ == "*CHAR":
        return b"\x40" * length
    if type_ == "*DEC":
        return packed(0, length)
    if type_ == "*LGL":
        return b"\xf0"
    return bytes(length)


def to_number(value: CLValue) -> int | Decimal:
    """A value as a number: characters must be digits with an optional sign and one decimal mark."""
    if value.__class__ is int:
        return value
    if isinstance(value, bool):
        raise Escape("CPF0818", "", "A logical value cannot be used as a number.")
    if isinstance(value, NUMBERS):
        return value
    if isinstance(value, CHARACTERS):
        text = from_ebcdic(value).strip().replace(",", ".")
        digits = text[1:] if text[:1] in "+-" else text
        if digits.count(".") <= 1 and digits.replace(".", "").isdigit() and digits.isascii():
            try:
                return Decimal(text) if "." in text else int(text)
            except InvalidOperation:
                pass
        raise Escape(
            "CPF0818", value, f"Value '{text}' in CHGVAR command is not valid for a decimal variable."
        )
    raise Escape("CPF0818", "", "A pointer cannot be used as a number.")


def _to_char(value: CLValue, length: int) -> bytes:
    if isinstance(value, CHARACTERS):
        return bytes(value)
    if isinstance(value, bool):
        return b"\xf1" if value else b"\xf0"
    if value is None or isinstance(value, Pointer):
        raise Escape("CPF0818", "", "A pointer cannot be changed to characters.")
    # Right-justified, zero padded, with the sign leftmost and the decimal mark where decimals are declared.
    negative = value < 0
    digits = _digits(-value if negative else value)
    width = length - (1 if negative else 0)
    if len(digits) > width:
        raise Escape("MCH1210", "", "Receiver value too small to hold result.")
    return to_ebcdic(("-" if negative else "") + digits.rjust(width, "0"))


def _digits(number: int | Decimal) -> str:
    return format(number, "f") if isinstance(number, Decimal) else str(number)


def _to_logical(value: CLValue) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, CHARACTERS):
        stripped = bytes(value).rstrip(b"\x40")
        if stripped in (b"\xf0", b"\xf1"):
            return stripped == b"\xf1"
    raise Escape("CPF0818", "", "Value for a logical variable must be '0' or '1'.")


def char_of(number: int | Decimal | bool) -> str:
    """%CHAR: left-adjusted, no leading zeros; a decimal fraction keeps its declared digits."""
    if isinstance(number, bool):
        return "1" if number else "0"
    text = _digits(number)
    # A fraction below one has no digit before the decimal mark in CL.
    if text.startswith("0."):
        return text[1:]
    return "-" + text[2:] if text.startswith("-0.") else text


def display(value: CLValue) -> str:
    """A value as a command parameter sees it: text without trailing blanks."""
    if isinstance(value, CHARACTERS):
        return from_ebcdic(value).rstrip(" ")
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return _digits(value)
    return ""
