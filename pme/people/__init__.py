"""People owns accounts and academies: what an academy knows of a person, the roles they hold, how they sign in."""
