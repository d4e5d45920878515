"""People owns accounts: persons, academies, the roles they hold, and how they sign in."""
