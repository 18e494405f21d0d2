"""The handler that ends a kernel, as far as the served page uses it."""

from tornado.web import RequestHandler

class VoilaShutdownKernelHandler(RequestHandler): ...
