"""What an academy writes at the marked places of shared content: its own texts, kept through every core update.

A text belongs to one academy, and no other ever sees it. The shared content is not touched.
"""
