"""When the pages were last tested for everybody's use, and with which versions of which programs. Pure."""

from datetime import date

TESTED_ON = date(2026, 11, 28)
PROGRAMS = {"axe": "4.14.1", "html_validate": "11.18.0", "lighthouse": "13.5.0", "chromium": "150"}
