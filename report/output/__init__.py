"""What is written: the site, the paper, the preview, and data beside them.

Also how a site replaces the last, and whether it is fresh.
"""
