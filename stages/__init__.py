"""What the commands of the front door do: here training, store and report meet."""
