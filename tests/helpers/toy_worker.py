"""The worker process, with the toy method in its registry."""

from core import registry
from core.training import worker
from tests.helpers.toy import ENTRY

if __name__ == "__main__":
    registry.METHODS["toy"] = ENTRY
    worker.main()
