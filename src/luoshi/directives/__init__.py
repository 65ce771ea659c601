"""Documents in, matters out: taking a document in, reviewing what was drafted from it, confirming it into matters."""
