"""What has been measured: stored, published, and read as tidy frames."""
