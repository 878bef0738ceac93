"""The few errors that reach a user. Everything that happens on the wire is data (an attempt), not an error."""


class NetauditError(Exception):
    """Base of all errors that end a command with a message and exit status 2."""


class ScopeError(NetauditError):
    """The written scope does not allow this; the message says what to change."""


class DataError(NetauditError):
    """A file cannot be used. Says where and what was expected.

    `where` is "file" or "file:line"; `expected` finishes the sentence "expected ...".
    """

    def __init__(self, where: str, problem: str, expected: str | None = None) -> None:
        self.where = where
        self.problem = problem
        self.expected = expected
        super().__init__(f"{where}: {problem}" + (f" (expected {expected})" if expected else ""))


class UsageError(NetauditError):
    """The command was called in a way that cannot work; the message says what to do instead."""
