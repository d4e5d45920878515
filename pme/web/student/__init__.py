"""The student door: learn, answer, decide, hold a certificate."""
