"""Numbers that people say aloud: WO-20261123-0007, unique per service centre and day (INV-10)."""

from datetime import date

from services.database import Database


class Numbers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def draw(self, prefix: str, centre: str, day: date) -> str:
        """The next number of the centre's day; a number drawn for a command that then fails is not used again."""
        with self._database.app.connection() as conn:
            row = conn.execute(
                "INSERT INTO log.numbers AS n (scope, day, last) VALUES (%s, %s, 1)"
                " ON CONFLICT (scope, day) DO UPDATE SET last = n.last + 1 RETURNING last",
                (f"{prefix} {centre}", day),
            ).fetchone()
        assert row is not None
        return f"{prefix}-{day:%Y%m%d}-{row[0]:04d}"
