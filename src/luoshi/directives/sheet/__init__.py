"""What the page of a review shows: the source with its sentences, the rows, and what of the plan yields no task."""
