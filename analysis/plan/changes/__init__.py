"""What differs, in the words of the study: between two studies, and between two runs."""
