"""Enrolment owns who takes which course, in which academy."""
