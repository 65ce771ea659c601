"""What may never be altered: canonical content, hash chains, append-only tables, and the authority's records.

Two kinds of history stand on this room. What happens to a matter is an event of that matter (room `work`); everything
else that somebody does (sign-in, units, posts, exports, looks at confidential registers) is a
:class:`~luoshi.ledger.models.Record`.
"""
