"""Single values: names as IBM i, the console and the array take them; addresses; quantities.

Each function takes what was written and returns its meaning, or None after it has noted what is wrong.
"""

from __future__ import annotations

import ipaddress
import re
import string

from flashc.check.families import Part
from flashc.check.findings import Findings
from flashc.check.model import Endpoint
from flashc.diag import Span
from flashc.syntax import ast
from flashc.syntax.words import shown

_SIMPLE_NAME = re.compile(r"[A-Z$@#][A-Z0-9$@#_]*\Z")
_FOUR_NUMBERS = "four numbers from 0 to 255 with points between"
_HOST_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)\Z")
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}\Z")
_KEY_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\Z")
# Characters that the console's partition names exclude, or that a command line would read as its own.
_UNSAFE = re.compile(r"""[^ -~]|[()<>*$&?|\[\]'"`\\;,=%{}~!]""")
_NAME_SIGNS = frozenset(string.ascii_letters + string.digits + "_.-")
_SECRET = re.compile(
    r"-----BEGIN|\b(password|passwd|passphrase|pwd|newpwd|curpwd)\s*[(=:]|://[^/\s:@]+:[^/\s@]+@",
    re.IGNORECASE,
)
_SECRET_DEFAULT = re.compile(r"\b(PASSWORD|PASSPHRASE)\s*\(\s*\*[A-Z]+\s*\)")


AS_IT_IS = "Copy the name as the system shows it."
"""What to do about a name that the spec does not give."""


def object_name(
    found: Findings, word: ast.Word, what: str, *, longest: int = 10, own: bool = False
) -> str | None:
    """A simple IBM i name: a letter, $, @ or #, then letters, digits and underscores.

    `own`: the spec gives it, so that it may be another one.
    """
    if not _SIMPLE_NAME.match(word.text):
        found.add("FL2004", word.span, f"`{shown(word.text)}` cannot be the name of {_a(what)}")
        return None
    if len(word.text) > longest:
        message = f"`{shown(word.text)}` has {len(word.text)} characters; {_a(what)} has at most {longest}"
        found.add("FL2003", word.span, message, help=None if own else AS_IT_IS)
        return None
    return word.text


def own_name(found: Findings, word: ast.Word, what: str, *, longest: int = 10) -> str | None:
    """A name that the spec itself gives: letters, digits and underscores.

    It stands in command lines of QSH, where $ begins a variable; and $, @ and # are other characters in other
    EBCDIC code pages.
    """
    name = object_name(found, word, what, longest=longest, own=True)
    variant = next((c for c in name or "" if c in "$@#"), "")
    if variant:
        found.add(
            "FL2012", word.span, f"`{shown(word.text)}` cannot be the name of {_a(what)}: it has {variant}"
        )
        return None
    return name


def _a(what: str) -> str:
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"


def partition_text(found: Findings, text: ast.Text, what: str, longest: int = 31) -> str | None:
    """A name the console knows (partition, profile, managed system)."""
    return _foreign(found, text, what, longest, _UNSAFE.search(text.text) is None)


def managed_system(found: Findings, text: ast.Text) -> str | None:
    """A managed system by its name, or by type, model and serial number: 9009-42A*78ABC12."""
    safe = by_serial(text.text) or _UNSAFE.search(text.text) is None
    return _foreign(found, text, "managed system", 31, safe)


def by_serial(name: str) -> bool:
    """Whether a managed system is named by type, model and serial number."""
    return re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{3}\*[0-9A-Z]{7}", name) is not None


def part(found: Findings, text: ast.Text, named: Part) -> str | None:
    """A name as the family of a console or storage system takes it (`flashc.check.families`)."""
    name = text.text
    safe = named.takes(name) or len(name) > named.longest
    if name and not safe and all(c in _NAME_SIGNS or c in named.example for c in name):
        message = f"`{shown(name)}` is not written as a {named.what} is"
        found.add("FL2008", text.span, message, help=f"It looks like this: {named.example}")
        return None
    return _foreign(found, text, named.what, named.longest, safe)


def user_name(found: Findings, text: ast.Text) -> str | None:
    """A user of a console or storage system."""
    safe = re.match(r"[A-Za-z0-9_][A-Za-z0-9_.@-]*\Z", text.text) is not None
    return _foreign(found, text, "user", 64, safe)


def _foreign(found: Findings, text: ast.Text, what: str, longest: int, safe: bool) -> str | None:
    name = text.text
    if not name or name != name.strip():
        found.add("FL2008", text.span, f"the name of the {what} is empty, or begins or ends with a blank")
        return None
    if len(name) > longest:
        found.add(
            "FL2003",
            text.span,
            f"the name of a {what} has at most {longest} characters, this has {len(name)}",
            help=AS_IT_IS,
        )
        return None
    if not safe:
        message = f"`{shown(name)}` holds a character that the name of a {what} cannot have"
        found.add("FL2008", text.span, message)
        return None
    return name


def key_file(found: Findings, text: ast.Text) -> str | None:
    """A file name in the product's key folder, never a path."""
    if _SECRET.search(text.text):
        return None  # reported as a secret
    if not _KEY_FILE.match(text.text) or ".." in text.text:
        found.add("FL3065", text.span, f"`{shown(text.text)}` is not the plain name of a key file")
        return None
    return text.text


def endpoint(found: Findings, text: ast.Text, port: int) -> Endpoint | None:
    """`HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT`."""
    written = text.text
    host, rest = written, ""
    if written.startswith("["):
        host, _, rest = written[1:].partition("]")
    elif written.count(":") == 1 and "://" not in written:
        host, colon, rest = written.partition(":")
        rest = colon + rest
    if rest:
        digits = rest.removeprefix(":")
        if not rest.startswith(":") or not re.fullmatch(r"[0-9]{1,5}", digits) or not 0 < int(digits) < 65536:
            found.add(
                "FL3009", text.span, f"`{shown(written)}`: the port behind the address is not 1 to 65535"
            )
            return None
        port = int(digits)
    if not _is_host(host):
        message = f"`{shown(written)}` is not an address"
        found.add(
            "FL3008",
            text.span,
            message,
            help=_address_help(written, f"Give a host name, or {_FOUR_NUMBERS}."),
        )
        return None
    return Endpoint(host, port)


def _address_help(written: str, usual: str) -> str:
    """What to do about a text that is no address, by what else it holds."""
    if "://" in written:
        return "Give the address alone, without what stands before `//` and behind the host."
    if "@" in written:
        return "Give the address alone; the user has a word of his own."
    several = [part for part in re.split(r"[\s,;]+", written) if "." in part]
    if len(several) > 1 and all(map(_is_host, several)):
        return "One address stands in a text; each has quotes of its own."
    plain = re.sub(r"\b0+(?=[0-9])", "", written)
    if plain != written and _is_ipv4(plain):
        return f'Write it as `"{plain}"`.'
    return usual


def _is_ipv4(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return "%" not in host
    labels = host.rstrip(".").split(".")
    if len(host) > 253 or labels[-1].isdigit():
        return False
    return all(_HOST_LABEL.match(label) for label in labels)


def ipv4(found: Findings, text: ast.Text, what: str) -> str | None:
    """An IPv4 address that a single partition can have."""
    if not _is_ipv4(text.text):
        message = f"`{shown(text.text)}` is not an IPv4 address ({what})"
        found.add("FL3008", text.span, message, help=_address_help(text.text, f"Give {_FOUR_NUMBERS}."))
        return None
    address = ipaddress.IPv4Address(text.text)
    if address.is_loopback or address.is_multicast or address.is_unspecified or int(address) == 0xFFFFFFFF:
        found.add("FL3008", text.span, f"`{address}` is not the address of a partition ({what})")
        return None
    return str(address)


def mail_address(found: Findings, text: ast.Text) -> str | None:
    """One mail address without a display name."""
    if not _MAIL.match(text.text) or len(text.text) > 254:
        several = text.text.count("@") > 1 or re.search(r"[,;]", text.text)
        help_text = "One address stands in a text; several take several statements." if several else None
        found.add("FL3010", text.span, f"`{shown(text.text)}` is not a mail address", help=help_text)
        return None
    return text.text


def limit(found: Findings, value: ast.Limit, what: str, least_s: int, most_s: int) -> int | None:
    """A time limit in seconds, between two bounds."""
    if least_s <= value.seconds <= most_s:
        return value.seconds
    message = f"{what} of {value.text} is outside {duration(least_s)} to {duration(most_s)}"
    found.add("FL3024", value.span, message)
    return None


def times(found: Findings, written: tuple[ast.TimeOfDay, ...]) -> list[tuple[str, Span]]:
    """Times of day as HHMMSS, with their places."""
    made = []
    for time in written:
        if time.hour > 23 or time.minute > 59 or time.second > 59:
            found.add("FL3032", time.span, f"{time.text} is no time of day")
        else:
            made.append((f"{time.hour:02}{time.minute:02}{time.second:02}", time.span))
    return made


def duration(seconds: int) -> str:
    """Seconds with the largest unit that fits: 90m, 24h, 45s; days from two on."""
    if seconds > 86400 and seconds % 86400 == 0:
        return f"{seconds // 86400}d"
    for unit, size in (("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def number(found: Findings, value: ast.Number, code: str, what: str, least: int, most: int) -> int | None:
    """A whole number between two bounds."""
    if least <= value.value <= most:
        return value.value
    found.add(code, value.span, f"{what} is a number from {least} to {most}, not {value.value}")
    return None


def secret(found: Findings, text: ast.Text) -> bool:
    """Note a text that looks like a password or a private key; whether it does."""
    if _SECRET.search(text.text) and not _SECRET_DEFAULT.search(text.text):
        found.add("FL3050", text.span, "this text looks like a password or a key; a spec holds no secret")
        return True
    return False
