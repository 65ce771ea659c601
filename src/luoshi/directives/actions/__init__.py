"""Every write of this room: taking in, describing, reviewing, confirming, and taking over a later version."""
