"""Files to text: every sentence of a document, where it stands, and the very characters it came from."""
