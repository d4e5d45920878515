"""xAPI: what learners did, told to an academy's Learning Record Store (LRS) in statements of the Experience API.

Statements are derived from stored rows, each always the same under the same id, kept in an outbox and delivered
with patience; all of them can be derived and sent anew from the start. They name nobody.
"""
