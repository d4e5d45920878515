"""Reminders: what people are told of before it is late, once each, at hours that their academy holds fit."""
