"""The calendar door: a person's own secret calendar address, and the calendar behind it."""
