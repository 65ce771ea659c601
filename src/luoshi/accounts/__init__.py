"""Accounts: who signs in, with what, and what protects it. What a signed-in person may do is `org.policy`'s to say."""
