"""The instructor door: courses taught, students, attempts."""
