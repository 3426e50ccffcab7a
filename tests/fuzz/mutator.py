"""Requests as nobody means them: what the product offers, said wrongly in every way that one seed draws."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote, quote_plus, urlencode
from uuid import UUID

from tests.fuzz.forms import Form

_STRANGE: Sequence[str] = (
    "", " ", "\x00", "%00", "a\x00b", "\ud800", "\udfff", "\x1b[2J", "\x7f", "\u202e", "\ufeff", "😀" * 40,
    "三栋" * 400,
    "'", "'; DROP TABLE log.stored_events; --", "\\", "%", "_", "{{7*7}}", "<script>alert(1)</script>",
    "../../etc/passwd",
    "-1", "0", "1e999", "9" * 400, "NaN", "Infinity", "0x10", "１２", "٣", "1_000", "+1", " 1", "1.005", "-0",
    "2026-02-30", "0000-00-00", "9999-12-31", "2026-11-25T10:00:00", "2026-11-25T10:00:00+99:99", "10000-01-01",
    "true", "null", "[]", "00000000-0000-0000-0000-000000000000", "{", "a" * 70_000,
)  # fmt: skip
_VALUES: Sequence[Any] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, -(2**63) - 1, 10**400, 0.1, 1e308, -0.0, [], {}, [None], [[]],
    {"a": {"b": {"c": []}}}, [1, "1", None], *_STRANGE,
)  # fmt: skip
_BODIES: Sequence[bytes] = (
    b"", b"{", b"null", b"[]", b'"text"', b"0", b"\xff\xfe", b"\x00", b"{\"a\": NaN}", b"[" * 5_000, b"[" * 100_000,
    b'{"a":' * 2_000 + b"1" + b"}" * 2_000, b'{"text": "\xe4\xb8"}', "{\"text\": \"三栋\"}".encode("gb18030"),
    b'{"text": "\\ud800"}', b'{"text": "a", "text": "b"}', b"\xef\xbb\xbf{}", b"{} {}", b"a=b&c=%", b"%" * 1_000,
    b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n", b"PK\x03\x04" + b"\x00" * 200,
)  # fmt: skip
_TYPES = (
    "application/json", "application/json; charset=gb18030", "application/x-www-form-urlencoded", "text/plain",
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "application/xml",
    "application/json; charset=\"", "", "*/*", "image/jpeg",
)  # fmt: skip
_HEADERS: Sequence[tuple[str, bytes]] = (
    ("If-Match", b'"7"'), ("If-Match", b"7"), ("If-Match", b"*"), ("If-Match", b'"' + b"9" * 400 + b'"'),
    ("If-None-Match", b"W/\"1\""), ("Idempotency-Key", b"k" * 300), ("Idempotency-Key", b"\xe4\xb8\x89"),
    ("Idempotency-Key", b"one"), ("Accept-Language", b"en"), ("Accept-Language", b"\xff;q=,,"), ("Accept", b"x/y"),
    ("Accept-Encoding", b"gzip;q=0, br"), ("Range", b"bytes=9-1"), ("X-Forwarded-For", b"1.2.3.4, \xff"),
    ("Prefer", b"wait=9999999999999999999999"), ("Last-Event-ID", b"\x01"), ("Origin", b"null"),
    ("Cookie", b"theme=;;=\xff"),
    ("Sec-Fetch-Site", b"cross-site"), ("Content-Encoding", b"gzip"), ("X-CSRF-Token", b"\xff"), ("Referer", b"::"),
    ("Authorization", b"Bearer \xff"), ("Authorization", b"Basic eDp5"), ("Host", b"other.test"), ("Upgrade", b"h2c"),
)  # fmt: skip
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW")


@dataclass(frozen=True)
class Operation:
    """``path`` with places in braces; ``body`` is the schema of its JSON, or ``None``; ``query`` the names it knows."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    query: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass
class Asker:
    """Somebody of a role: headers of the API, headers of the console, and the console's token against forgery."""

    role: str
    bearer: Mapping[str, str] = field(default_factory=dict)
    cookie: Mapping[str, str] = field(default_factory=dict)
    csrf: str = ""
    forms: Sequence[Form] = ()
    pages: Sequence[str] = ()


@dataclass(frozen=True)
class Request:
    """``broken``: so said that a server may close without a word; ``headless``: its answer has no body."""

    said: bytes
    method: str
    broken: bool = False

    @property
    def headless(self) -> bool:
        return self.method == "HEAD"


class Mutator:
    """``known`` are ids by the names of parameters and fields; ``schemas`` the document's shapes."""

    def __init__(
        self, chance: Random, operations: Sequence[Operation], known: Mapping[str, Sequence[str]],
        schemas: Mapping[str, Any],
    ) -> None:  # fmt: skip
        self._chance = chance
        self._operations = operations
        self._known = known
        self._schemas = schemas

    def next(self, asker: Asker) -> Request:
        """One more, by this asker."""
        kinds: list[Callable[[Asker], Request]] = [self._of_api] * 6
        kinds += [self._of_form] * 3 if asker.forms else []
        kinds += [self._of_page] if asker.pages else []
        return self._chance.choice(kinds)(asker)

    # -- what is asked ---------------------------------------------------------------------------------------------

    def _of_api(self, asker: Asker) -> Request:
        chance = self._chance
        operation = chance.choice(self._operations)
        method = operation.method if chance.random() < 0.97 else chance.choice(_METHODS)
        path = self._path(operation.path) + self._query(operation.query)
        headers, body = dict(asker.bearer), b""
        if operation.files:
            body, headers["Content-Type"] = self._multipart(dict.fromkeys(operation.files, ""), operation.files)
        elif operation.body is not None:
            body, headers["Content-Type"] = self._json(operation.body), "application/json"
        return self._said(method, path, headers, body)

    def _of_form(self, asker: Asker) -> Request:
        chance = self._chance
        form = chance.choice(asker.forms)
        fields = {}
        for name, offered in form.fields.items():
            if chance.random() < 0.95:
                fields[name] = self._field(name, offered)
        if chance.random() < 0.95:
            fields["csrf"] = asker.csrf
        if chance.random() < 0.1:
            fields[chance.choice(_STRANGE)[:50]] = chance.choice(_STRANGE)
        headers = dict(asker.cookie)
        if form.method == "GET":
            return self._said("GET", f"{form.action.partition('?')[0]}?{self._encoded(fields)}", headers, b"")
        if form.files:
            body, headers["Content-Type"] = self._multipart(fields, ("file", *fields))
        else:
            body, headers["Content-Type"] = self._encoded(fields).encode(), "application/x-www-form-urlencoded"
        return self._said("POST", form.action, headers, body)

    def _of_page(self, asker: Asker) -> Request:
        return self._said(
            "GET", self._chance.choice(asker.pages) + self._query(("q", "page", "after", "on")), dict(asker.cookie), b""
        )

    # -- parts -----------------------------------------------------------------------------------------------------

    def _path(self, template: str) -> str:
        parts = []
        for part in template.split("/"):
            if part.startswith("{"):
                name = part[1:].partition("}")[0].partition(":")[0]
                part = quote(self._word(name), safe="")
            parts.append(part)
        return "/".join(parts)

    def _word(self, name: str) -> str:
        known = self._known.get(name, ())
        if known and self._chance.random() < 0.9:
            return self._chance.choice(known)
        if self._chance.random() < 0.5:
            return str(UUID(int=self._chance.getrandbits(128)))
        return self._chance.choice(_STRANGE)[:200].replace("\ud800", "").replace("\udfff", "")

    def _query(self, names: Sequence[str]) -> str:
        chance = self._chance
        wanted = [name for name in names if chance.random() < 0.4]
        if chance.random() < 0.03:
            return "?" + chance.choice(("%", "a=%zz", "=&=&", "a[]=1", "%00=%00", "a=" + "b" * 5_000))
        return "?" + self._encoded({name: self._word(name) for name in wanted}) if wanted else ""

    def _field(self, name: str, offered: Sequence[str]) -> str:
        chance = self._chance
        if chance.random() < 0.75 and any(offered):
            return chance.choice(offered)
        if chance.random() < 0.6:
            return self._word(name)
        return chance.choice(_STRANGE)

    def _encoded(self, fields: Mapping[str, str]) -> str:
        pairs = ((name, value) for name, value in fields.items())
        said = urlencode([(name.encode("utf-8", "replace"), value.encode("utf-8", "replace")) for name, value in pairs])
        if self._chance.random() < 0.05:
            at = self._chance.randrange(len(said) + 1)
            said = said[:at] + self._chance.choice(("%", "%f", "&&", "=", "%00", "%ff", "+", ";")) + said[at:]
        return said

    def _multipart(self, fields: Mapping[str, str], files: Sequence[str]) -> tuple[bytes, str]:
        chance, boundary = self._chance, "x" * 20
        parts = []
        for name, value in fields.items():
            body = (
                chance.choice(_BODIES) if name in files and chance.random() < 0.5 else value.encode("utf-8", "replace")
            )
            if name in files and chance.random() < 0.5:
                body = "日期,内容,金额\n2026-10-05,旧事,1.00\n楼栋,单元,房号,建筑面积,业主\n".encode()
            said = quote_plus(name.encode("utf-8", "replace"))
            named = f'form-data; name="{said}"' + ('; filename="x.csv"' if name in files else "")
            parts.append(f"--{boundary}\r\nContent-Disposition: {named}\r\n\r\n".encode() + body + b"\r\n")
        end = f"--{boundary}--\r\n".encode() if chance.random() < 0.95 else b""
        return b"".join(parts) + end, f"multipart/form-data; boundary={boundary}"

    def _json(self, schema: Mapping[str, Any]) -> bytes:
        chance = self._chance
        if chance.random() < 0.05:
            return chance.choice(_BODIES)
        value = self._value(schema, "", 0)
        value = dict(value) if isinstance(value, dict) else value  # perhaps one of those that are put into others
        if isinstance(value, dict) and value and chance.random() < 0.3:
            value[chance.choice(list(value))] = chance.choice(_VALUES)
        if isinstance(value, dict) and chance.random() < 0.05:
            value[chance.choice(_STRANGE)[:40]] = chance.choice(_VALUES)
        return json.dumps(value).encode()

    def _value(self, schema: Mapping[str, Any], name: str, depth: int) -> Any:
        """Something by the shape, mostly."""
        chance = self._chance
        if depth > 5 or chance.random() < 0.04:
            return chance.choice(_VALUES)
        if name in self._known and chance.random() < 0.8 and schema.get("type") != "array":
            return chance.choice(self._known[name])
        if "$ref" in schema:
            return self._value(self._schemas[schema["$ref"].rsplit("/", 1)[1]], name, depth + 1)
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                return self._value(chance.choice(schema[several]), name, depth + 1)
        if "enum" in schema or "const" in schema:
            return chance.choice(schema.get("enum") or [schema["const"]])
        match schema.get("type"):
            case "object":
                return self._object(schema, depth)
            case "array":
                return [self._value(schema.get("items", {}), name, depth + 1) for _ in range(chance.randrange(3))]
            case "integer" | "number":
                return chance.choice((0, 1, 7, 100, 12_345, -1, 2**31, 10**12))
            case "boolean":
                return chance.random() < 0.5
            case "null":
                return None
        return self._text(schema.get("format"))

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        required = set(schema.get("required", ()))
        return {
            name: self._value(shape, name, depth + 1)
            for name, shape in schema.get("properties", {}).items()
            if self._chance.random() < (0.97 if name in required else 0.4)
        }

    def _text(self, form: str | None) -> str:
        chance = self._chance
        if form == "uuid":
            return str(UUID(int=chance.getrandbits(128)))
        if form == "date":
            return chance.choice(("2026-11-01", "2026-10-31", "2027-01-01", "1980-01-01", "2026-02-29", "2099-12-31"))
        if form == "date-time":
            return chance.choice(("2026-11-25T09:00:00+08:00", "2026-11-25T09:00:00", "2030-01-01T00:00:00Z"))
        return chance.choice(("三栋", "某人", "1", "101", "2026-11", "13900000000", "因为", chance.choice(_STRANGE)))

    # -- how it is said --------------------------------------------------------------------------------------------

    def _said(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Request:
        chance = self._chance
        fields = [(name, value.encode("latin-1", "replace")) for name, value in headers.items()]
        if chance.random() < 0.08:
            fields.append(chance.choice(_HEADERS))
        if body and chance.random() < 0.03:
            fields = [each for each in fields if each[0] != "Content-Type"]
            fields.append(("Content-Type", chance.choice(_TYPES).encode()))
        host = [] if any(name == "Host" for name, _ in fields) else [("Host", b"station.test")]
        length = [("Content-Length", str(len(body)).encode())] if body or method in ("POST", "PUT", "PATCH") else []
        head = b"".join(b"%s: %s\r\n" % (name.encode(), value) for name, value in [*host, *fields, *length])
        target = path.encode("utf-8", "replace")
        whole = b"%s %s HTTP/1.1\r\n%s\r\n%s" % (method.encode(), target, head, body)
        if chance.random() < 0.03:
            return Request(self._torn(whole), method, broken=True)
        return Request(whole, method)

    def _torn(self, whole: bytes) -> bytes:
        """A few bytes of it changed, left out, or more than there should be."""
        chance, said = self._chance, bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(max(len(said), 1))
            match chance.randrange(4):
                case 0:
                    said[at : at + 1] = bytes([chance.randrange(256)])
                case 1:
                    del said[at : at + chance.randrange(1, 20)]
                case 2:
                    said[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 20)))
                case _:
                    del said[max(at, 1) :]
        return bytes(said) or b"\r\n"
