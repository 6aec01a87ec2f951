"""The preview: the site on this machine, built again and shown anew on every change."""
