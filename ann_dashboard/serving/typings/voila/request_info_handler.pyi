"""What the served page uses of the handler that tells a kernel of its page's request."""

from typing import Any, ClassVar

class RequestInfoSocketHandler:
    _cache: ClassVar[dict[str, Any]]
