"""What is drawn on axes in several figures: scales, courses over epochs, differences, cells."""
