"""A clock that stands still until a test moves it, in either direction."""

from datetime import datetime, timedelta


class Clock:
    """Stands in for the machine's clock at the door of the web; the rules are handed their moments."""

    def __init__(self, at: datetime) -> None:
        self.at = at.replace(microsecond=0)

    def __call__(self) -> datetime:
        return self.at

    def move(self, minutes: float = 0, seconds: float = 0) -> datetime:
        """Move it, back for a negative number."""
        self.at += timedelta(minutes=minutes, seconds=seconds)
        return self.at

    def time(self, minutes: float = 0) -> str:
        """The time of day so many minutes from now, as pages show it."""
        return f"{self.at + timedelta(minutes=minutes):%H:%M:%S} UTC"
