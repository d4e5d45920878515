"""Rosters: people by spreadsheet. Read, looked through, shown as what would change, then done whole or not at all."""
