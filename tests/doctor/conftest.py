"""The owner of an installation, as for backups."""

from tests.backups import conftest as backups

owner = backups.owner
