"""What others take along: how to cite, links with a picture, the data as one archive."""
