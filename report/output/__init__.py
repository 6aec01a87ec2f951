"""What is written: the site, the paper, the preview, and data beside them."""
