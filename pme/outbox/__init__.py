"""The outbox: letters by e-mail, written in the transaction of what they tell of and sent by the worker.

A letter is queued once for each key, tried again with growing waits, and kept in a readable log. Without a mail
server nothing else breaks: letters wait, and give up after their days.
"""
