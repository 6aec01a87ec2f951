"""What site and paper are written alike: records to HTML, and the templates around them."""
