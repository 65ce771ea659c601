"""The demo: an invented county at work, told through the product's own acts."""
