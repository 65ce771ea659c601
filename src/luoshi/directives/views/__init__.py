"""Pages of documents: taking in, review, notices, and what became of a document."""
