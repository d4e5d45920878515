"""The panellist door: people without an account, each with a link of their own."""
