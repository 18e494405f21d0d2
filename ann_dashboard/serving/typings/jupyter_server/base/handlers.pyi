"""The handler of files in several folders, as far as the served page uses it."""

from tornado.web import StaticFileHandler

class FileFindHandler(StaticFileHandler): ...
