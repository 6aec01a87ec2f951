"""Settings that all tests share."""

from hypothesis import settings

# Examples are drawn the same way on every machine, so that a failure in CI is a failure here. No
# deadline: the first example of a test often pays for an import.
settings.register_profile("project", derandomize=True, deadline=None)
settings.load_profile("project")
