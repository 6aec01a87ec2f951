"""study.toml and its overrides, and the Keras names they may use, validated into a frozen Study."""
