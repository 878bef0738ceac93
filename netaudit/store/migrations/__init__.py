"""The steps from one shape of the store to the next (Alembic). HEAD is the newest; a test holds it."""

from typing import Final

HEAD: Final = "0005"
