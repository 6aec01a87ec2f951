"""The site: HTML pages with figures, scripts and previews beside them."""
