"""News owns what a student has not seen yet: what changed for them since they were here last."""
