"""What a page has drawn: figures and equations."""
