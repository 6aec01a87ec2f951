"""What is asked: the study file and its overrides, validated and frozen into a Study."""
