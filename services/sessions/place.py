"""From where somebody signs in: the address, and the browser as far as it says what it is."""

from dataclasses import dataclass

_BROWSERS = (
    ("Edg", "Edge"),
    ("MicroMessenger", "WeChat"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_MACHINES = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def device(agent: str) -> str:
    """What people call the browser and the machine of a session; empty where neither is known."""
    found = (next((name for mark, name in marks if mark in agent), "") for marks in (_BROWSERS, _MACHINES))
    return ", ".join(name for name in found if name)


@dataclass(frozen=True, slots=True)
class Place:
    """``device`` is the digest of what the browser keeps; ``known`` whether the account signed in with it before.

    ``subscriber`` is the part of the address that tells one caller from another.
    """

    address: str
    agent: str = ""
    device: bytes | None = None
    known: bool = False
    subscriber: str = ""

    @property
    def as_kept(self) -> tuple[str, str]:
        """Address and agent."""
        return self.address[:64], self.agent.replace("\0", "")[:200]

    def tries(self, username: str) -> tuple[str, str | None]:
        """The keys under which tries at an account are counted: of this place, and of its address if it is no other."""
        if self.known and self.device is not None:
            return f"at {username}|device {self.device.hex()}", None
        address = self.subscriber or self.address
        return f"at {username}|{address}", f"|{address}"
