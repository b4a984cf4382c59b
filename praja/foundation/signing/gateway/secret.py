"""What only a signatory knows: carried from the form to the gateway, and shown, stored and copied nowhere."""

from dataclasses import dataclass, field
from typing import Any, NoReturn


class Secret:
    """Words that no log, page, job row or error report may hold: they come out by `reveal` alone."""

    __slots__ = ("__words",)

    def __init__(self, words: str = "") -> None:
        self.__words = words

    def reveal(self) -> str:
        """The words, for whoever sends them on at once."""
        return self.__words

    def wipe(self) -> None:
        """Forget them."""
        self.__words = ""

    def __bool__(self) -> bool:
        return bool(self.__words)

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, _specification: str) -> str:
        return repr(self)

    def __reduce_ex__(self, _protocol: Any) -> NoReturn:
        raise TypeError("A secret is neither stored nor sent to another process.")


@dataclass(frozen=True)
class Secrets:
    """Who signs, as the gateway knows them (by `nik`, or by `email` on the second generation), and how they show it."""

    nik: Secret = field(default_factory=Secret)
    email: Secret = field(default_factory=Secret)
    passphrase: Secret = field(default_factory=Secret)
    code: Secret = field(default_factory=Secret)  # a one-time code, instead of the passphrase

    def wipe(self) -> None:
        """Forget all of it."""
        for secret in (self.nik, self.email, self.passphrase, self.code):
            secret.wipe()
