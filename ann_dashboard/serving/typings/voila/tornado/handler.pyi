"""The handler of Voila's page, as far as the served page uses it."""

from voila.handler import VoilaHandler

class TornadoVoilaHandler(VoilaHandler):
    async def get(self, path: str | None = None) -> None: ...
